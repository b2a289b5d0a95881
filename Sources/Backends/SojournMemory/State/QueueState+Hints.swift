import SojournCore
import SojournModel

extension QueueState {
    /// Leases those of the hinted tasks that wait now, as their hints say.
    mutating func claim(_ hints: [Hint], for request: LeaseRequest, now: Timestamp) -> LeaseGrant {
        var grant = LeaseGrant()
        for hint in hints where grant.deliveries.count < request.limit {
            guard let slot = slot(waitingAs: hint, for: request) else { continue }
            if let delivery = self.grant(slot, to: request, now: now) {
                grant.deliveries.append(delivery)
            } else {
                grant.expired.append(table[slot].record.message.withoutPayload)
            }
        }
        return grant
    }

    private func slot(waitingAs hint: Hint, for request: LeaseRequest) -> Int? {
        guard let slot = table.slot(of: hint.id) else { return nil }
        let record = table[slot].record
        let message = record.message
        guard record.status == .queued, message.availableAt == hint.availableAt, !paused.contains(message.queue),
            request.queues.isEmpty || request.queues.contains(message.queue),
            request.types?.contains(message.type) ?? true
        else { return nil }
        return slot
    }

    /// Who waits in one line, in order.
    func waiting(_ look: WaitingLook) -> WaitingPage {
        let behind = lanes.places(in: look.line, of: table).filter { place in
            place.instant < look.before && (place.instant, order(place)) > (look.after.availableAt, look.after.order)
        }
        let seen = behind.sorted().prefix(max(0, look.limit))
        var page = WaitingPage(hints: seen.map { Hint(table[$0.slot].record.message) })
        if seen.count < behind.count, let last = seen.last {
            page.end = WaitingPlace(availableAt: last.instant, order: order(last))
        }
        return page
    }

    private func order(_ place: Place) -> Int64 { Int64(clamping: place.number) }
}

extension Lanes {
    /// The lines in which somebody waits, in order.
    var hintLines: [HintLine] {
        lines.sorted { $0.key < $1.key }.flatMap { _, lanes in
            lanes.sorted { ($0.key.tenant, $0.key.priority) < ($1.key.tenant, $1.key.priority) }
                .flatMap { lane, byType in byType.keys.sorted().map { HintLine(lane: lane, type: $0) } }
        }
    }

    /// Everybody's place in one line, in no order.
    func places(in line: HintLine, of table: TaskTable) -> [Place] {
        lines[line.lane.queue]?[line.lane]?[line.type]?.places(in: table) ?? []
    }
}

extension WaitingLine {
    /// Everybody's place, in no order.
    func places(in table: TaskTable) -> [Place] { inTime.places(in: table) + late.places(in: table) }
}
