#if HTTP
import NIOCore
import NIOHTTP1

/// Sees heads as they were sent, before whoever comes later in the pipeline is told neither the version nor the form of
/// the target.
///
/// A connection of HTTP/1.0 ends after its answer, unless it asked to be kept: its client waits for that. A target that
/// names a host would be served under the name in `Host`, which may be another one: it is made one that is refused.
final class RawHeads: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Puts one behind the decoder.
    static func watch(_ pipeline: ChannelPipeline.SynchronousOperations) {
        guard let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        try? pipeline.addHandler(RawHeads(), position: .after(decoder))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if head.version == .http1_0, !head.isKeepAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
        if !head.uri.hasPrefix("/"), head.method != .CONNECT { head.uri = "*" }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }
}

@available(*, unavailable)
extension RawHeads: Sendable {}
#endif
