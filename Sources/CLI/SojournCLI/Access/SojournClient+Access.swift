#if HTTP
import SojournClient
import SojournConfiguration
import SojournModel
import SojournWire

extension SojournClient: QueueAccess {
    /// A client of the configured server, for somebody who waits for the answer.
    init(_ settings: Settings) throws(ClientError) {
        var configuration = ClientConfiguration(apiKey: settings.client.apiKey?.value)
        configuration.attempts = 3
        try self.init(settings.client.server, configuration: configuration)
    }

    func setPaused(_ name: QueueName, _ isPaused: Bool) async throws -> QueueView {
        isPaused ? try await pause(name) : try await resume(name)
    }
}
#endif
