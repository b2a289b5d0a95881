#if Redis
import Foundation
import RESP
import RedisTestKit
import Testing

@Suite("Passwords, TLS and Unix sockets", .needsRedis) struct LoginTests {
    private func login(_ server: RedisProcess, _ user: String?, _ password: String?) -> RedisAddress {
        RedisAddress(.single(server.endpoint), user: user, password: password)
    }

    @Test func aPassword() async throws {
        try await withStage { stage in
            let server = try await stage.server(["requirepass hunter2"])
            let client = try stage.client(login(server, nil, "hunter2"))
            #expect(try await client.send(Command("PING")) == .simple("PONG"))
            for password in ["hunter3", nil] {
                let stranger = try stage.client(login(server, nil, password))
                // A wrong password is told at once, not at the deadline.
                let error = await #expect(throws: RESPError.self) {
                    try await stranger.send(Command("PING"), timeout: .seconds(60))
                }
                #expect(error?.kind == .authentication)
                #expect(error?.isRetryable == false)
                #expect(error.map { "\($0)".contains("hunter") } == false)
            }
        }
    }

    @Test func aUserWithRights() async throws {
        try await withStage { stage in
            let server = try await stage.server(["user ellen on >hunter2 ~a* +@all -flushall", "user default off"])
            let client = try stage.client(login(server, "ellen", "hunter2"))
            #expect(try await client.send(Command("SET", key: "a1", "x")) == .simple("OK"))
            let replies = try await client.send([Command("SET", key: "b", "x"), Command("FLUSHALL")])
            for reply in replies {
                let error = #expect(throws: RESPError.self) { try reply.get() }
                #expect(error?.kind == .permission)
            }
            let other = try stage.client(login(server, "ellen", "hunter3"))
            let error = await #expect(throws: RESPError.self) { try await other.send(Command("PING")) }
            #expect(error?.kind == .authentication)
        }
    }

    @Test func aUnixSocket() async throws {
        try await withStage { stage in
            let path = stage.folder.appendingPathComponent("s").path
            let server = try await stage.server(["port 0", "unixsocket \(path)", "requirepass hunter2"])
            let address = try RedisAddress(parsing: "unix://:hunter2@\(path)?db=1")
            let client = try stage.client(address)
            #expect(try await client.send(Command("PING")) == .simple("PONG"))
            server.kill()
            try FileManager.default.removeItem(atPath: path)
            let error = await #expect(throws: RESPError.self) {
                while true { _ = try await client.send(Command("PING"), timeout: .milliseconds(300)) }
            }
            #expect(error?.kind == .connectionLost || error?.kind == .connectionRefused)
            try server.start()
            #expect(try await client.send(Command("PING")) == .simple("PONG"))
        }
    }

    @Test func verifiedTLS() async throws {
        try await withStage { stage in
            let certificates = try Certificates("IP:127.0.0.1,DNS:localhost", in: stage.folder)
            _ = try await stage.server(certificates.settings)
            let ca = certificates.authority.path
            for place in ["127.0.0.1", "localhost"] {
                let address = try RedisAddress(parsing: "rediss://\(place):\(certificates.port)?ca=\(ca)")
                #expect(try await stage.client(address).send(Command("PING")) == .simple("PONG"))
            }
            // An authority that the system does not know.
            var address = try RedisAddress(parsing: "rediss://localhost:\(certificates.port)")
            let error = await #expect(throws: RESPError.self) { try await stage.client(address).send(Command("PING")) }
            #expect(error?.kind == .tls)
            #expect(error?.isRetryable == false)
            address.tls?.isInsecure = true
            #expect(try await stage.client(address).send(Command("PING")) == .simple("PONG"))
        }
    }

    @Test func aServerThatWantsToKnowUsToo() async throws {
        try await withStage { stage in
            let certificates = try Certificates("IP:127.0.0.1", in: stage.folder)
            let settings = certificates.settings + ["tls-ca-cert-file \(certificates.authority.path)"]
            _ = try await stage.server(settings.map { $0 == "tls-auth-clients no" ? "tls-auth-clients yes" : $0 })
            let address = "rediss://127.0.0.1:\(certificates.port)?ca=\(certificates.authority.path)"
            let files = "&cert=\(certificates.certificate.path)&key=\(certificates.key.path)"
            let known = try stage.client(try RedisAddress(parsing: address + files))
            #expect(try await known.send(Command("PING")) == .simple("PONG"))
            let unknown = try stage.client(try RedisAddress(parsing: address))
            await #expect(throws: RESPError.self) {
                try await unknown.send(Command("PING"), timeout: .milliseconds(500))
            }
        }
    }

    @Test func theNameInTheCertificate() async throws {
        try await withStage { stage in
            let certificates = try Certificates("DNS:redis.example", in: stage.folder)
            _ = try await stage.server(certificates.settings)
            let address = "rediss://127.0.0.1:\(certificates.port)?ca=\(certificates.authority.path)"
            let right = try RedisAddress(parsing: address + "&server_name=redis.example")
            #expect(try await stage.client(right).send(Command("PING")) == .simple("PONG"))
            for wrong in ["", "&server_name=other.example"] {
                let client = try stage.client(try RedisAddress(parsing: address + wrong))
                let error = await #expect(throws: RESPError.self) { try await client.send(Command("PING")) }
                #expect(error?.kind == .tls)
            }
        }
    }

    @Test func anAuthorityThatCannotBeRead() throws {
        let address = try RedisAddress(parsing: "rediss://localhost?ca=/nowhere/ca.pem")
        let error = #expect(throws: RESPError.self) { try RedisClient(address) }
        #expect(error?.kind == .invalidAddress)
        #expect(error?.message.contains("/nowhere/ca.pem") == true)
    }
}
#endif
