import Foundation
import SojournConfiguration
import SojournCore
import SojournHandlers
import SojournModel

/// The handlers of this process: the built-in ones, and those of the configuration.
struct HandlerTable {
    /// What a worker runs.
    private(set) var registry: HandlerRegistry
    #if HTTP
    private var connections: [HTTPHandler] = []
    #endif

    /// All handlers.
    ///
    /// - Throws: ``CommandFailure`` where the configuration asks for a handler that cannot be made.
    init(
        _ handlers: [String: HandlerSettings], environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        var policies: [TaskType: CircuitBreaker.Policy] = [:]
        for (name, handler) in handlers {
            guard let breaker = handler.breaker else { continue }
            policies[TaskType(trusted: name)] = .init(failures: breaker.failures, cooldown: breaker.cooldown)
        }
        registry = HandlerRegistry(middleware: policies.isEmpty ? [] : [CircuitBreakerMiddleware(policies)])
        BuiltinHandlers.register(in: &registry)
        for (name, handler) in handlers.sorted(by: { $0.key < $1.key }) {
            try add(name, handler.action, environment: environment)
        }
    }

    /// The types that can be run, sorted.
    var types: [TaskType] { registry.types.sorted() }

    /// Closes the connections of handlers. Call it once no more tasks come.
    func close() async {
        #if HTTP
        for handler in connections { try? await handler.shutdown() }
        #endif
    }

    private mutating func add(
        _ name: String, _ action: HandlerSettings.Action, environment: [String: String]
    ) throws(CommandFailure) {
        guard let type = TaskType(rawValue: name) else {
            throw CommandFailure(.usage, "handlers.\(Visible.line(name)): a type has \(TaskType.rule).")
        }
        guard registry[type] == nil else {
            throw CommandFailure(.usage, "handlers.\(name): \(name) is built in; give your handler another type.")
        }
        switch action {
        case .exec(let exec):
            do throws(InvalidHandlerSettings) {
                let handler = try ExecHandler(.init(exec))
                registry.register(type) { try await handler.handle($0, context: $1) }
            } catch {
                throw CommandFailure(.usage, "handlers.\(name).exec.\(error).")
            }
        case .http(let http):
            #if HTTP
            let secrets = try WebhookSecret.find(http.secretVariable, in: environment)
            do throws(InvalidHandlerSettings) {
                let handler = try HTTPHandler(.init(http, secrets: secrets))
                connections.append(handler)
                registry.register(type) { try await handler.handle($0, context: $1) }
            } catch {
                throw CommandFailure(.usage, "handlers.\(name).http.\(error).")
            }
            #else
            _ = http
            throw .builtWithout("HTTP")
            #endif
        }
    }
}

extension ExecHandler.Settings {
    fileprivate init(_ settings: HandlerSettings.Exec) {
        self.init(
            command: settings.command, directory: settings.directory,
            environment: settings.environment.mapValues(\.value), timeout: settings.timeout,
            maxOutputBytes: settings.maxOutputBytes)
    }
}

#if HTTP
extension HTTPHandler.Settings {
    fileprivate init(_ settings: HandlerSettings.HTTP, secrets: [WebhookSecret]) {
        self.init(
            url: settings.url.value, timeout: settings.timeout, secrets: secrets,
            headers: settings.headers.mapValues(\.value), allowsPrivateAddresses: settings.allowsPrivateAddresses)
    }
}

extension WebhookSecret {
    /// The secrets in the variable of that name: several, separated by spaces, while a receiver changes from one to the
    /// next; none where the handler does not sign.
    fileprivate static func find(
        _ variable: String?, in environment: [String: String]
    ) throws(CommandFailure) -> [WebhookSecret] {
        guard let variable else { return [] }
        let texts = (environment[variable] ?? "").split(separator: " ")
        guard !texts.isEmpty else {
            throw CommandFailure(.usage, "The variable \(variable), which a handler signs with, is not set.")
        }
        do throws(InvalidHandlerSettings) {
            var secrets: [WebhookSecret] = []
            for text in texts { secrets.append(try WebhookSecret(String(text))) }
            return secrets
        } catch {
            throw CommandFailure(.usage, "The variable \(variable): \(error).")
        }
    }
}
#endif
