import SojournModel
import Testing

@testable import SojournAutoscale

@Suite("The directory of workers")
struct WorkerDirectoryTests {
    @Test("a worker's slots are what it says, or the most that it asked for")
    func slots() {
        var directory = WorkerDirectory()
        directory.asks("a", for: ["q"], free: 5, at: 0)
        #expect(directory.slots(for: "q") == (5, 0))
        directory.took("a", 3, at: 1)
        #expect(directory.slots(for: "q") == (5, 3))
        directory.asks("a", for: ["q"], free: 2, at: 1)
        #expect(directory.slots(for: "q") == (5, 3))
        directory.gaveBack("a", at: 2)
        #expect(directory.slots(for: "q") == (5, 2))
        #expect(directory.held(by: "a") == 2)
        // It claims again before its reports are written: it still has no more slots than it says.
        directory.asks("a", for: ["q"], free: 1, slots: 2, at: 3)
        #expect(directory.slots(for: "q") == (2, 2))
        directory.took("a", 1, at: 3)
        #expect(directory.slots(for: "q") == (2, 2))
    }

    @Test("workers serve the queues that they name, or all")
    func queues() {
        var directory = WorkerDirectory()
        directory.asks("all", for: [], free: 4, at: 0)
        directory.asks("one", for: ["q"], free: 3, at: 0)
        directory.asks("two", for: ["q", "r"], free: 2, at: 0)
        #expect(directory.slots(for: "q").ready == 9)
        #expect(directory.slots(for: "r").ready == 6)
        #expect(directory.slots(for: "s").ready == 4)
        #expect(directory.workers(for: "q") == 3 && directory.workers(for: "s") == 1)
        #expect(directory.isShared("q", "s"))
        directory.left("all")
        #expect(!directory.isShared("q", "s") && directory.isShared("q", "r"))
        #expect(directory.slots(for: "s").ready == 0)
    }

    @Test("one that changes its queues counts for the new ones only")
    func changesQueues() {
        var directory = WorkerDirectory()
        directory.asks("a", for: ["q"], free: 4, at: 0)
        directory.took("a", 1, at: 0)
        directory.asks("a", for: ["r"], free: 3, at: 1)
        #expect(directory.slots(for: "q") == (0, 0))
        #expect(directory.slots(for: "r") == (3, 0))
    }

    @Test("silent workers are forgotten, waiting ones are not")
    func silence() {
        var directory = WorkerDirectory()
        directory.asks("waits", for: ["q"], free: 1, at: 0)
        directory.asks("idle", for: ["q"], free: 1, at: 0)
        directory.took("idle", 0, at: 0)
        directory.asks("busy", for: ["q"], free: 1, at: 0)
        directory.took("busy", 1, at: 0)
        directory.forgetSilent(at: 30)
        #expect(directory.slots(for: "q") == (2, 1))
        directory.forgetSilent(at: 1_000)
        #expect(directory.slots(for: "q") == (1, 0))
    }

    @Test("what is told of unknown workers changes nothing")
    func unknown() {
        var directory = WorkerDirectory()
        directory.took("a", 5, at: 0)
        directory.gaveBack("a", at: 0)
        directory.left("a")
        #expect(directory.count == 0 && directory.slots(for: "q") == (0, 0))
    }
}
