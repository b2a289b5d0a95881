import SimulationKit
import SojournCore
import SojournModel

extension RuleCase {
    /// Whether tasks are kept, and end as they should.
    static let life: [RuleCase] = [
        RuleCase("what was accepted is there") { scene in
            scene.forget(scene.accepted())
        } good: { scene in
            scene.insert(scene.task(), .info)
        },
        RuleCase("what was accepted is read") { scene in
            let task = scene.accepted()
            scene.read(task, nil)
        } good: { scene in
            let task = scene.task()
            scene.read(task, nil)
            scene.insert(task, .info)
        },
        RuleCase("what runs was asked for") { scene in
            let task = scene.task()
            scene.insert(task, .fail)
            scene.grant(task)
        } good: { scene in
            let task = scene.task()
            scene.insert(task, .info)
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("who succeeded was reported by whoever had it") { scene in
            scene.end(scene.accepted(), .succeeded)
        } good: { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task), nil)
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("a success that was settled stands") { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task))
        } good: { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task), .leaseLost)
            scene.terms.isHealed = false
        },
        RuleCase("a success is reported when the handler has ended") { scene in
            let task = scene.accepted()
            let delivery = scene.grant(task)
            scene.report(delivery, .succeeded(), .settled)
            scene.run(delivery, .succeeded())
        } good: { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("what is over is over") { scene in
            let task = scene.accepted()
            scene.read(task, .succeeded)
            scene.read(task, .queued)
        } good: { scene in
            let task = scene.accepted()
            scene.read(task, .dead)
            scene.replay()
            scene.read(task, .queued)
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("everything comes to its end once it is mended") { scene in
            scene.end(scene.accepted(), .retrying)
        } good: { scene in
            scene.end(scene.accepted(), .retrying)
            scene.terms.isHealed = false
        },
        RuleCase("the run came to its end") {
            $0.getStuck()
        } good: { _ in
        },
        RuleCase("no claim sleeps while a task waits for it") { scene in
            scene.sleepThrough(.seconds(3))
        } good: { scene in
            scene.sleepThrough(.milliseconds(20))
        },
        RuleCase("no duty goes in circles") {
            $0.count("promote", 10_000)
        } good: {
            $0.count("promote", 10)
        },
        RuleCase("stale hints do not stay") {
            $0.leaveHints(3)
        } good: {
            $0.leaveHints(0)
        },
        RuleCase("the dead are listed, each once") { scene in
            scene.end(scene.accepted(), .dead) { $0.deadReason = .poison }
            scene.forgetDeadLetters()
        } good: { scene in
            scene.end(scene.accepted(), .dead) { record in
                record.deadReason = .poison
                record.message.crashes = 3
            }
        },
        RuleCase("the dead have a reason that is true") { scene in
            scene.end(scene.accepted(), .dead, attempt: 1) { $0.deadReason = .retriesExhausted }
        } good: { scene in
            scene.end(scene.accepted(), .dead, attempt: 4) { $0.deadReason = .retriesExhausted }
        },
        RuleCase("what cannot be retried is dead") { scene in
            let task = scene.accepted()
            scene.report(scene.grant(task), .failed(Failure("no", isRetryable: false)), .settled)
            scene.end(task, .retrying)
        } good: { scene in
            let task = scene.accepted()
            scene.report(scene.grant(task), .failed(Failure("no", isRetryable: false)), .settled)
            scene.replay()
            scene.finish(scene.grant(task, attempt: 2))
            scene.end(task, .succeeded, attempt: 2)
        },
        RuleCase("what is kept is what was inserted") { scene in
            let task = scene.accepted()
            scene.end(task, .queued) { $0.message.payload = [0] }
        } good: { scene in
            scene.end(scene.accepted(), .cancelled)
        },
        RuleCase("results are those of the handler") { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded) { $0.result = [8] }
        } good: { scene in
            let task = scene.accepted()
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
    ]
}
