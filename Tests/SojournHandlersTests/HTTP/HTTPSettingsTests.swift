#if HTTP
import SojournHandlers
import Testing

@Suite("Settings of HTTP handlers") struct HTTPSettingsTests {
    @Test(arguments: [
        ("", "a"), ("a b", "a"), ("a:", "a"), ("ä", "a"), ("a\r\nb", "a"), ("Host", "a"), ("content-TYPE", "a"),
        ("Transfer-Encoding", "a"), ("Webhook-Signature", "a"), ("sojourn-task-id", "a"), ("Idempotency-Key", "a"),
        ("traceparent", "a"), ("Proxy-Authorization", "a"), ("X-A", "a\r\nX-B: c"), ("X-A", "a\0"),
        ("X-A", "\u{7F}"),
    ])
    func headersThatCannotBeSetAreNamed(name: String, value: String) {
        let error = #expect(throws: InvalidHandlerSettings.self) {
            _ = try HTTPHandler(.init(url: "https://example.com", headers: [name: value]))
        }
        #expect(error?.field.hasPrefix("headers.") == true)
        #expect(error?.description.contains("\r") == false)
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .milliseconds(99), .seconds(86_401)])
    func timeLimitsHaveARange(timeout: Duration) {
        let error = #expect(throws: InvalidHandlerSettings.self) {
            _ = try HTTPHandler(.init(url: "https://example.com", timeout: timeout))
        }
        #expect(error?.message.hasPrefix("must be 100 ms to 24 h, but is ") == true)
    }

    @Test func goodOnesAreTaken() async throws {
        let headers = ["Authorization": "Bearer a", "X-Empty": "", "x-!#$%&'*+.^_`|~": "ü\t"]
        try await HTTPHandler(.init(url: "https://example.com", headers: headers)).shutdown()
    }
}
#endif
