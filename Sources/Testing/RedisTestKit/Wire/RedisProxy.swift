#if Redis
import NIOCore
import NIOPosix
public import RESP
import Synchronization

/// Stands between clients and a server without TLS, and spoils one thing where it is told to.
public final class RedisProxy: Sendable {
    /// What can go wrong.
    public enum Fault: Sendable, Hashable {
        /// The server answers with this error instead of running the command.
        case error(String)
        /// The server says these bytes instead of an answer, and ends the connection.
        case lastWords(String)
        /// The connection ends before the command reaches the server.
        case cutBefore
        /// The server runs the command, and the connection ends before its answer comes back.
        case cutAfter
        /// The connection stays open, and nothing comes back any more.
        case silence
    }

    /// Where a fault strikes.
    public enum Place: Sendable, Hashable {
        /// At the next command that is not part of opening a connection.
        case command
        /// At the next `SUBSCRIBE`; those who listen now are cut off, so that there is one.
        case subscription
    }

    private let listener: any Channel
    private let plan: FaultPlan
    /// Where clients reach the proxy.
    public let port: Int

    private init(_ listener: any Channel, _ plan: FaultPlan, port: Int) {
        (self.listener, self.plan, self.port) = (listener, plan, port)
    }

    /// The address of the server behind the proxy, without password and TLS.
    public var address: RedisAddress { RedisAddress(.single(.host("127.0.0.1", port: port))) }
    /// Whether there is something that is still to be spoiled.
    public var isArmed: Bool { plan.isArmed }

    /// Spoils one thing, the next that there is to spoil at that place.
    public func strike(_ fault: Fault, at place: Place = .command) {
        for listening in plan.set(fault, at: place) { listening.close(promise: nil) }
    }

    func close() async { try? await listener.close().get() }

    static func open(to server: RedisProcess) async throws -> RedisProxy {
        let (plan, target) = (FaultPlan(), server.port)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { front in
                let silence = Silence()
                return ClientBootstrap(group: front.eventLoop)
                    .channelInitializer { back in
                        back.eventLoop.makeCompletedFuture {
                            try back.pipeline.syncOperations.addHandler(Answers(to: front, silence))
                        }
                    }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { back in
                        try front.pipeline.syncOperations.addHandler(Commands(to: back, plan, silence))
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        guard let port = listener.localAddress?.port else { throw RedisTestError("the proxy has no port") }
        return RedisProxy(listener, plan, port: port)
    }
}

/// What is to be spoiled next.
private final class FaultPlan: Sendable {
    private struct State {
        var next: [RedisProxy.Place: RedisProxy.Fault] = [:]
        var listening: [any Channel] = []
    }
    private let state = Mutex(State())
    private static let greetings: Set = ["HELLO", "AUTH", "CLIENT", "SELECT", "ROLE"]

    var isArmed: Bool { state.withLock { !$0.next.isEmpty } }

    /// Returns the connections to end, so that there is something to spoil.
    func set(_ fault: RedisProxy.Fault, at place: RedisProxy.Place) -> [any Channel] {
        state.withLock { state in
            state.next[place] = fault
            guard place == .subscription else { return [] }
            defer { state.listening = [] }
            return state.listening
        }
    }

    /// What happens to this command; nil: what should.
    func judge(_ piece: CommandSplitter.Piece, from front: any Channel) -> RedisProxy.Fault? {
        let place: RedisProxy.Place = piece.name == "SUBSCRIBE" ? .subscription : .command
        return state.withLock { state in
            if place == .subscription { state.listening.append(front) }
            return Self.greetings.contains(piece.name) ? nil : state.next.removeValue(forKey: place)
        }
    }
}

/// Whether the answers of one connection are dropped, and whether the first of them ends it.
private final class Silence: Sendable {
    enum Kind { case none, silent, ending }
    private let state = Mutex(Kind.none)
    var kind: Kind { state.withLock { $0 } }
    func begin(_ kind: Kind) { state.withLock { $0 = kind } }
}

/// From the client to the server.
private final class Commands: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let back: any Channel
    private let plan: FaultPlan
    private let silence: Silence
    private var splitter = CommandSplitter()

    init(to back: any Channel, _ plan: FaultPlan, _ silence: Silence) {
        (self.back, self.plan, self.silence) = (back, plan, silence)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        splitter.append(unwrapInboundIn(data))
        while let piece = splitter.next() { pass(piece, context) }
        back.flush()
    }

    func channelInactive(context: ChannelHandlerContext) { back.close(promise: nil) }

    private func pass(_ piece: CommandSplitter.Piece, _ context: ChannelHandlerContext) {
        switch plan.judge(piece, from: context.channel) {
        case nil: back.write(piece.bytes, promise: nil)
        case .error(let text): back.write(Self.saying(text), promise: nil)
        case .lastWords(let text):
            context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
            context.close(promise: nil)
        case .cutBefore: context.close(promise: nil)
        case .cutAfter:
            silence.begin(.ending)
            back.write(piece.bytes, promise: nil)
        case .silence:
            silence.begin(.silent)
            back.write(piece.bytes, promise: nil)
        }
    }

    /// A command to which the server answers with that error, in its turn.
    private static func saying(_ text: String) -> ByteBuffer {
        let words = ["EVAL", "return redis.error_reply(ARGV[1])", "0", text]
        let lines = words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }
        return ByteBuffer(string: "*\(words.count)\r\n" + lines.joined())
    }
}

/// From the server to the client.
private final class Answers: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let front: any Channel
    private let silence: Silence

    init(to front: any Channel, _ silence: Silence) { (self.front, self.silence) = (front, silence) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch silence.kind {
        case .none: front.writeAndFlush(unwrapInboundIn(data), promise: nil)
        case .silent: break
        case .ending: front.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) { front.close(promise: nil) }
}
#endif
