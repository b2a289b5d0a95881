import ArgumentParser
import SojournConfiguration
import SojournCore

#if HTTP
import SojournClient
#endif

/// What an error means for whoever called the command: a sentence on standard error and a status.
enum Ending {
    static func report(_ error: any Error) -> ExitStatus {
        switch error {
        case let failure as CommandFailure:
            Console.complain("Error: \(failure)")
            return failure.status
        case let error as ConfigurationError:
            // Each line begins with its file and line number, or with the flag or variable.
            Console.complain(error.description)
            return .usage
        case let error as BackendError:
            Console.complain("Error: \(error.message)")
            return status(of: error)
        default:
            #if HTTP
            if let error = error as? ClientError {
                Console.complain("Error: \(error)")
                return status(of: error)
            }
            #endif
            return parsing(error)
        }
    }

    #if HTTP
    private static func status(of error: ClientError) -> ExitStatus {
        switch error {
        case .notReachable, .timedOut: .unreachable
        case .invalid: .usage
        case .refused, .notUnderstood, .closed: .failed
        }
    }
    #endif

    private static func status(of error: BackendError) -> ExitStatus {
        switch error.code {
        case .unavailable, .timeout: .unreachable
        case .throttled, .full, .rejected, .corrupted, .closed: .failed
        }
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
