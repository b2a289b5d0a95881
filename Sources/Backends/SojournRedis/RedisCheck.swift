#if Redis
import RESP
public import SojournCore

extension RedisQueue {
    /// Something about a server that puts tasks at risk, or that could not be looked at.
    public struct Finding: Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, as a sentence.
        public let what: String
        /// What to do about it, as a sentence.
        public let remedy: String

        /// Both sentences.
        public var description: String { "\(what) \(remedy)" }
    }

    /// Looks at the server before it is trusted with tasks: its version, whether it evicts, whether it writes to a
    /// disk. Of a cluster it sees one node.
    ///
    /// - Parameter timeout: How long a server that cannot be reached is tried.
    /// - Throws: ``BackendError`` where it cannot be reached, does not let us in, or is too old.
    public func inspect(within timeout: Duration = .seconds(5)) async throws(BackendError) -> [Finding] {
        let place = server.client.address.description
        let check: RedisCheck
        do throws(RESPError) {
            check = try RedisCheck(try await server.client.send(RedisCheck.questions, timeout: timeout))
        } catch {
            throw RedisCheck.refusal(error, at: place)
        }
        if let version = check.outdatedVersion {
            throw BackendError(.rejected, "Redis at \(place) is version \(version), but at least 6.2 is needed.")
        }
        return check.findings
    }
}

/// What a server told about itself, and what to think of it. A plain value.
struct RedisCheck {
    /// The facts; nil where the server does not tell them.
    var version: String?
    var evictionPolicy: String?
    var appendOnly: String?
    var savePoints: String?

    static let questions = [
        Command("PING"), Command("INFO", key: nil, "server"), Command("INFO", key: nil, "memory"),
        Command("INFO", key: nil, "persistence"), Command("CONFIG", key: nil, "GET", "maxmemory-policy"),
        Command("CONFIG", key: nil, "GET", "appendonly"), Command("CONFIG", key: nil, "GET", "save"),
    ]

    init() {}

    /// Reads the answers to ``questions``.
    ///
    /// - Throws: What is wrong with the server as a whole; a question that it does not allow is no such thing.
    init(_ replies: [Reply]) throws(RESPError) {
        var values: [RESPValue?] = []
        for (index, reply) in replies.enumerated() {
            switch reply {
            case .success(let value): values.append(value)
            // Hosts of Redis forbid CONFIG, or hide that there is such a command. Everybody knows PING.
            case .failure(let error) where error.kind == .permission || error.kind == .server && index > 0:
                values.append(nil)
            case .failure(let error): throw error
            }
        }
        let info = values[1...3].compactMap { $0?.text }.joined(separator: "\r\n")
        version = Self.field("redis_version", of: info)
        evictionPolicy = values[4]?["maxmemory-policy"]?.text ?? Self.field("maxmemory_policy", of: info)
        appendOnly = values[5]?["appendonly"]?.text
        appendOnly = appendOnly ?? Self.field("aof_enabled", of: info).map { $0 == "1" ? "yes" : "no" }
        savePoints = values[6]?["save"]?.text
    }

    private static func field(_ name: String, of info: String) -> String? {
        for line in info.split(whereSeparator: \.isNewline) where line.hasPrefix("\(name):") {
            return String(line.dropFirst(name.count + 1))
        }
        return nil
    }

    /// The version, where it is known and too old: `ZMSCORE` and `LPOP` with a count came with 6.2.
    var outdatedVersion: String? {
        guard let version, let numbers, numbers.lexicographicallyPrecedes([6, 2]) else { return nil }
        return version
    }

    /// Major and minor number.
    private var numbers: [Int]? {
        let numbers = version?.split(separator: ".").prefix(2).map { Int($0) } ?? []
        return numbers.count == 2 ? numbers.compactMap(\.self) : nil
    }

    /// What whoever runs the server should know.
    var findings: [RedisQueue.Finding] { [age, eviction, persistence].compactMap(\.self) }

    private var age: RedisQueue.Finding? {
        guard numbers?.count != 2 else { return nil }
        return .init(what: "The version of Redis could not be checked.", remedy: "Make sure that it is at least 6.2.")
    }

    private var eviction: RedisQueue.Finding? {
        switch evictionPolicy {
        case "noeviction": nil
        case let policy?:
            .init(
                what: "Redis drops keys, and tasks with them, when its memory is full: maxmemory-policy is \(policy).",
                remedy: "Set maxmemory-policy noeviction.")
        case nil:
            .init(
                what: "It could not be checked whether Redis drops keys when its memory is full.",
                remedy: "Make sure that maxmemory-policy is noeviction.")
        }
    }

    private var persistence: RedisQueue.Finding? {
        let remedy = "Set appendonly yes."
        return switch (appendOnly, savePoints) {
        case ("yes", _): nil
        case (nil, _):
            .init(
                what: "It could not be checked whether tasks survive a restart of Redis.",
                remedy: "Make sure that appendonly is yes.")
        case (_, ""):
            .init(what: "Tasks do not survive a restart of Redis: it writes nothing to a disk.", remedy: remedy)
        case (_, let points?):
            .init(
                what: "A crash of Redis loses the latest tasks: it writes its data only now and then (save \(points)).",
                remedy: remedy)
        case (_, nil): .init(what: "Tasks may not survive a restart of Redis: appendonly is not set.", remedy: remedy)
        }
    }
}

extension RedisCheck {
    /// What went wrong, for people who know where their Redis is, but not what happened.
    static func refusal(_ error: RESPError, at place: String) -> BackendError {
        let code = BackendError.Code(error)
        let sentence =
            switch (error.kind, code) {
            case (.authentication, _) where error.message.hasPrefix("NOAUTH"):
                "Redis at \(place) asks for a password, and none was given."
            case (.authentication, _): "Redis at \(place) does not accept the user or the password."
            case (_, .unavailable), (_, .timeout): "Redis at \(place) cannot be reached: \(error.message)"
            default: "Redis at \(place) cannot be used: \(error.message)"
            }
        return BackendError(code, sentence, cause: error)
    }
}
#endif
