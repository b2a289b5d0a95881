import SojournCore
import SojournModel
import Testing

@testable import SojournMemory

@Suite("Lines of tasks") struct LineTests {
    /// A table of tasks, each in the place that its slot says.
    private func table(_ count: Int) -> TaskTable {
        var random = SystemRandomNumberGenerator()
        var table = TaskTable()
        for index in 0..<count {
            let now = Timestamp(microseconds: Int64(index) * 1_000)
            let message = TaskMessage(
                id: TaskID(at: now, random: &random), type: "t", payload: [], enqueuedAt: now, availableAt: now)
            let slot = table.insert(
                TaskEntry(record: TaskRecord(message: message, status: .queued), fingerprint: 0))
            table[slot].place = UInt64(slot + 1)
        }
        return table
    }

    private func place(_ slot: Int, at microseconds: Int64, number: UInt64? = nil) -> Place {
        Place(
            instant: Timestamp(microseconds: microseconds), number: number ?? UInt64(slot + 1), slot: slot)
    }

    @Test(arguments: 1...20)
    func aHeapSorts(seed: Int) {
        let numbers = (0..<seed * 13).map { ($0 * 7_919 + seed * 31) % 50 }
        var heap = Heap<Int>()
        for number in numbers { heap.insert(number) }
        heap.keep { $0 % 7 != 0 }
        var sorted: [Int] = []
        while let first = heap.first {
            #expect(heap.popFirst() == first)
            sorted.append(first)
        }
        #expect(sorted == numbers.filter { $0 % 7 != 0 }.sorted())
        #expect(heap.popFirst() == nil)
    }

    @Test func whoLeftIsSkipped() {
        var table = table(4)
        var line = Line()
        for slot in 0..<4 { line.add(place(slot, at: Int64(slot)), in: table) }
        for slot in [0, 2] {
            table[slot].place = 0
            line.leave()
        }
        #expect(line.count == 2)
        #expect(line.first(in: table)?.slot == 1)
        #expect(Set(line.slots(in: table)) == [1, 3])
    }

    @Test func thePrefixStays() {
        let table = table(5)
        var line = Line()
        for (slot, instant) in [30, 10, 50, 20, 40].enumerated() {
            line.add(place(slot, at: Int64(instant)), in: table)
        }
        for _ in 0..<2 {
            let (places, next) = line.prefix(2, through: Timestamp(microseconds: 45), in: table)
            #expect(places.map(\.slot) == [1, 3])
            #expect(next == Timestamp(microseconds: 30))
        }
        let (all, next) = line.prefix(9, through: Timestamp(microseconds: 45), in: table)
        #expect(all.map(\.slot) == [1, 3, 0, 4])
        #expect(next == Timestamp(microseconds: 50))
        #expect(line.prefix(-1, through: .distantFuture, in: table).places.isEmpty)
    }

    @Test func stalePlacesDoNotPileUp() {
        var table = table(10)
        var line = Line()
        // Each newcomer stands before all others, so that stale places sink to the end, where nobody meets them.
        for round in 0..<2_000 {
            let slot = round % 10
            let number = UInt64(100 + round)
            if round >= 10 { line.leave() }
            table[slot].place = number
            line.add(place(slot, at: Int64(2_000 - round), number: number), in: table)
            #expect(line.first(in: table)?.number == number)
            #expect(line.slots(in: table).sorted() == Array(0...min(round, 9)))
            #expect(line.places <= 2 * 10 + 65)
        }
        #expect(line.count == 10)
    }

    @Test func theLateStandApart() {
        var table = table(40)
        var line = WaitingLine()
        for slot in 0..<40 { line.add(place(slot, at: Int64(slot)), in: table) }
        func look(_ cutoff: Int64?) -> [Int64] {
            let found = line.look(cutoff: cutoff.map { Timestamp(microseconds: $0) }, in: table)
            return [Int64(found.inTime), Int64(found.late), found.oldest.microseconds]
        }
        // Forward, back again where another promise asks, and without one.
        #expect(look(10) == [30, 10, 10])
        #expect(look(25) == [15, 25, 25])
        #expect(look(5) == [35, 5, 5])
        #expect(look(nil) == [40, 0, 0])
        #expect(look(20) == [20, 20, 20])
        for slot in [0, 20, 21, 39] {
            table[slot].place = 0
            line.leave(availableSince: Timestamp(microseconds: Int64(slot)))
        }
        #expect(look(20) == [17, 19, 22])
        #expect(line.first(late: true, in: table)?.slot == 1)
        #expect(line.first(late: false, in: table)?.slot == 22)
        #expect(line.first(late: nil, in: table)?.slot == 1)
        table[0].place = 100
        line.add(place(0, at: 3, number: 100), in: table)
        #expect(look(20) == [17, 20, 22])
        #expect(look(100) == [0, 37, .max])
        #expect(line.count == 37)
    }

    @Test func aTableKeepsIdentifiersInOrder() {
        var random = SystemRandomNumberGenerator()
        var table = table(200)
        let newest = Array(table.newestFirst(below: nil))
        #expect(newest == (0..<200).reversed())
        for slot in 0..<190 { table.remove(slot) }
        #expect(table.count == 10)
        #expect(Array(table.newestFirst(below: nil)) == (190..<200).reversed())
        let middle = table[195].record.message.id
        #expect(Array(table.newestFirst(below: middle)) == (190..<195).reversed())
        let old = Timestamp(microseconds: 5_000)
        let message = TaskMessage(
            id: TaskID(at: old, random: &random), type: "t", payload: [], enqueuedAt: old, availableAt: old)
        let slot = table.insert(TaskEntry(record: TaskRecord(message: message, status: .queued), fingerprint: 0))
        #expect(slot < 190, "vacant slots are used again")
        #expect(Array(table.newestFirst(below: nil)).last == slot, "the oldest comes last, whenever it came")
        #expect(table.slot(of: message.id) == slot)
    }
}
