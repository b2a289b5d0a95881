#if HTTP
import SojournModel
import Testing

@testable import SojournHandlers

@Suite("Answers") struct HTTPAnswerTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT
    private let now = Timestamp(microseconds: 784_111_777_000_000)

    @Test(
        arguments: [
            (200, nil), (202, nil), (204, nil), (400, false), (401, false), (404, false), (408, true), (409, false),
            (410, false), (422, false), (425, true), (429, true), (499, false), (500, true), (501, true),
            (503, true),
            (599, true), (600, true), (101, true),
        ] as [(Int, Bool?)])
    func theStatusDecides(status: Int, isRetryable: Bool?) {
        let outcome = HTTPAnswer(status: status, retryAfter: "7", location: "http://b/").outcome(
            from: "a", now: now)
        guard let isRetryable else {
            #expect(outcome == .succeeded())
            return
        }
        let wait: Duration? = isRetryable ? .seconds(7) : nil
        #expect(
            outcome == .failed(Failure("a answered \(status)", isRetryable: isRetryable, retryAfter: wait)))
    }

    @Test(
        arguments: [
            (301, "http://169.254.169.254/latest?token=x", "a answered 301 and points to the host 169.254.169.254"),
            (302, "https://user@b/", "a answered 302 and points to another path"),
            (307, "/secret-path", "a answered 307 and points to another path"),
            (308, "https://b.example:1/", "a answered 308 and points to the host b.example"),
            (304, nil, "a answered 304 and is a redirect"),
        ] as [(Int, String?, String)])
    func redirectsAreNamedAndNotFollowed(status: Int, location: String?, message: String) {
        let outcome = HTTPAnswer(status: status, location: location).outcome(from: "a", now: now)
        #expect(outcome == .failed(Failure(message + "; redirects are not followed", isRetryable: false)))
    }

    @Test(
        arguments: [
            ("application/json", nil, #"{"a":1}"#, true), ("application/json; charset=utf-8", nil, "[]", true),
            ("Application/JSON ;x", "identity", " 1 ", true), ("application/json", "gzip", "{}", false),
            ("text/html", nil, "{}", false), (nil, nil, "{}", false), ("application/json", nil, "{", false),
            ("application/json", nil, "", false), ("application/json", nil, nil, false),
            ("application/jsonx", nil, "{}", false),
        ] as [(String?, String?, String?, Bool)])
    func onlyJSONIsKept(type: String?, encoding: String?, body: String?, isKept: Bool) {
        let answer = HTTPAnswer(
            status: 200, contentType: type, contentEncoding: encoding, body: body.map { Array($0.utf8) })
        let kept = body.map { Array($0.filter { $0 != " " }.utf8) }
        #expect(answer.outcome(from: "a", now: now) == .succeeded(result: isKept ? kept : nil))
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("007", 7), (" 3", 3), ("86400", 86_400), ("86401", 86_400),
            ("99999999999999999999999", 86_400), ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Sat, 05 Nov 1994 08:49:37 GMT", 0),
            ("Sun, 06 Nov 2094 08:49:37 GMT", 86_400), ("Sunday, 06-Nov-94 08:49:47 GMT", 10),
            ("Sunday, 06-Nov-44 08:49:47 GMT", 86_400), ("Sunday, 06-Nov-45 08:49:47 GMT", 0),
            ("Sun Nov  6 08:49:38 1994", 1), ("", nil), ("-1", nil), ("1.5", nil), ("soon", nil), ("1e9", nil),
            ("Sun, 31 Feb 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
            ("Sun, 06 Foo 1994 08:49:37 GMT", nil), ("a b c d e f", nil), ("a b c d e", nil),
        ] as [(String, Int?)])
    func retryAfter(text: String, seconds: Int?) {
        #expect(RetryAfter.parse(text, now: now) == seconds.map { .seconds($0) })
    }

    @Test func aYearOfTwoDigitsIsNearOurs() {
        let now = Timestamp(microseconds: 1_767_225_600_000_000)  // 2026-01-01T00:00:00Z
        #expect(RetryAfter.parse("Thursday, 01-Jan-26 00:00:05 GMT", now: now) == .seconds(5))
        #expect(RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: now) == .zero)
    }
}
#endif
