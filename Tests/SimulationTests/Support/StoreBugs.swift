import SimulationKit
import SojournCore
import SojournModel

extension PlantedBug {
    /// Bugs of whoever keeps the tasks.
    static let keeping: [PlantedBug] = [
        store("an insert is lost after its answer", breaks: "S1") { store, dice, _ in
            store.inserting = { tasks in tasks.filter { _ in !dice.happens(percent: 1) } }
        },
        store("a success is answered and not written", breaks: "S3") { store, dice, _ in
            store.finished = { results in
                dice.happens(percent: 1) ? results.map { _ in .settled } : nil
            }
        },
        store("the idempotency key is ignored", breaks: "S10") { store, _, _ in
            store.inserting = { tasks in
                tasks.map { NewTask(message: $0.message, fingerprint: $0.fingerprint, tags: $0.tags) }
            }
        },
        store("another request with the same key passes", breaks: "S10") { store, _, _ in
            store.inserting = { tasks in
                tasks.map { NewTask(message: $0.message, idempotencyKey: $0.idempotencyKey, fingerprint: 0) }
            }
        },
        store("a dead letter is forgotten", breaks: "S9") { store, dice, _ in
            store.listed = { tasks in tasks.filter { $0.status != .dead || !dice.happens(percent: 10) } }
        },
        store("a replay makes a copy too", breaks: "S2") { store, dice, _ in
            store.replayed = { messages in
                messages.map { message in
                    var copy = message
                    copy.id = TaskID(high: message.id.high, low: message.id.low ^ 1)
                    return NewTask(message: copy)
                }
            }
        },
        store("a cancellation is ignored", breaks: "S16") { store, _, _ in
            store.cancelled = { ids in ids.map { _ in .cancelled(waiting: nil) } }
        },
        store("whoever runs a cancelled task is not told", breaks: "S16") { store, _, _ in
            store.extended = { statuses in
                statuses.map { status in if case .cancelled(let end) = status { .held(until: end) } else { status } }
            }
        },
        store("a pause is ignored", breaks: "S14") { store, _, _ in store.pauses = false },
        store("the results of a batch are mixed up", breaks: "S15") { store, _, _ in
            store.finishing = { results in
                guard results.count > 1, let first = results.first, let last = results.last else { return results }
                return [first.with(last.report.outcome)] + results.dropFirst()
            }
        },
        store("what is over is read as running", breaks: "S4") { store, dice, _ in
            store.record = { record in
                guard record.status.isFinal, dice.happens(percent: 20) else { return record }
                var record = record
                record.status = .running
                return record
            }
        },
    ]

    /// Bugs of whoever hands tasks out.
    static let handingOut: [PlantedBug] = [
        store("the fence is dropped", breaks: "S5") { store, _, memory in
            store.granted = { deliveries in
                memory.note(deliveries)
                return deliveries
            }
            store.finishing = { results in results.map { $0.under(memory.current($0.report.delivery.lease)) } }
        },
        store("an old lease is extended", breaks: "S5") { store, _, memory in
            store.granted = { deliveries in
                memory.note(deliveries)
                return deliveries
            }
            store.extending = { leases in leases.map { memory.current($0) } }
        },
        store("a lease that was extended is reaped", breaks: "S7") { store, _, memory in
            // A heartbeat must come between two steps of the reaper; those are late only now and then.
            store.lingers = memory.time
            // The store looks again whether the lease has ended only where the report says that it has.
            store.finishing = { results in
                results.map { $0.report.outcome == .leaseExpired ? $0.with(.failed(Failure("lease expired"))) : $0 }
            }
        },
        store("a report that comes again settles, whoever has the task now", breaks: "S5") { store, _, memory in
            store.settled = { memory.settle($0) }
            store.finished = { results in
                results.allSatisfy { memory.hasSettled($0) } ? results.map { _ in .settled } : nil
            }
        },
        store("ended leases are not reaped", breaks: "L1") { store, _, _ in store.reaps = false },
        store("leases end too early", breaks: "S7") { store, _, _ in
            store.requesting = { request in
                var request = request
                request.duration = .seconds(1)
                return request
            }
        },
        store("a task is handed out twice", breaks: "S8") { store, dice, memory in
            store.granted = { deliveries in
                defer { memory.note(deliveries) }
                guard !deliveries.isEmpty, let last = memory.last, dice.happens(percent: 2) else { return deliveries }
                return deliveries.dropLast() + [last]
            }
        },
        store("waiting claims are not woken", breaks: "L4") { store, _, memory in store.sleeps = memory.time },
        store("due tasks are not promoted", breaks: "L1") { store, _, _ in store.promotes = false },
        store("lost hints are not found again", breaks: "L1") { store, _, _ in store.shows = false },
        store("delays are forgotten", breaks: "S12") { store, _, _ in
            store.inserting = { tasks in
                tasks.map { task in
                    var task = task
                    task.message.availableAt = task.message.enqueuedAt
                    return task
                }
            }
        },
        message("attempts are not counted", breaks: "S8") { message, _ in message.attempt = 1 },
        message("a bit of a payload is flipped", breaks: "S15") { message, dice in
            if dice.happens(percent: 1), !message.payload.isEmpty { message.payload[0] ^= 1 }
        },
        store("priorities are upside down", breaks: "S11") { store, _, _ in
            store.inserting = { tasks in tasks.map { $0.upsideDown } }
            store.granted = { deliveries in
                deliveries.map { Delivery(message: $0.message.upsideDown, lease: $0.lease) }
            }
            store.record = { record in
                var record = record
                record.message = record.message.upsideDown
                return record
            }
        },
        store("last come, first served", breaks: "S11") { store, _, _ in
            store.inserting = { tasks in
                tasks.map { task in
                    var task = task
                    task.message = task.message.mirrored
                    return task
                }
            }
            store.granted = { deliveries in
                deliveries.map { Delivery(message: $0.message.mirrored, lease: $0.lease) }
            }
        },
    ]
}

extension AttemptResult {
    fileprivate func with(_ outcome: Outcome) -> AttemptResult {
        let report = AttemptReport(
            delivery: report.delivery, outcome: outcome, startedAt: report.startedAt, finishedAt: report.finishedAt,
            worker: report.worker)
        return AttemptResult(report: report, verdict: verdict)
    }

    fileprivate func under(_ lease: Lease) -> AttemptResult {
        let report = AttemptReport(
            delivery: Delivery(message: report.delivery.message, lease: lease), outcome: report.outcome,
            startedAt: report.startedAt, finishedAt: report.finishedAt, worker: report.worker)
        return AttemptResult(report: report, verdict: verdict)
    }
}

extension TaskMessage {
    fileprivate var upsideDown: TaskMessage {
        var message = self
        message.priority = Priority(rawValue: 3 - priority.rawValue) ?? priority
        return message
    }

    /// Those that came first look as if they had come last. Whoever waits for its time is left alone.
    fileprivate var mirrored: TaskMessage {
        let start: Int64 = 1_767_225_600_000_000
        var message = self
        if !isDelayed || availableAt.microseconds < start {
            message.availableAt = Timestamp(microseconds: 2 * start - availableAt.microseconds)
        }
        return message
    }
}

extension NewTask {
    fileprivate var upsideDown: NewTask {
        var task = self
        task.message = task.message.upsideDown
        return task
    }
}
