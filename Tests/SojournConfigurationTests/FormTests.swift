import Testing

@testable import SojournConfiguration

@Suite struct FormTests {
    /// What is read from `text`, as it would be written; nil where it is refused.
    private func read(_ text: String, as form: Form) -> String? { form.value(of: text).map(form.shown) }

    @Test(arguments: [("0", "0"), ("12", "12"), ("10000", "10000"), ("+5", "5"), ("007", "7")])
    func wholeNumbers(text: String, expected: String) { #expect(read(text, as: .whole(0...10_000)) == expected) }

    @Test(arguments: [
        "", " ", "-1", "10001", "1.0", "1e3", "0x10", "1_000", " 1", "1 ", "abc", "٣", "nan",
        "99999999999999999999999999",
    ])
    func notWholeNumbers(text: String) { #expect(read(text, as: .whole(0...10_000)) == nil) }

    @Test(arguments: [("0.5", "0.5"), ("1", "1"), ("1e0", "1"), ("1e-300", "1e-300"), (".25", "0.25")])
    func numbers(text: String, expected: String) {
        #expect(read(text, as: .number(.init(lowest: 0, highest: 1, isOpen: true))) == expected)
    }

    @Test(arguments: ["", "0", "-0", "-0.1", "1.0001", "nan", "inf", "-inf", "infinity", "0x1p-1", "1e400", "half"])
    func notNumbers(text: String) {
        #expect(read(text, as: .number(.init(lowest: 0, highest: 1, isOpen: true))) == nil)
    }

    @Test(arguments: [
        ("100ms", "100ms"), ("500ms", "500ms"), ("10s", "10s"), ("2m", "2m"), ("24h", "24h"), ("30", "30s"),
        ("0.29", "290ms"), ("0.29s", "290ms"), ("1.5h", "90m"), ("1e1s", "10s"), ("86400000ms", "24h"),
    ])
    func durations(text: String, expected: String) {
        #expect(read(text, as: .duration(100...86_400_000)) == expected)
    }

    @Test(arguments: [
        "", "s", "ms", "99ms", "25h", "86400001ms", "1d", "10 s", "10S", "-10s", "0.1004s", "1m30s", "1e308h", "nan",
        "infs", "PT10S",
    ])
    func notDurations(text: String) { #expect(read(text, as: .duration(100...86_400_000)) == nil) }

    @Test func truthsAndChoices() {
        #expect(read("true", as: .truth) == "true" && read("false", as: .truth) == "false")
        for text in ["", "True", "yes", "on", "1", "0"] { #expect(read(text, as: .truth) == nil) }
        #expect(read("json", as: .choice(of: LogFormat.self)) == "json")
        for text in ["", "JSON", "jsn"] { #expect(read(text, as: .choice(of: LogFormat.self)) == nil) }
    }

    @Test(arguments: [
        (TextRule.host, ["127.0.0.1", "::1", "0.0.0.0", "fe80::1%eth0", "host-1.example.com"]),
        (.hostHeader, ["tasks.internal", "10.0.0.1"]),
        (.listenAddress, [":2112", "127.0.0.1:0", "[::1]:65535", "localhost:80"]),
        (.webURL, ["http://a", "https://a.example/x?y=z", "HTTPS://a", "http://[::1]:1/x"]),
        (.serverURL, ["http://127.0.0.1:8080", "https://a.example/tasks/"]),
        (
            .redisURL,
            [
                "redis://a", "rediss://:p@a:1/0", "a:6379", "[::1]:6379", "unix:///run/redis.sock?db=1",
                "redis+sentinel://a,b/main", "rediss+cluster://a:1,b:2",
            ]
        ),
        (.postgresURL, ["postgres://u:p@h/d", "postgresql://h"]),
        (.apiKey, [String(repeating: "k", count: 24), canary, String(repeating: "~", count: 512)]),
        (.password, ["x", "two words", "päss"]),
        (.path, ["./data", "/", "with space"]), (.absolutePath, ["/bin/sh"]),
        (.name, ["a", "A.b_c:d-1", String(repeating: "q", count: 128)]),
        (.variableName, ["A", "_x1"]), (.headerName, ["X-Team", "!#$%&'*+-.^_`|~"]),
        (.headerValue, ["", "Bearer x", "tab\tbed", "grüezi"]), (.argument, ["", "a\nb"]),
    ])
    func textsThatFit(rule: TextRule, texts: [String]) {
        for text in texts { #expect(rule.accepts(text), "\(rule.expectation): \(text)") }
    }

    @Test(arguments: [
        (TextRule.host, ["", "http://a", "a b", "[::1]", "a/b", "ä.example", String(repeating: "h", count: 254)]),
        (.hostHeader, ["", "a:80", "::1", "https://a"]),
        (.listenAddress, ["", "2112", ":", "a:", ":65536", ":-1", ":+1", "::1:80", "[]:80", "a b:80", ":2112x"]),
        (.webURL, ["", "a", "ftp://a", "http://", "http:///x", "http://u:p@a", "http://a b", "http://a#x", "//a"]),
        (.webURL, ["http://a:0", "http://a:65536", "http://a\n", "javascript:alert(1)", "file:///etc/passwd"]),
        (.serverURL, ["http://a?x=1", "http://a#x", "http://u@a", "a:8080"]),
        (
            .redisURL,
            ["", "a", ":6379", "a:0", "redis://", "http://a", "redis://a b", "unix://", "unix://run", "redis+x://a"]
        ),
        (.postgresURL, ["", "postgres://", "mysql://h", "host=a dbname=b"]),
        (
            .apiKey,
            ["", String(repeating: "k", count: 23), String(repeating: "k", count: 513), "key with a space in it ."]
        ),
        (.apiKey, ["ümlautümlautümlautümlaut"]),
        (.password, ["", "a\nb", "a\u{0}b"]), (.path, ["", "a\u{0}b"]), (.absolutePath, ["", "bin/sh", "./x"]),
        (.name, ["", "a b", "a/b", "ä", "a\n", String(repeating: "q", count: 129)]),
        (.variableName, ["", "1A", "A-B", "A=B"]), (.headerName, ["", "X Team", "X:Y", "X\r\nY"]),
        (.headerValue, ["a\rb", "a\nb", "a\r\nb", "a\u{0}b", String(repeating: "v", count: 4_097)]),
        (.argument, ["a\u{0}b"]),
    ])
    func textsThatDoNotFit(rule: TextRule, texts: [String]) {
        for text in texts { #expect(!rule.accepts(text), "\(rule.expectation): \(text)") }
    }

    @Test func everyPresetFitsItsForm() {
        for setting in Setting.all {
            guard let preset = setting.preset else { continue }
            #expect(read(preset, as: setting.form) == preset, "\(setting.name)")
        }
    }

    @Test func namesInTheTableAreUnique() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        let variables = Setting.all.compactMap(\.variable)
        #expect(Set(variables).count == variables.count)
        let flags = Setting.all.compactMap(\.flag)
        #expect(Set(flags).count == flags.count)
    }

    @Test func theReferenceNamesEverySetting() {
        let reference = Settings.reference()
        for setting in Setting.all {
            #expect(reference.contains("| `\(setting.name)` |"), "\(setting.name)")
            if let variable = setting.variable { #expect(reference.contains("| `\(variable)` |")) }
            if let flag = setting.flag { #expect(reference.contains("| `--\(flag)` |")) }
        }
        let rows = reference.split(separator: "\n").filter { $0.hasPrefix("| ") }
        #expect(rows.allSatisfy { $0.replacing("\\|", with: "").count { $0 == "|" } == 7 })
    }
}
