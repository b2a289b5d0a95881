#if Redis
import NIOCore

/// The end of a channel's pipeline: parses what arrives and tells the ``Link``.
final class LinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: Link
    private let generation: Int
    private var parser: RESPParser

    init(link: Link, generation: Int, limits: WireLimits) {
        self.link = link
        self.generation = generation
        parser = RESPParser(limits: limits)
    }

    func channelActive(context: ChannelHandlerContext) {
        if !link.opened(context.channel, generation: generation) { context.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data))
        var values: [RESPValue] = []
        var violation: RESPParser.Violation?
        do throws(RESPParser.Violation) {
            while let value = try parser.next() { values.append(value) }
        } catch {
            violation = error
        }
        if !values.isEmpty { link.received(values, generation: generation) }
        if let violation { fail(RESPError(.protocolViolation, "Redis sent \(violation.reason)."), context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(Connector.error(from: error, whileConnecting: false), context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        link.failed(RESPError(.connectionLost, "The Redis server closed the connection."), generation: generation)
        context.fireChannelInactive()
    }

    private func fail(_ error: RESPError, _ context: ChannelHandlerContext) {
        link.failed(error, generation: generation)
        context.close(promise: nil)
    }
}
#endif
