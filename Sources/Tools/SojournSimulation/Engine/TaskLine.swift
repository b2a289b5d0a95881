/// Tasks that wait, first come first served, by their numbers.
struct TaskLine {
    private var tasks: [Int32] = []
    private var head = 0

    var isEmpty: Bool { head == tasks.count }
    var count: Int { tasks.count - head }
    var first: Int32? { head < tasks.count ? tasks[head] : nil }

    mutating func append(_ task: Int32) { tasks.append(task) }

    mutating func popFirst() -> Int32? {
        guard head < tasks.count else { return nil }
        let task = tasks[head]
        head += 1
        if head == tasks.count {
            tasks.removeAll(keepingCapacity: true)
            head = 0
        }
        return task
    }

    /// Puts a task that lost its slot before all others.
    mutating func returnToHead(_ task: Int32) {
        guard head > 0 else { return tasks.insert(task, at: 0) }
        head -= 1
        tasks[head] = task
    }
}
