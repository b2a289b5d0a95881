#if Redis
import NIOCore

/// Asks one sentinel after the other who the master is.
struct Sentinel: Sendable {
    let endpoints: [RedisEndpoint]
    let master: String
    private let ask: @Sendable (RedisEndpoint, any EventLoop) -> EventLoopFuture<[Reply]>

    init(endpoints: [RedisEndpoint], master: String, factory: LinkFactory) {
        self.endpoints = endpoints
        self.master = master
        let question = Command("SENTINEL", key: nil, "GET-MASTER-ADDR-BY-NAME", master)
        // A dead sentinel must not use up the time in which another could answer.
        let patience = TimeAmount(min(factory.configuration.connectTimeout, .seconds(1)))
        ask = { [weak factory] endpoint, loop in
            let promise = loop.makePromise(of: [Reply].self)
            do throws(RESPError) {
                guard let link = try factory?.sentinelLink(to: endpoint) else { throw .shutDown }
                var bytes = ByteBuffer()
                question.write(to: &bytes)
                let refusal = link.submit(bytes, count: 1, deadline: .now() + patience) { replies in
                    promise.succeed(replies)
                    link.close()
                }
                if let refusal { throw refusal }
            } catch {
                promise.fail(error)
            }
            return promise.futureResult
        }
    }

    /// The master's address as the first sentinel that answers knows it.
    func find(on loop: any EventLoop) -> EventLoopFuture<RedisEndpoint> {
        find(endpoints[...], loop, RESPError(.unknownHost, "There is no sentinel to ask."))
    }

    private func find(
        _ rest: ArraySlice<RedisEndpoint>, _ loop: any EventLoop, _ last: RESPError
    ) -> EventLoopFuture<RedisEndpoint> {
        guard let endpoint = rest.first else { return loop.makeFailedFuture(last) }
        return ask(endpoint, loop).flatMapThrowing { try Self.endpoint(in: $0, master: master) }
            .flatMapError { error in
                let reason = error as? RESPError ?? last
                return find(rest.dropFirst(), loop, RESPError(reason.kind, "Sentinel \(endpoint): \(reason.message)"))
            }
    }

    private static func endpoint(in replies: [Reply], master: String) throws -> RedisEndpoint {
        let value = try replies.first?.get()
        guard let words = value?.elements, words.count == 2, let host = words[0].text, let port = words[1].integer,
            (1...65_535).contains(port)
        else { throw RESPError(.unknownHost, "no master is known by the name \(master).") }
        return .host(host, port: port)
    }
}
#endif
