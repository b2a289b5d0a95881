#if Redis
/// What is said on a new connection before anything else: RESP3 with `HELLO`, or RESP2 where the server knows none;
/// who we are, and which database.
struct Handshake: Sendable {
    /// What the connection must be before it is used.
    struct Wishes: Sendable {
        var user: String?
        var password: String?
        var database = 0
        /// The name in `CLIENT LIST`, without spaces.
        var clientName: String?
        /// Refuse a server that is a replica: what a sentinel names may be out of date.
        var mustBeMaster = false
    }

    /// What to do next.
    enum Step: Sendable {
        case wait
        case send([Command])
        case done
        case failed(RESPError)
    }

    private enum Question: Sendable { case hello, authentication, name, database, role }

    private let wishes: Wishes
    private var open: [Question] = []

    init(_ wishes: Wishes) { self.wishes = wishes }

    /// The first command.
    mutating func start() -> [Command] {
        var hello = Command("HELLO", key: nil, "3")
        if let password = wishes.password {
            for word in ["AUTH", wishes.user ?? "default", password] { hello.append(word) }
        }
        if let name = wishes.clientName {
            for word in ["SETNAME", name] { hello.append(word) }
        }
        open = [.hello]
        return [hello]
    }

    /// Takes the answer to the oldest open question.
    mutating func received(_ value: RESPValue) -> Step {
        guard !open.isEmpty else { return .failed(RESPError(.protocolViolation, "An answer that nobody asked for.")) }
        let question = open.removeFirst()
        if case .error(let message) = value { return refused(question, RESPError(serverMessage: message)) }
        switch question {
        case .hello: return ask(selection)
        case .role where value.elements?.first?.text != "master":
            return .failed(RESPError(.readOnly, "The server that Sentinel named is not a master."))
        default: return open.isEmpty ? .done : .wait
        }
    }

    private mutating func refused(_ question: Question, _ error: RESPError) -> Step {
        switch question {
        // Redis before 6 and some proxies: no HELLO, so RESP2 and one command per wish.
        case .hello where error.kind == .server: return ask(login + selection)
        case .name: return open.isEmpty ? .done : .wait
        default: return .failed(RESPError(error.kind, redacted(error.message)))
        }
    }

    private mutating func ask(_ questions: [(Question, Command)]) -> Step {
        open += questions.map(\.0)
        return questions.isEmpty ? .done : .send(questions.map(\.1))
    }

    private var login: [(Question, Command)] {
        var questions: [(Question, Command)] = []
        if let password = wishes.password {
            var login = Command("AUTH")
            if let user = wishes.user { login.append(user) }
            login.append(password)
            questions.append((.authentication, login))
        }
        if let name = wishes.clientName { questions.append((.name, Command("CLIENT", key: nil, "SETNAME", name))) }
        return questions
    }

    private var selection: [(Question, Command)] {
        var questions: [(Question, Command)] = []
        if wishes.database != 0 {
            questions.append((.database, Command("SELECT", key: nil, String(wishes.database))))
        }
        if wishes.mustBeMaster { questions.append((.role, Command("ROLE"))) }
        return questions
    }

    /// Some servers repeat the words they did not understand, and the password was one of them.
    private func redacted(_ message: String) -> String {
        guard let password = wishes.password, !password.isEmpty else { return message }
        return message.replacing(password, with: "***")
    }
}
#endif
