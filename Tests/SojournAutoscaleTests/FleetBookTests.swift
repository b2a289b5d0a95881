import SojournModel
import Testing

@testable import SojournAutoscale

@Suite("The book of a fleet")
struct FleetBookTests {
    @Test("start-up is measured from launch to the first claim")
    func startup() {
        var book = FleetBook(queue: "q", run: "x")
        let names = book.launch(2, at: 10)
        #expect(names == ["q-x-1", "q-x-2"] && book.count == 2 && book.ready == 0)
        #expect(book.pending(at: 11, startup: 3) == [13, 13])
        #expect(book.startup == nil)
        let heard = [names[0], names[0], "stranger"].map { name in book.heard(name, at: 14) }
        #expect(heard == [true, false, false])
        #expect(book.startup == 4 && book.ready == 1)
        // The second one takes longer than expected: it may come at any moment.
        #expect(book.pending(at: 50, startup: 4) == [50.1])
    }

    @Test("those who are not ready are stopped first, then those who hold least")
    func stops() {
        var book = FleetBook(queue: "q", run: "x")
        let names = book.launch(4, at: 0)
        for name in names.dropLast() { _ = book.heard(name, at: 1) }
        let held = [names[0]: 5, names[1]: 0, names[2]: 2]
        let stopped = book.stop(3) { held[$0] }
        #expect(stopped == [names[3], names[1], names[2]])
        #expect(book.count == 1 && book.ready == 1)
        let none = book.stop(0) { held[$0] }
        #expect(none.isEmpty)
    }

    @Test("how a worker ended")
    func ends() {
        var book = FleetBook(queue: "q", run: "x")
        let names = book.launch(3, at: 0)
        _ = book.heard(names[0], at: 1)
        _ = book.heard(names[1], at: 1)
        let stopped = book.stop(1) { _ in 0 }
        #expect(stopped == [names[2]])
        let ends = [names[2], names[1]].map { book.ended($0) }
        #expect(ends == [.asked, .failed])
        let another = book.launch(1, at: 2)[0]
        let end = book.ended(another)
        #expect(end == .failedToStart)
        #expect(book.ended("stranger") == .asked)
    }
}
