#if HTTP
import Foundation
import SojournAutoscale
import SojournConfiguration
import SojournModel
import Synchronization

/// How `serve` starts worker processes: this program, as `sojourn worker`, for one queue.
final class WorkerFleet: Sendable {
    private let settings: Settings
    private let configurationFile: String?
    private let port = Mutex(0)

    /// - Parameter configurationFile: the one that the server was given, so that its workers have the same handlers.
    init(_ settings: Settings, configurationFile: String?) {
        self.settings = settings
        self.configurationFile = configurationFile
    }

    /// Tells where the server listens; before that no worker can be started.
    func listening(on port: Int) { self.port.withLock { $0 = port } }

    /// The processes.
    var processes: ProcessFleet {
        ProcessFleet(patience: settings.server.drain + .seconds(1)) { name, queue in self.command(name, queue) }
    }

    private func command(_ name: String, _ queue: QueueName) -> WorkerLaunch {
        let slots = settings.queues[queue.rawValue]?.tasksPerWorker ?? 1
        var arguments = [
            "worker", "--with-parent", "--name=\(name)", "--queue=\(queue)", "--concurrency", String(slots),
            "--server", "http://\(address):\(port.withLock { $0 })",
        ]
        if let configurationFile { arguments += ["--config", configurationFile] }
        // On the command line a key could be read by everybody on this machine.
        let key = settings.server.apiKeys.first.map { ["SOJOURN_API_KEY": $0.value] } ?? [:]
        return WorkerLaunch(
            program: Bundle.main.executablePath ?? CommandLine.arguments[0], arguments: arguments, environment: key)
    }

    /// The server's address as its own machine sees it.
    private var address: String {
        switch settings.server.host {
        case "0.0.0.0": "127.0.0.1"
        case "::", "[::]": "[::1]"
        case let host where host.contains(":") && !host.hasPrefix("["): "[\(host)]"
        case let host: host
        }
    }
}
#endif
