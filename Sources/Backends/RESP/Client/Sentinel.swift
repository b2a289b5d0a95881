#if Redis
import NIOCore
import Synchronization

/// Asks one sentinel after the other who the master is.
///
/// Sentinels hear of a new master one after the other, so what one of them says counts only if it is not older than
/// what another one has said before.
final class Sentinel: Sendable {
    fileprivate struct News: Sendable {
        let master: RedisEndpoint
        /// Grows with every new master.
        let epoch: Int
    }
    private struct State {
        var newest: News?
        var links: [RedisEndpoint: Link] = [:]
    }

    /// How often a connection is checked: sentinels leave a master that they have replaced alone for many seconds, and
    /// all that is written there meanwhile is lost.
    private static let interval = TimeAmount.seconds(1)
    private let endpoints: [RedisEndpoint]
    private let master: String
    private let questions: ByteBuffer
    /// A dead sentinel must not use up the time in which another could answer.
    private let patience: TimeAmount
    private let open: @Sendable (RedisEndpoint) throws(RESPError) -> Link
    private let state = Mutex(State())

    /// - Parameter open: Opens a link to a sentinel.
    init(
        _ endpoints: [RedisEndpoint], master: String, patience: TimeAmount,
        open: @escaping @Sendable (RedisEndpoint) throws(RESPError) -> Link
    ) {
        (self.endpoints, self.master, self.patience, self.open) = (endpoints, master, patience, open)
        var questions = ByteBuffer()
        Command("SENTINEL", key: nil, "GET-MASTER-ADDR-BY-NAME", master).write(to: &questions)
        Command("SENTINEL", key: nil, "MASTER", master).write(to: &questions)
        self.questions = questions
    }

    /// The master's address: from the first sentinel that is up to date, or else from the first that answers.
    func find(on loop: any EventLoop) -> EventLoopFuture<RedisEndpoint> {
        find(endpoints[...], loop, nil, .noSentinel)
    }

    private func find(
        _ rest: ArraySlice<RedisEndpoint>, _ loop: any EventLoop, _ old: News?, _ last: RESPError
    ) -> EventLoopFuture<RedisEndpoint> {
        guard let endpoint = rest.first else {
            guard let old else { return loop.makeFailedFuture(last) }
            // All of them have forgotten; they were set up anew.
            state.withLock { $0.newest = old }
            return loop.makeSucceededFuture(old.master)
        }
        return ask(endpoint, loop).map { Result<News, any Error>.success($0) }
            .flatMapErrorThrowing { .failure($0) }
            .flatMap { answer in
                switch answer {
                case .success(let news) where self.isNew(news): return loop.makeSucceededFuture(news.master)
                case .success(let news): return self.find(rest.dropFirst(), loop, old ?? news, last)
                case .failure(let error):
                    let reason = error as? RESPError ?? last
                    let last = RESPError(reason.kind, "Sentinel \(endpoint): \(reason.message)")
                    return self.find(rest.dropFirst(), loop, old, last)
                }
            }
    }

    /// Looks again and again whether `link` still leads to the master, and makes it leave where it does not. Ends with
    /// the link. `place` is where it leads.
    func watch(_ link: Link, _ place: @escaping @Sendable () -> RedisEndpoint?) {
        let loop = link.loop
        loop.scheduleTask(in: Self.interval) { [weak link] in
            guard let link, link.isUsable else { return }
            guard link.isReady, let before = place() else { return self.watch(link, place) }
            self.look(self.endpoints.shuffled()[...], on: loop).whenComplete { answer in
                if case .success(let master) = answer, master != before, place() == before { link.leave() }
                self.watch(link, place)
            }
        }
    }

    /// Asks until one answers; the newest master that any of them has ever named.
    private func look(_ rest: ArraySlice<RedisEndpoint>, on loop: any EventLoop) -> EventLoopFuture<RedisEndpoint> {
        guard let endpoint = rest.first else { return loop.makeFailedFuture(RESPError.noSentinel) }
        return ask(endpoint, loop)
            .map { news in
                if self.isNew(news) { return news.master }
                return self.state.withLock { $0.newest }?.master ?? news.master
            }
            .flatMapError { _ in self.look(rest.dropFirst(), on: loop) }
    }

    /// Remembers what is not older than what is known.
    private func isNew(_ news: News) -> Bool {
        state.withLock { state in
            guard news.epoch >= state.newest?.epoch ?? 0 else { return false }
            state.newest = news
            return true
        }
    }
}

// MARK: Questions

extension Sentinel {
    private func ask(_ endpoint: RedisEndpoint, _ loop: any EventLoop) -> EventLoopFuture<News> {
        let promise = loop.makePromise(of: [Reply].self)
        do throws(RESPError) {
            let link = try link(to: endpoint)
            let refusal = link.submit(questions, count: 2, deadline: .now() + patience) { replies in
                // One that does not answer is asked on a new connection next time.
                if case .failure(let error)? = replies.first, error.isRetryable { link.close() }
                promise.succeed(replies)
            }
            if let refusal { throw refusal }
        } catch {
            promise.fail(error)
        }
        return promise.futureResult.flatMapThrowing { [master] replies in try News(replies, master: master) }
    }

    private func link(to endpoint: RedisEndpoint) throws(RESPError) -> Link {
        try state.withLock { state throws(RESPError) in
            if let link = state.links[endpoint], link.isUsable { return link }
            let link = try open(endpoint)
            state.links[endpoint] = link
            return link
        }
    }
}

extension RESPError {
    fileprivate static let noSentinel = RESPError(.unknownHost, "There is no sentinel to ask.")
}

extension Sentinel.News {
    fileprivate init(_ replies: [Reply], master name: String) throws(RESPError) {
        let words = try replies.first?.get().elements ?? []
        guard words.count == 2, let host = words[0].text, let port = words[1].integer, (1...65_535).contains(port)
        else {
            throw RESPError(.unknownHost, "no master is known by the name \(name).")
        }
        master = .host(host, port: port)
        epoch = (try? replies.last?.get())?["config-epoch"]?.integer ?? 0
    }
}
#endif
