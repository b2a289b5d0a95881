import SimulationKit
import SojournCore
import SojournModel

extension RuleCase {
    /// Whether keys, order, times and cancellations are kept.
    static let order: [RuleCase] = [
        RuleCase("one key, one task") { scene in
            for _ in 1...2 { scene.keyed { .inserted($0.message.id) } }
        } good: { scene in
            let first = scene.keyed { .inserted($0.message.id) }
            scene.keyed(isKept: false) { _ in .duplicate(of: first.message.id) }
            scene.terms.isHealed = false
        },
        RuleCase("another request with the same key is refused") { scene in
            let first = scene.keyed { .inserted($0.message.id) }
            scene.keyed(fingerprint: 2, isKept: false) { _ in .duplicate(of: first.message.id) }
        } good: { scene in
            let first = scene.keyed { .inserted($0.message.id) }
            scene.keyed(fingerprint: 2, isKept: false) { _ in .conflict(with: first.message.id) }
            scene.terms.isHealed = false
        },
        RuleCase("what was refused is not there") { scene in
            let first = scene.keyed { .inserted($0.message.id) }
            scene.keyed(fingerprint: 2) { _ in .conflict(with: first.message.id) }
        } good: { scene in
            scene.insert(scene.task(), .fail)
        },
        RuleCase("a line is served in order of arrival") { scene in
            let tasks = [scene.accepted(), scene.accepted()]
            for task in tasks.reversed() { scene.grant(task) }
        } good: { scene in
            let tasks = [scene.accepted(), scene.accepted()]
            for task in tasks {
                scene.finish(scene.grant(task))
                scene.end(task, .succeeded, attempt: 1)
            }
        },
        RuleCase("priorities get their shares") { scene in
            scene.serveLow(4)
        } good: { scene in
            scene.serveLow(2)
        },
        RuleCase("a paused queue hands out nothing") { scene in
            let task = scene.accepted()
            scene.pause(true)
            scene.grant(task)
            scene.pause(false)
        } good: { scene in
            let task = scene.accepted()
            scene.pause(true)
            scene.pause(false)
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("no task starts before its time") { scene in
            scene.grant(scene.accepted { $0.availableAt = $0.enqueuedAt.advanced(by: .seconds(5)) })
        } good: { scene in
            let task = scene.accepted { $0.availableAt = $0.enqueuedAt.advanced(by: .seconds(5)) }
            scene.wait(.seconds(5))
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("no retry comes before its time") { scene in
            let task = scene.accepted()
            scene.report(scene.grant(task), .failed(Failure("no")), .settled)
            scene.grant(task, attempt: 2)
        } good: { scene in
            let task = scene.accepted()
            scene.report(scene.grant(task), .failed(Failure("no")), .settled)
            scene.wait(.milliseconds(250))
            scene.finish(scene.grant(task, attempt: 2))
            scene.end(task, .succeeded, attempt: 2)
        },
        RuleCase("what was cancelled does not start") { scene in
            let task = scene.accepted()
            scene.cancel(task, .requested)
            scene.grant(task)
        } good: { scene in
            let task = scene.accepted()
            scene.cancel(task, .final(.dead))
            scene.replay()
            scene.finish(scene.grant(task))
            scene.end(task, .succeeded, attempt: 1)
        },
        RuleCase("who runs a cancelled task is told") { scene in
            let task = scene.accepted()
            let delivery = scene.grant(task)
            scene.cancel(task, .requested)
            scene.beat(delivery)
        } good: { scene in
            let task = scene.accepted()
            let delivery = scene.grant(task)
            scene.beat(delivery)
            scene.cancel(task, .requested)
            scene.beat(delivery, isCancelled: true)
            scene.end(task, .cancelled)
        },
        RuleCase("what was cancelled while it waited stays so") { scene in
            let task = scene.accepted()
            scene.cancel(task, .cancelled(waiting: nil))
            scene.end(task, .queued)
        } good: { scene in
            let task = scene.accepted()
            scene.cancel(task, .cancelled(waiting: nil))
            scene.end(task, .cancelled)
        },
    ]
}

extension Scene {
    /// Asks for a task with the one key that there is.
    @discardableResult
    fileprivate mutating func keyed(
        fingerprint: UInt64 = 1, isKept: Bool = true, _ answer: (NewTask) -> InsertResult
    ) -> NewTask {
        let task = NewTask(message: task().message, idempotencyKey: "k", fingerprint: fingerprint)
        insert(task, .ok([answer(task)]))
        if isKept { end(task, .queued) }
        return task
    }

    /// A critical task waits while so many low ones are started.
    fileprivate mutating func serveLow(_ count: Int) {
        let low = (0..<count).map { _ in accepted { $0.priority = .low } }
        let critical = accepted { $0.priority = .critical }
        for task in low + [critical] {
            finish(grant(task))
            end(task, .succeeded, attempt: 1)
        }
    }
}
