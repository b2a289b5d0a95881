import SojournConfiguration
import Testing

@Suite struct SecretTests {
    @Test func printingSettingsShowsNoSecret() throws {
        let settings = try settings(fullYAML, environment: ["SOJOURN_MAIL_SECRET": "hunter2"])
        var dumped = ""
        dump(settings, to: &dumped)
        let texts = [
            "\(settings)", String(reflecting: settings), dumped, settings.masked.joined(), "\(settings.server)",
            "\(settings.client)", "\(settings.redis)", "\(settings.postgres)", "\(settings.handlers)",
            String(reflecting: settings.server.apiKeys),
        ]
        for text in texts {
            #expect(!text.contains("c4n4ry") && !text.contains("hunter2"))
        }
        #expect(settings.masked.contains("server.api_keys = (hidden) (sojourn.yaml:5)"))
        #expect(dumped.contains("https://mail.internal/…"))
    }

    /// Each of these is refused, with a secret near the mistake.
    @Test(arguments: [
        "server: { api_keys: \(canary) }", "server: { api_keys: { \(canary): 1 } }",
        "server: { api_keys: [[\(canary)]] }",
        "server: { api_keys: [\"\(canary) \"] }", "server: { api_key: \(canary) }", "server: { \(canary): 1 }",
        "server:\n  api_keys:\n    - \(canary)\n   - x", "server: { api_keys: [\(canary)", "\(canary): 1", canary,
        "server: { api_keys: [\(canary)], api_keys: [\(canary)] }", "{ \(canary): 1, \(canary): 2 }",
        "client: { api_key: \"\(canary)\\n\" }", "client: { api_key: [\(canary)] }", "client: { api_key: *\(canary) }",
        "redis: { url: \"http://:\(canary)@a\" }", "redis: { password: \"\(canary)\\n\" }",
        "postgres: { url: \(canary) }", "handlers: { a: { http: { url: \"http://\(canary)@a\" } } }",
        "handlers: { a: { http: { url: \"http://a\", headers: { X: \"\(canary)\\n\" } } } }",
        "handlers: { a: { http: { url: \"http://a\", headers: { X: [\(canary)] } } } }",
        "handlers: { a: { exec: { command: [/bin/true], environment: { X: \"\(canary)\\0\" } } } }",
        "client: { api_key: !\(canary) x }",
    ])
    func messagesShowNoSecret(yaml: String) {
        let found = problems(yaml)
        #expect(!found.isEmpty)
        #expect(!found.joined().contains("c4n4ry"), "\(found)")
    }

    @Test func variablesAndFlagsShowNoSecret() {
        let environment = [
            "SOJOURN_API_KEYS": "\(canary),short", "SOJOURN_API_KEY": canary + " ", "REDIS_PASS": canary + "\n",
            "POSTGRES_URL": canary, "REDIS_ADDR": canary, "SOJOURN_API_KEYZ": canary,
        ]
        let found = problems(flags: ["redis": canary, "postgres": canary], environment: environment)
        #expect(found.count == 8)
        #expect(!found.joined().contains("c4n4ry"), "\(found)")
    }

    @Test(arguments: [
        ("\nserver:\n  api_keys: [\(canary)]", "sojourn.yaml:3: server.api_keys"),
        ("client: { api_key: \(canary) }", "sojourn.yaml:1: client.api_key"),
        ("redis: { password: hunter2 }", "sojourn.yaml:1: redis.password"),
    ])
    func aFileWithSecretsMustBePrivate(yaml: String, place: String) {
        let expected = "\(place) is a secret, but other users may read this file; run: chmod 600 sojourn.yaml"
        #expect(problems(yaml, isOpenToOthers: true) == [expected])
        #expect(problems(yaml).isEmpty)
    }

    @Test func aFileWithoutSecretsMayBeOpen() {
        #expect(problems("server: { port: 1, api_keys: [] }", isOpenToOthers: true).isEmpty)
    }
}
