import SimulationKit
import SojournCore
import SojournModel

extension RuleCase {
    /// Whether leases and attempts are what they should be.
    static let leases: [RuleCase] = [
        RuleCase("an old lease changes nothing") { scene in
            let task = scene.accepted()
            let old = scene.grant(task)
            scene.wait(.seconds(5))
            scene.grant(task, attempt: 2)
            scene.report(old, .failed(Failure("late")), .settled)
        } good: { scene in
            let task = scene.accepted()
            let old = scene.grant(task)
            scene.wait(.seconds(5))
            let new = scene.grant(task, attempt: 2)
            scene.report(old, .failed(Failure("late")), .leaseLost)
            scene.finish(new)
            scene.end(task, .succeeded, attempt: 2)
        },
        RuleCase("one success counts") { scene in
            let task = scene.accepted()
            for attempt in 1...2 { scene.finish(scene.grant(task, attempt: attempt)) }
        } good: { scene in
            let task = scene.accepted()
            let delivery = scene.grant(task)
            scene.finish(delivery)
            scene.report(delivery, .succeeded(result: [9]), .settled)
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("what succeeded does not run again") { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task))
            scene.grant(task, attempt: 2)
        } good: { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task), nil)
            scene.wait(.seconds(5))
            scene.finish(scene.grant(task, attempt: 2))
            scene.end(task, .succeeded, attempt: 2)
        },
        RuleCase("one lease at a time") { scene in
            let task = scene.accepted()
            let own = scene.grant(task)
            scene.wait(.seconds(1))
            scene.beat(own)
            scene.wait(.milliseconds(1_500))
            scene.grant(task, attempt: 2)
        } good: { scene in
            let task = scene.accepted()
            let own = scene.grant(task)
            scene.wait(.seconds(1))
            scene.beat(own)
            scene.wait(.milliseconds(2_500))
            scene.finish(scene.grant(task, attempt: 2))
            scene.end(task, .succeeded, attempt: 2)
        },
        RuleCase("tokens are never used again") { scene in
            let task = scene.accepted()
            for attempt in 1...2 { scene.grant(task, attempt: attempt, token: 5) }
        } good: { scene in
            let task = scene.accepted()
            scene.grant(task, attempt: 1)
            scene.wait(.seconds(3))
            scene.finish(scene.grant(task, attempt: 2))
            scene.end(task, .succeeded, attempt: 2)
        },
        RuleCase("a lease runs once") { scene in
            let task = scene.accepted()
            let delivery = scene.grant(task)
            for _ in 1...2 { scene.run(delivery, .interrupted) }
        } good: { scene in
            let task = scene.accepted()
            scene.run(scene.grant(task), .interrupted)
            scene.end(task, .cancelled)
        },
        RuleCase("attempts are counted") { scene in
            let task = scene.accepted()
            scene.grant(task)
            scene.wait(.seconds(3))
            scene.grant(task)
        } good: { scene in
            let task = scene.accepted()
            scene.report(scene.grant(task), .interrupted, .settled)
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("attempts are counted once") { scene in
            let task = scene.accepted()
            scene.grant(task)
            scene.wait(.seconds(3))
            scene.grant(task, attempt: 3)
        } good: { scene in
            let task = scene.accepted()
            scene.report(scene.grant(task), .snoozed(.seconds(1)), .settled)
            scene.wait(.seconds(1))
            scene.grant(task)
            scene.wait(.seconds(3))
            scene.finish(scene.grant(task, attempt: 2))
            scene.end(task, .succeeded, attempt: 2)
        },
        RuleCase("no more attempts than permitted") { scene in
            scene.grant(scene.accepted { $0.maxRetries = 0 }, attempt: 2)
        } good: { scene in
            let task = scene.accepted { $0.maxRetries = 0 }
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("what runs is what was inserted") { scene in
            scene.grant(scene.accepted()) { $0.payload = [0] }
        } good: { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task) { $0.availableAt = .distantPast })
            scene.end(task, .succeeded, attempt: 1)
        },
    ]
}
