#if Redis
public import Foundation
import NIOCore
import NIOPosix
public import RESP
import SojournTestKit
import Synchronization

/// One `redis-server` (or sentinel) of a test, on a free port of the loopback interface, in a folder of its own.
///
/// It can be ended the hard way and started again: port, folder and settings stay. On Linux the kernel ends it with
/// this process, whatever happens.
public final class RedisProcess: Sendable {
    /// Where `redis-server` is installed; nil where it is not.
    public static let executable: String? = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
        .map { $0 + "/redis-server" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Where it listens.
    public let port: Int
    /// Its data, its configuration and its log.
    public let folder: URL
    private let settings: [String]
    private let isSentinel: Bool
    private let child = Mutex<Child?>(nil)

    /// A line of `settings` that begins with `port` takes the place of its own.
    init(_ settings: [String] = [], in folder: URL, isSentinel: Bool = false, port: Int? = nil) throws {
        self.port = try port ?? FreePort.next()
        self.folder = folder.appendingPathComponent("\(self.port)")
        self.isSentinel = isSentinel
        self.settings = settings
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    }

    /// Where it listens.
    public var endpoint: RedisEndpoint { .host("127.0.0.1", port: port) }
    /// The address of a server without password and TLS.
    public var address: RedisAddress { RedisAddress(.single(endpoint)) }
    /// What it has written to its log.
    public var log: String { (try? String(contentsOf: folder.appendingPathComponent("log"), encoding: .utf8)) ?? "" }

    /// Starts it. It may take a moment until it takes connections, see ``isUp()``.
    public func start() throws {
        guard let executable = Self.executable else { throw RedisTestError("redis-server is not installed") }
        let new = try Child([executable, try configuration().path] + (isSentinel ? ["--sentinel"] : []))
        child.withLock { $0 = new }
    }

    private func configuration() throws -> URL {
        let file = folder.appendingPathComponent("redis.conf")
        // A sentinel writes its own file again; after a restart that one counts.
        if isSentinel, FileManager.default.fileExists(atPath: file.path) { return file }
        let common = ["bind 127.0.0.1", "protected-mode no", "dir \(folder.path)", "logfile log"]
        let ports = settings.contains { $0.hasPrefix("port ") } ? [] : ["port \(port)"]
        let server = isSentinel ? [] : ["save \"\"", "appendonly no"]
        let lines = common + ports + server + settings
        try lines.joined(separator: "\n").write(to: file, atomically: false, encoding: .utf8)
        return file
    }

    /// Returns when the server takes connections and has read its data.
    public func isUp() async throws {
        try await eventually("the server on port \(port) is up", within: .seconds(20)) {
            guard let answer = await firstAnswer() else { return false }
            return !answer.hasPrefix("-LOADING")
        }
    }

    /// What it says to a `PING`: nothing if it hangs up, as one does that speaks TLS; nil if it takes no connection.
    private func firstAnswer() async -> String? {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let answer = loop.makePromise(of: String.self)
        let bootstrap = ClientBootstrap(group: loop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FirstAnswer(answer))
            }
        }
        let socket = settings.first { $0.hasPrefix("unixsocket ") }.map { String($0.dropFirst(11)) }
        let opening =
            socket.map { bootstrap.connect(unixDomainSocketPath: $0) }
            ?? bootstrap.connect(host: "127.0.0.1", port: port)
        opening.whenFailure { answer.fail($0) }
        guard let channel = try? await opening.get() else { return nil }
        let text = try? await answer.futureResult.get()
        try? await channel.close().get()
        return text ?? ""
    }

    /// Ends the process the hard way (`SIGKILL`), and waits until it is gone.
    public func kill() {
        child.withLock { child in
            child?.send(SIGKILL)
            child?.wait()
            child = nil
        }
    }

    /// Ends it the hard way, and starts it again on the same port and data.
    public func restart() async throws {
        kill()
        try start()
        try await isUp()
    }

    /// Stops it where it is (`SIGSTOP`): its connections stay open, and nobody answers.
    public func freeze() { child.withLock { $0?.send(SIGSTOP) } }

    /// Lets it go on (`SIGCONT`).
    public func thaw() { child.withLock { $0?.send(SIGCONT) } }
}

/// How often a server brings what it was told to the disk: lines for ``Stage/server(_:isSentinel:port:)``.
public enum AppendOnly: String, Sendable, CaseIterable {
    /// Once a second.
    case everysec
    /// Before every answer.
    case always

    /// Lines of a configuration.
    public var settings: [String] { ["appendonly yes", "appendfsync \(rawValue)"] }
}

/// What went wrong in a test's own doing.
public struct RedisTestError: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String

    /// An error with its sentence.
    public init(_ description: String) { self.description = description }
}

/// Asks whether a server is there, and hands on what it says, be it that one has to log in.
private final class FirstAnswer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let answer: EventLoopPromise<String>

    init(_ answer: EventLoopPromise<String>) { self.answer = answer }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "PING\r\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer.succeed(String(buffer: unwrapInboundIn(data)))
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ChannelError.eof) }
}
#endif
