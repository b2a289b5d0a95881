#if HTTP
import SojournModel
import Testing

@testable import SojournHandlers

@Suite("Webhook secrets") struct WebhookSecretTests {
    /// The example of the Standard Webhooks specification.
    @Test func theSpecificationsExampleIsSignedAsItSays() throws {
        let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8)
        )
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func textWithoutThePrefixIsTheKeyItself() throws {
        let body: [UInt8] = [1, 2, 3]
        let signature = try WebhookSecret("secret").signature(id: "a", timestamp: 1, body: body)
        #expect(
            try WebhookSecret(bytes: Array("secret".utf8)).signature(id: "a", timestamp: 1, body: body) == signature
        )
        #expect(try WebhookSecret("whsec_c2VjcmV0").signature(id: "a", timestamp: 1, body: body) == signature)
    }

    @Test(arguments: [
        ("", "secret must not be empty"), ("whsec_", "secret must not be empty"),
        ("whsec_not base64!", "secret must be Base64 after whsec_"),
    ])
    func badOnesAreRefused(text: String, message: String) {
        let error = #expect(throws: InvalidHandlerSettings.self) { _ = try WebhookSecret(text) }
        #expect(error?.description == message)
    }

    @Test func printingShowsNothing() throws {
        let secret = try WebhookSecret("canary")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(HTTPHandler.Settings(url: "http://a/", secrets: [secret]), to: &dumped)
        #expect("\(secret) \(String(reflecting: secret)) \(dumped)".contains("canary") == false)
        #expect(dumped.contains("(hidden)"))
    }
}
#endif
