#if Redis
import RESP
import RedisTestKit
import SojournRedis
import SojournTestKit
import Testing

/// Every kind of failure once in every loop: it is heard of, and the loop goes on.
@Suite("Faults in every loop", .needsRedis) struct LoopFaultTests {
    private static let faults: [RedisProxy.Fault] = [
        .error("LOADING Redis is loading the dataset in memory"),
        .error("BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."),
        .error("MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk."),
        .error("READONLY You can't write against a read only replica."),
        // As a proxy in between says it.
        .error("ERR READONLY You can't write against a read only replica."),
        .error("OOM command not allowed when used memory > 'maxmemory'."),
        .error("NOSCRIPT No matching script."),
        .error("MOVED 1 127.0.0.1:1"),
        .error("CLUSTERDOWN The cluster is down"),
        .error("TRYAGAIN Multiple keys request during rehashing of slot"),
        .error("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."),
        .lastWords("-ERR max number of clients reached\r\n"),
        .lastWords("HTTP/1.1 400 Bad Request\r\n\r\n"),
        .lastWords("*1\r\n$-7\r\n"),
        .cutBefore, .cutAfter, .silence,
    ]

    @Test func noneEndsALoop() async throws {
        try await withServer { stage, server in
            let log = LogBook()
            let impatient = RedisConfiguration(commandTimeout: .milliseconds(300))
            var proxies: [Loop: RedisProxy] = [:]
            var queues: [Loop: RedisQueue] = [:]
            for loop in Loop.allCases {
                let proxy = try await stage.proxy(to: server)
                proxies[loop] = proxy
                let client = try stage.client(proxy.address, impatient, logger: log.logger("redis.\(loop)"))
                queues[loop] = RedisQueue(client)
            }
            let halves = SplitHalves(try stage.queue(on: server.address), queues)
            let application = Application(store: halves, backend: halves, log: log)
            try await application.run {
                for fault in Self.faults { try await strike(fault, proxies, application) }
                try await application.comesToRest()
            }
            try await application.check()
        }
    }

    private func strike(
        _ fault: RedisProxy.Fault, _ proxies: [Loop: RedisProxy], _ application: Application
    ) async throws {
        // Something to extend the lease of.
        try await application.offer([application.newTask(.long)])
        let refusals = application.history.refusals.count
        application.log.clear()
        for proxy in proxies.values { proxy.strike(fault) }
        // Nobody waits for an answer there; the system's own probes find out about a silent connection.
        if fault != .silence { proxies[.claim]?.strike(fault, at: .subscription) }
        try await application.offer([application.newTask(), application.newTask(.failsOnce)])
        try await eventually("\(fault) has struck everywhere", within: .seconds(10)) {
            proxies.values.allSatisfy { !$0.isArmed }
        }
        let fresh = [application.newTask(), application.newTask(.failsOnce)]
        try await application.offer(fresh)
        try await eventually("all goes on after \(fault)", within: .seconds(5)) {
            application.history.haveSucceeded(fresh)
        }
        // A script that is not known is sent again in full, and nobody has to hear of it.
        if case .error(let text) = fault, text.hasPrefix("NOSCRIPT") { return }
        // Who waits in vain for an answer hears of it later.
        try? await eventually("everybody hears of it", within: .seconds(5)) {
            application.history.refusals.count > refusals && silent(application.log).isEmpty
        }
        #expect(application.history.refusals.count > refusals, "nobody who enqueues hears of \(fault)")
        #expect(silent(application.log).isEmpty, "\(fault)")
    }

    /// The loops that have said nothing.
    private func silent(_ log: LogBook) -> [Loop] {
        Loop.allCases.filter { loop in
            switch loop {
            case .insert: false
            case .claim: !log.says("worker", "A claim failed")
            case .heartbeat: !log.says("worker", "A heartbeat failed")
            case .finish:
                // The reaper finishes too, and may have met the fault instead of the worker.
                !log.says("worker", "Reports could not be written")
                    && log.lines.count { $0.text.contains("duty=reaper") } < 2
            case .promote: !log.says("server", "A duty failed", "duty=promoter")
            case .reap: !log.says("server", "A duty failed", "duty=reaper")
            case .prune: !log.says("server", "A duty failed", "duty=retention")
            }
        }
    }
}
#endif
