#if Redis
import Testing

@testable import RESP

@Suite("Errors") struct ErrorTests {
    @Test(arguments: [
        ("WRONGPASS invalid username-password pair or user is disabled.", RESPError.Kind.authentication, false, false),
        ("NOAUTH Authentication required.", .authentication, false, false),
        ("ERR invalid password", .authentication, false, false),
        ("NOPERM this user has no permissions", .permission, false, false),
        ("DENIED Redis is running in protected mode", .permission, false, false),
        ("READONLY You can't write against a read only replica.", .readOnly, true, false),
        ("ERR READONLY You can't write against a read only replica.", .readOnly, true, false),
        ("ERR Error running script (call to f_ab): @user_script:1: -READONLY You can't write", .readOnly, true, true),
        ("READONLY You can't write. script: ab, on @user_script:1.", .readOnly, true, true),
        ("LOADING Redis is loading the dataset in memory", .loading, true, false),
        ("BUSY Redis is busy running a script.", .busy, true, false),
        ("OOM command not allowed when used memory > 'maxmemory'.", .outOfMemory, true, false),
        ("OOM command not allowed. script: ab, on @user_script:1.", .outOfMemory, true, true),
        ("NOSCRIPT No matching script. Please use EVAL.", .noScript, true, false),
        ("MISCONF Redis is configured to save RDB snapshots", .misconfigured, true, false),
        ("ERR max number of clients reached", .tooManyConnections, true, false),
        ("MASTERDOWN Link with MASTER is down", .unreplicated, true, false),
        ("NOREPLICAS Not enough good replicas to write.", .unreplicated, true, false),
        ("MOVED 3999 127.0.0.1:6381", .moved, true, false),
        ("ASK 3999 127.0.0.1:6381", .ask, true, false),
        ("TRYAGAIN Multiple keys request during rehashing of slot", .tryAgain, true, false),
        ("CLUSTERDOWN Hash slot not served", .clusterDown, true, false),
        ("CROSSSLOT Keys in request don't hash to the same slot", .crossSlot, false, false),
        ("WRONGTYPE Operation against a key", .server, false, false),
        ("ERR unknown command 'READONLYX'", .server, false, false),
        ("", .server, false, false),
    ])
    func classes(message: String, kind: RESPError.Kind, isRetryable: Bool, mayHaveExecuted: Bool) {
        let error = RESPError(serverMessage: message)
        #expect(error.kind == kind)
        #expect(error.isRetryable == isRetryable)
        #expect(error.mayHaveExecuted == mayHaveExecuted)
        #expect(error.message == message)
    }

    @Test func sayWhetherTheCommandMayHaveRun() {
        let error = RESPError(.timeout, "Too late.")
        #expect("\(error)" == "timeout: Too late.")
        #expect("\(error.seen(asExecuted: true))" == "timeout: Too late. (the command may have been executed)")
    }

    @Test(arguments: [
        ("MOVED 3999 127.0.0.1:6381", "127.0.0.1", 6381), ("ASK 0 ::1:7000", "::1", 7000), ("MOVED 1 :7000", nil, 7000),
    ])
    func redirections(message: String, host: String?, port: Int) throws {
        let redirection = try #require(Redirection(RESPError(serverMessage: message)))
        #expect(redirection.host == host)
        #expect(redirection.port == port)
    }

    @Test(arguments: [
        "MOVED", "MOVED 1", "MOVED x a:1", "MOVED 16384 a:1", "MOVED -1 a:1", "MOVED 1 a", "MOVED 1 a:0",
        "MOVED 1 a:65536", "MOVED 99999999999999999999 a:1", "ERR 1 a:1",
    ])
    func badRedirectionsLeadNowhere(message: String) {
        #expect(Redirection(RESPError(serverMessage: message)) == nil)
    }
}
#endif
