import SojournConfiguration
import Testing

@Suite struct YAMLTests {
    @Test(arguments: [
        ("server:\n  port: 1\n bad: 2", 3), ("server: {\n  port: 1\n", 3), ("a: b: c", 1), ("\n\n\tserver:", 3),
        ("server:\n  host: \"open", 2), ("a: 1\n---\nb: 2", 2), ("server:\n  host: @x", 2), ("a: \u{1}", 1),
        ("\r\n\r\na: [\u{7}]", 3), ("%YAML 9.9\n---\na: 1", 1),
    ])
    func syntaxErrorsHaveALine(yaml: String, line: Int) {
        let found = problems(yaml)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("sojourn.yaml:\(line): this is not valid YAML: ") == true, "\(found)")
    }

    @Test(arguments: [
        ("server:\n  port: 1\n  port: 2", "2: port is written twice in the same group"),
        ("server: {}\nserver: {}", "1: server is written twice in the same group"),
        ("queues:\n  a: {}\n  \"a\": {}", "2: a is written twice in the same group"),
        ("a: *nope", "1: *nope names no anchor; a text that starts with * must be in quotes"),
        ("server:\n  host: *.example", "2: *.example names no anchor; a text that starts with * must be in quotes"),
        ("[a]: 1", "1: a key must be plain text, not an alias, a list or a map"),
        ("x: &x y\n*x : 1", "2: a key must be plain text, not an alias, a list or a map"),
        ("log: { level: !!binary aGk= }", "1: this tag is not supported; leave it out"),
        ("log:\n  <<: 1", "2: << must be followed by a map or a list of maps"),
        ("a: &a [*a]", "1: *a names no anchor; a text that starts with * must be in quotes"),
    ])
    func structuresThatAreRefused(yaml: String, expected: String) {
        #expect(problems(yaml) == ["sojourn.yaml:\(expected)"])
    }

    @Test func aliasesAndMergedMapsWork() throws {
        let queues = try settings(
            """
            queues:
              base: &base { sla_seconds: 2, max_retries: 8, overflow: reject }
              low: &low { max_retries: 1, max_workers: 7 }
              one: *base
              two: { <<: *base, max_retries: 9 }
              three: { max_workers: 5, <<: [*low, *base] }
            """
        ).queues
        #expect(queues["one"] == queues["base"])
        #expect(
            queues["two"]?.maxRetries == 9 && queues["two"]?.sla == .seconds(2) && queues["two"]?.overflow == .reject)
        #expect(
            queues["three"]?.maxWorkers == 5 && queues["three"]?.maxRetries == 1 && queues["three"]?.sla == .seconds(2))
    }

    @Test func anchorsMayBeReusedAndStarsMayBeText() throws {
        let settings = try settings(
            """
            server: { data: &x "/a*b", allowed_hosts: [&x h, *x] } # *not* an alias
            handlers: { a: { exec: { command: [/bin/ls, "*", '*.txt', a*b, a?b, "?"] } } }
            """)
        #expect(settings.server.dataDirectory == "/a*b" && settings.server.allowedHosts == ["h", "h"])
        guard case .exec(let exec) = settings.handlers["a"]?.action else {
            Issue.record("not exec")
            return
        }
        #expect(exec.command == ["/bin/ls", "*", "*.txt", "a*b", "a?b", "?"])
    }

    @Test func aBadValueThatIsRepeatedIsReportedWhereItIsUsed() {
        let found = problems("queues:\n  a: { max_retries: &n -1 }\n  b: { max_retries: *n }")
        #expect(found.map { $0.prefix(15) } == ["sojourn.yaml:2:", "sojourn.yaml:3:"])
    }

    /// Nine levels of nine aliases: 387 million values, were they written out.
    static let laughs =
        "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        + (1...9).map { level in
            "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }.joined()

    @Test(.timeLimit(.minutes(1)), arguments: [laughs, laughs + "b: { [*a9] : 1 }"])
    func billionLaughs(yaml: String) {
        let expected = "the file has more than 10000 values, counting each alias in full"
        #expect(problems(yaml) == ["sojourn.yaml:5: \(expected)"])
    }

    /// Yams would hash what an alias stands for, were it a key.
    @Test(.timeLimit(.minutes(1)), arguments: ["? *a9\n: 1\n", "? [*a9]\n: 1\n", "b: { ? [*a9] : 1 }"])
    func laughsAsKeys(key: String) {
        #expect(problems(Self.laughs + key).count == 1)
    }

    /// Yams would hash each level of keys, and with it all levels below.
    @Test(.timeLimit(.minutes(1))) func keysInKeys() {
        let items = String(repeating: "a,", count: 400_000)
        let yaml = String(repeating: "{ ? [", count: 400) + items + String(repeating: "] : 1 }", count: 400)
        #expect(problems(yaml).count == 1)
    }

    /// A map that is merged many times costs as much as one that is written many times.
    @Test(.timeLimit(.minutes(1))) func mergedLaughs() {
        let wide = "a: &a {" + (0..<1_000).map { "k\($0): 1" }.joined(separator: ", ") + "}\n"
        let found = problems(wide + "b: { <<: [" + Array(repeating: "*a", count: 1_000).joined(separator: ", ") + "] }")
        #expect(found.count == 1 && found[0].contains("more than 10000 values"))
    }

    @Test func tooManyValues() {
        let found = problems("server: { allowed_hosts: [" + String(repeating: "a,", count: 10_001) + "] }")
        #expect(found == ["sojourn.yaml:1: the file has more than 10000 values, counting each alias in full"])
    }

    @Test(arguments: [33, 900, 5_000])
    func tooDeep(depth: Int) {
        let message = ["sojourn.yaml:1: the values are nested more than 32 levels deep"]
        #expect(problems(String(repeating: "[", count: depth) + String(repeating: "]", count: depth)) == message)
        #expect(problems(String(repeating: "{a: ", count: depth) + String(repeating: "}", count: depth)) == message)
        #expect(problems(String(repeating: "- ", count: depth) + "x") == message)
    }

    @Test func tooDeepThroughAliases() {
        let yaml = "a: &a \(String(repeating: "[", count: 20))\(String(repeating: "]", count: 20))\n"
        #expect(
            problems(yaml + "b: \(String(repeating: "[", count: 20))*a\(String(repeating: "]", count: 20))")
                == ["sojourn.yaml:2: the values are nested more than 32 levels deep"])
    }

    @Test func tooLarge() {
        let comment = "#" + String(repeating: "x", count: 1 << 20)
        #expect(problems(comment) == ["sojourn.yaml: the file is larger than 1 MiB"])
        #expect(problems(String(comment.dropLast())).isEmpty)
    }

    @Test func privateUseCharactersAreText() throws {
        #expect(try settings("server: { data: \"/\u{E000}*\u{E001}\" }").server.dataDirectory == "/\u{E000}*\u{E001}")
    }
}
