#if SQLite
import GRDB
import SojournCore
import SojournModel
import Synchronization

/// Runs writes in groups: while one transaction is being committed the next one gathers. No timer; an fsync takes
/// milliseconds, so the more callers there are the larger the groups become.
final class GroupCommitter: Sendable {
    /// What a commit must survive.
    enum Durability {
        /// The crash of this process. Enough for leases: a lost lease is a rerun.
        case process
        /// A power cut: the commit returns after an fsync.
        case power
    }

    /// Finishes one caller's wait; nil says that the commit succeeded.
    typealias Completion = @Sendable (BackendError?) -> Void
    private struct Operation {
        var durability: Durability
        var weight: Int
        var run: @Sendable (inout Writer) throws(BackendError) -> Completion
        var fail: @Sendable (BackendError) -> Void
    }
    private struct Pending {
        var operations: [Operation] = []
        var isRunning = false
        var failure: BackendError?
        /// Fired when an error stops all writing.
        var watchers: [OneShot] = []
        var isStopped = false
    }

    /// Tasks in one transaction, so that nobody waits for a very long one.
    private static let groupWeight = 8_192
    private let pending = Mutex(Pending())
    private let writer: Mutex<Writer>
    private let pool: DatabasePool
    /// After the pool, so that it is given up after that: whoever may have the folder next finds the file closed.
    private let folder: DataFolder

    /// `connection` is the address of the pool's writing connection; the writer behind the mutex is its only user.
    init(pool: DatabasePool, connection: UInt, in folder: DataFolder, now: Timestamp) throws(BackendError) {
        guard let pointer = OpaquePointer(bitPattern: connection) else {
            throw BackendError(.closed, "The database was closed.")
        }
        self.pool = pool
        self.folder = folder
        self.writer = Mutex(try Writer(connection: pointer, now: now))
    }

    /// SQLite keeps a connection, its files and its memory as long as one of its statements lives.
    deinit { writer.withLock { $0.close() } }

    /// The error that stopped all writing, if one did.
    var failure: BackendError? { pending.withLock { $0.failure } }

    /// Waits until the surrounding task is cancelled or an error stops all writing; then throws that.
    func untilStopped() async throws {
        let signal = OneShot()
        let isStopped = pending.withLock { pending in
            pending.watchers.append(signal)
            return pending.isStopped
        }
        if !isStopped { await signal.wait() }
        pending.withLock { pending in pending.watchers.removeAll { $0 === signal } }
        try Task.checkCancellation()
        if let failure { throw failure }
    }

    /// Runs `body` inside a transaction and returns when that is committed with `durability`. If another body of the
    /// same group fails, the group is rolled back and every body runs once more, alone.
    func submit<Value: Sendable>(
        _ durability: Durability, weight: Int = 1,
        _ body: @escaping @Sendable (inout Writer) throws(BackendError) -> Value
    ) async throws(BackendError) -> Value {
        let result: Result<Value, BackendError> = await withCheckedContinuation { continuation in
            let operation = Operation(
                durability: durability, weight: weight,
                run: { (writer: inout Writer) throws(BackendError) -> Completion in
                    let value = try body(&writer)
                    return { failure in
                        continuation.resume(returning: failure.map { .failure($0) } ?? .success(value))
                    }
                },
                fail: { continuation.resume(returning: .failure($0)) }
            )
            add(operation)
        }
        return try result.get()
    }

    /// Frees what the writer holds; every later submit fails.
    func close() {
        let waiting = pending.withLock { pending in
            pending.failure = pending.failure ?? BackendError(.closed, "The database was closed.")
            defer { pending.operations = [] }
            return pending.operations
        }
        for operation in waiting { operation.fail(BackendError(.closed, "The database was closed.")) }
        writer.withLock { $0.close() }
    }

    private func add(_ operation: Operation) {
        let (failure, mustStart) = pending.withLock { pending in
            if let failure = pending.failure { return (failure as BackendError?, false) }
            pending.operations.append(operation)
            defer { pending.isRunning = true }
            return (nil, !pending.isRunning)
        }
        if let failure { return operation.fail(failure) }
        // GRDB's writer queue is the one thread that ever writes.
        if mustStart { pool.asyncWriteWithoutTransaction { _ in self.drain() } }
    }

    private func drain() {
        while let group = takeGroup() {
            // Leases first: a worker waits for them, and they need no fsync.
            commit(group.filter { $0.durability == .process }, .process)
            commit(group.filter { $0.durability == .power }, .power)
        }
    }

    private func takeGroup() -> [Operation]? {
        pending.withLock { pending in
            guard !pending.operations.isEmpty else {
                pending.isRunning = false
                return nil
            }
            var weight = 0
            let end = pending.operations.firstIndex { operation in
                weight += operation.weight
                return weight > Self.groupWeight
            }
            let count = max(1, end ?? pending.operations.count)
            let group = Array(pending.operations.prefix(count))
            pending.operations.removeFirst(count)
            return group
        }
    }

    private func commit(_ group: [Operation], _ durability: Durability) {
        guard !group.isEmpty else { return }
        do throws(BackendError) {
            for completion in try transact(group, durability) { completion(nil) }
        } catch let error where error.endsWriting {
            stop(group, because: error)
        } catch let error {
            guard group.count > 1 else { return group[0].fail(error) }
            for operation in group { commit([operation], durability) }
        }
    }

    private func transact(_ group: [Operation], _ durability: Durability) throws(BackendError) -> [Completion] {
        try writer.withLock { writer throws(BackendError) in
            // A group that was taken before the end may come here after it, when the writer's statements are gone.
            if let failure { throw failure }
            try writer.begin(durability)
            do throws(BackendError) {
                var completions: [Completion] = []
                completions.reserveCapacity(group.count)
                for operation in group { completions.append(try operation.run(&writer)) }
                try writer.commit()
                return completions
            } catch {
                try writer.rollBack()
                throw error
            }
        }
    }

    /// After a failed fsync nobody knows what is on the disk, so nothing may be written any more ("fsyncgate", 2018).
    /// Nor into a file that is damaged.
    private func stop(_ group: [Operation], because error: BackendError) {
        let (waiting, watchers) = pending.withLock { pending in
            pending.failure = error
            pending.isStopped = true
            defer { pending.operations = [] }
            return (pending.operations, pending.watchers)
        }
        for operation in group + waiting { operation.fail(error) }
        for watcher in watchers { watcher.fire() }
    }
}
#endif
