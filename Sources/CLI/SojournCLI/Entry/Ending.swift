import ArgumentParser
import SojournConfiguration
import SojournCore

#if HTTP
import SojournClient
import SojournWire
#endif

/// What an error means for whoever called the command: a sentence on standard error and a status.
enum Ending {
    static func report(_ error: any Error) -> ExitStatus {
        guard let status = ExitStatus(of: error) else { return parsing(error) }
        Console.complain(sentence(of: error))
        return status
    }

    /// What an error says to people.
    static func sentence(of error: any Error) -> String {
        switch error {
        // Each line begins with its file and line number, or with the flag or variable.
        case let error as ConfigurationError: error.description
        case let error as BackendError: "Error: \(error.message)"
        default: "Error: \(error)"
        }
    }

    /// Whether a task was refused because its queue could not start it in time. Only a server does that.
    static func isRefusedForNow(_ error: any Error) -> Bool {
        #if HTTP
        return (error as? ClientError)?.problem?.status == 429
        #else
        return false
        #endif
    }

    /// The argument parser's own errors; help and version are among them, and everything nobody knows.
    private static func parsing(_ error: any Error) -> ExitStatus {
        let message = Sojourn.fullMessage(for: error)
        switch Sojourn.exitCode(for: error) {
        case .success:
            Console.say(message)
            return .done
        case .validationFailure:
            Console.complain(message)
            return .usage
        default:
            if !message.isEmpty { Console.complain(message) }
            return .failed
        }
    }
}

extension ExitStatus {
    /// What an error means for scripts; nil for one that is not ours.
    init?(of error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure.status
        case is ConfigurationError: self = .usage
        case let error as BackendError: self.init(error.code)
        default:
            #if HTTP
            if let error = error as? ClientError {
                self.init(error)
                return
            }
            #endif
            return nil
        }
    }

    private init(_ code: BackendError.Code) {
        switch code {
        case .unavailable, .timeout: self = .unreachable
        case .throttled, .full, .rejected, .corrupted, .closed: self = .failed
        }
    }

    #if HTTP
    private init(_ error: ClientError) {
        switch error {
        case .notReachable, .timedOut: self = .unreachable
        case .invalid: self = .usage
        case .refused, .notUnderstood, .closed: self = .failed
        }
    }
    #endif
}
