import Foundation
import Logging
import SojournAutoscale
import SojournConfiguration
import SojournCore
import SojournModel
import SojournWire

/// Worker processes that are there for one load: this program, as `sojourn worker`.
struct LoadCrew {
    let count: Int
    let slots: Int
    let queue: QueueName
    let settings: Settings
    let configurationFile: String?

    /// Runs `body` with the workers' names; they end with it.
    func during(_ body: ([String]) async throws -> Void) async throws {
        let fleet = ProcessFleet(patience: .seconds(5)) { name, _ in command(name) }
        // Several loads may run at once.
        let crew = String(UInt32.random(in: 0...UInt32.max), radix: 36)
        let names = (1...count).map { "load-\(crew)-\($0)" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fleet.run { _ in } }
            for name in names { fleet.launch(name, for: queue) }
            try await finally({ fleet.close() }) { try await body(names) }
            try await group.waitForAll()
        }
    }

    /// Returns when each of the workers has run a task.
    func awake(_ names: [String], _ access: any QueueAccess) async throws {
        let time = SystemTime()
        var asleep = Set(names)
        let deadline = time.now().advanced(by: .seconds(30))
        while !asleep.isEmpty {
            guard time.now() < deadline else {
                throw CommandFailure("No task was run by \(asleep.sorted().joined(separator: ", ")) within 30 s.")
            }
            let answers = try await access.enqueueAll((0..<(count * slots)).map { _ in probe(time) })
            try await time.sleep(for: .milliseconds(200))
            for answer in answers {
                let attempts = try await access.task(answer.taskID)?.record.attempts ?? []
                asleep.subtract(attempts.map(\.worker))
            }
        }
    }

    private func probe(_ time: SystemTime) -> NewTask {
        let message = TaskMessage(type: "noop", queue: queue, payload: Array("null".utf8), now: time.now())
        return NewTask(message: message, tags: ["load-probe"])
    }

    private func command(_ name: String) -> WorkerLaunch {
        var arguments = [
            "worker", "--with-parent", "--name=\(name)", "--queue=\(queue)", "--concurrency", String(slots),
        ]
        if let configurationFile { arguments += ["--config", configurationFile] }
        // On the command line a password or a key could be read by everybody on this machine.
        var environment = ["LOG_LEVEL": "warning"]
        if settings.client.isDirect {
            environment["REDIS_ADDR"] = settings.redis.url?.value
            environment["POSTGRES_URL"] = settings.postgres.url?.value
        } else {
            arguments += ["--server", settings.client.server]
            environment["SOJOURN_API_KEY"] = settings.client.apiKey?.value
        }
        return WorkerLaunch(
            program: Bundle.main.executablePath ?? CommandLine.arguments[0], arguments: arguments,
            environment: environment)
    }
}
