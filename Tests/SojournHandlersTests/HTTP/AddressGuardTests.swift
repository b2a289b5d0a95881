#if HTTP
import Foundation
import SojournCore
import SojournModel
import SojournTestKit
import Subprocess
import Synchronization
import Testing

@testable import SojournHandlers

/// The server's own network is out of reach, whatever a name server says and when.
@Suite("Checked addresses") struct AddressGuardTests {
    private func address(of texts: [String], attempt: Int) async throws -> String {
        let addresses = try texts.map(IPAddress.read)
        let rules = AddressGuard(host: "a.example", lookup: { addresses }, permits: { $0.isGlobalUnicast })
        return try await rules.address(forAttempt: attempt).description
    }

    @Test(arguments: [
        (["8.8.8.8"], 1, "8.8.8.8"), (["8.8.8.8"], 7, "8.8.8.8"), (["8.8.8.8", "9.9.9.9"], 1, "8.8.8.8"),
        (["8.8.8.8", "9.9.9.9"], 2, "9.9.9.9"), (["8.8.8.8", "9.9.9.9"], 3, "8.8.8.8"),
        (["8.8.8.8", "2606:4700::1111", "9.9.9.9"], 2, "9.9.9.9"), (["8.8.8.8"], Int.min, "8.8.8.8"),
    ])
    func retriesGoThroughTheAddresses(texts: [String], attempt: Int, chosen: String) async throws {
        #expect(try await address(of: texts, attempt: attempt) == chosen)
    }

    @Test(arguments: [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["2606:4700::1111", "::ffff:7f00:1"]])
    func onePrivateAddressIsEnoughToRefuse(texts: [String]) async throws {
        let failure = await #expect(throws: Failure.self) { try await address(of: texts, attempt: 1) }
        #expect(failure?.message.hasPrefix("a.example has the address ") == true)
        #expect(failure?.message.hasSuffix("which is not public; set allow_private to call it") == true)
    }

    @Test func aHostWithoutAddressesIsAFailure() async {
        await #expect(throws: Failure("The host a.example has no address")) {
            try await address(of: [], attempt: 1)
        }
    }

    /// The name exists for this test only: the request can arrive because the checked address is called, and only
    /// then.
    @Test func theCheckedAddressIsCalledUnderTheNameOfTheHost() async throws {
        try await LocalServer.with { server in
            let lookups = Mutex(0)
            let settings = HTTPHandler.Settings(url: "http://hooks.invalid:\(server.port)/echo")
            let loopback = try IPAddress.read("127.0.0.1")
            let lookup: @Sendable () -> [IPAddress] = {
                lookups.withLock { $0 += 1 }
                return [loopback]
            }
            try await withHandler(settings, lookup: lookup, permits: { $0 == loopback }) { handler in
                for deliveries in 1...3 {
                    let echo = try await handler.handle([], context: Attempt.context()).echo()
                    #expect(echo.headers["host"] == "hooks.invalid:\(server.port)")
                    #expect(echo.connections == 1)
                    #expect(lookups.withLock { $0 } == deliveries)
                }
            }
        }
    }

    @Test func anotherAddressThanTheCheckedOneGetsNothing() async throws {
        try await LocalServer.with { server in
            let settings = HTTPHandler.Settings(url: server.url + "/echo")
            let checked = try IPAddress.read("127.0.0.2")
            let outcome = try await withHandler(
                settings, lookup: { [checked] }, permits: { _ in true }, pinning: "other.invalid"
            ) { try await $0.handle([], context: Attempt.context()) }
            #expect(outcome.failure?.message.contains("unchecked address") == true, "\(outcome)")
            #expect(try await server.deliver("/counts").resultText == #"{"/counts": 1}"#)
        }
    }

    /// TLS asks for the host by name, and refuses a certificate that nobody vouches for.
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
    func theCheckedAddressMustProveToBeTheHost() async throws {
        try await TemporaryFolder.with { folder in
            let certificate = folder.appendingPathComponent("both.pem").path
            let arguments = [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=hooks.invalid",
                "-addext", "subjectAltName=DNS:hooks.invalid", "-keyout", certificate, "-out", "\(certificate).crt",
            ]
            let openssl = try await run(
                .name("openssl"), arguments: Arguments(arguments), output: .discarded, error: .discarded)
            try #require(openssl.terminationStatus.isSuccess)
            let parts = try ["", ".crt"].map { try String(contentsOfFile: certificate + $0, encoding: .utf8) }
            try parts.joined().write(toFile: certificate, atomically: true, encoding: .utf8)
            try await LocalServer.with(certificate: certificate) { server in
                let settings = HTTPHandler.Settings(url: "https://hooks.invalid:\(server.port)/echo")
                let loopback = try IPAddress.read("127.0.0.1")
                let outcome = try await withHandler(settings, lookup: { [loopback] }, permits: { _ in true }) {
                    try await $0.handle([], context: Attempt.context())
                }
                #expect(outcome.failure?.message.contains("CERTIFICATE_VERIFY_FAILED") == true, "\(outcome)")
                #expect(try await server.deliver("/echo").echo().names == ["hooks.invalid"])
            }
        }
    }

    /// A name server that first shows a harmless address, and then the one it is after.
    @Test func aSecondAnswerIsCheckedLikeTheFirst() async throws {
        try await LocalServer.with { server in
            let settings = HTTPHandler.Settings(url: "http://hooks.invalid:\(server.port)/echo")
            let harmless = try IPAddress.read("127.0.0.1")
            let target = try IPAddress.read("127.0.0.2")
            let answers = Mutex([[harmless], [target], [harmless, target], [harmless]])
            try await withHandler(
                settings, lookup: { answers.withLock { $0.removeFirst() } }, permits: { $0 == harmless }
            ) { handler in
                let context = Attempt.context()
                #expect(try await handler.handle([], context: context).failure == nil)
                for _ in 0..<2 {
                    let message = try await handler.handle([], context: context).failure?.message
                    #expect(message?.contains("hooks.invalid has the address 127.0.0.2") == true)
                }
                #expect(try await handler.handle([], context: context).failure == nil)
            }
        }
    }

    /// The server listens on the first address of the loopback network only, which comes last here.
    @Test func manyAddressesDoNotMeanManyClients() async throws {
        try await LocalServer.with { server in
            let kept = HTTPClients.keptMax
            let addresses = Mutex(
                try ((2...kept + 1).map { $0 } + [1, 1]).map { try IPAddress.read("127.0.0.\($0)") })
            let settings = HTTPHandler.Settings(url: "http://hooks.invalid:\(server.port)/echo")
            try await withHandler(
                settings, lookup: { [addresses.withLock { $0.removeFirst() }] }, permits: { _ in true }
            ) { handler in
                for number in 1...kept {
                    #expect(try await handler.handle([], context: Attempt.context()).failure != nil)
                    #expect(handler.clients.count == number)
                }
                for connections in 1...2 {
                    let echo = try await handler.handle([], context: Attempt.context()).echo()
                    #expect(echo.connections == connections)
                    #expect(handler.clients.count == kept)
                }
            }
        }
    }

    @Test func namesAreLookedUp() async throws {
        let addresses = try await HostLookup(host: "localhost").addresses()
        #expect(!addresses.isEmpty && addresses.allSatisfy { !$0.isGlobalUnicast })
        let missing = HostLookup(host: "missing.invalid")
        let failure = await #expect(throws: Failure.self) { try await missing.addresses() }
        #expect(failure?.message.hasPrefix("The host missing.invalid was not found: ") == true)
        #expect(failure?.isRetryable == true)
    }

    @Test func whoAsksTogetherIsAnsweredTogether() async throws {
        let lookup = HostLookup(host: "localhost")
        let answers = try await withThrowingTaskGroup(of: [IPAddress].self) { group in
            for _ in 0..<100 { group.addTask { try await lookup.addresses() } }
            return try await group.reduce(into: Set<[IPAddress]>()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
    }

    @Test func localhostIsRefusedByDefault() async throws {
        let outcome = try await withHandler(.init(url: "http://localhost:8080/")) {
            try await $0.handle([], context: Attempt.context())
        }
        #expect(outcome.failure?.message.contains("which is not public") == true)
    }
}
#endif
