#if HTTP
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes
import SojournCore
import SojournWire

/// Asks a connection to fire a signal as soon as its other side has gone.
struct DisconnectWatch: Sendable {
    let signal: OneShot
}

/// Watches over one connection: cuts off who sends too slowly, ends the connection after an answer that says so, answers
/// what is not HTTP, and tells a long poll when nobody waits for it any more.
///
/// Lives on the connection's event loop.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum State { case open, closing, closed }

    private let limits: HTTPLimits
    private var deadlines: ReadDeadlines
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?
    private var state = State.open
    private var unanswered = 0
    private var isInputClosed = false
    private var watch: DisconnectWatch?

    init(_ limits: HTTPLimits) {
        self.limits = limits
        self.deadlines = ReadDeadlines(head: limits.headerTime, body: limits.bodyTime)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Bytes must be seen before they are a request.
        try? context.channel.pipeline.syncOperations.addHandler(ByteWatch(self, context), position: .first)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.task.cancel() }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch part {
        case .head(let head):
            unanswered += 1
            deadlines.headRead(now: .now())
            if state == .open { sendContinue(head, context) }
        case .body: break
        case .end: deadlines.endRead()
        }
        // After the last answer nothing is a request any more.
        if state == .open { context.fireChannelRead(data) }
    }

    fileprivate func bytesRead(_ context: ChannelHandlerContext) {
        deadlines.bytesRead(now: .now())
        armTimer(context)
    }

    /// Curl and others ask before they send much.
    private func sendContinue(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        guard head.headerFields[.expect]?.lowercased() == "100-continue" else { return }
        let length = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= limits.bodyBytes else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isTransport = error is IOError || error is ChannelError
        // While a request is being answered its handler is told, and answers.
        guard !isTransport, unanswered == 0, state == .open else { return context.fireErrorCaught(error) }
        let problem = Problem(status: 400, title: "Bad Request", detail: "This is not an HTTP/1.1 request.")
        let response = Answers.problem(problem, close: true)
        unanswered += 1
        for part in [HTTPResponsePart.head(response.head), .body(Answers.buffer(problem)), .end(nil)] {
            write(context: context, data: wrapOutboundOut(part), promise: nil)
        }
    }

    // MARK: Writing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headerFields[.connection] == "close" { state = .closing }
            context.write(data, promise: promise)
        case .body: context.write(data, promise: promise)
        case .end:
            unanswered -= 1
            deadlines.answered(now: .now())
            watch = nil
            context.write(data, promise: promise)
            if state == .closing { linger(context) }
        }
    }

    /// Ends the connection so that the last answer still arrives: closing at once would make the kernel throw away what
    /// the other side has not read yet.
    private func linger(_ context: ChannelHandlerContext) {
        state = .closed
        context.flush()
        context.close(mode: .output, promise: nil)
        timer?.task.cancel()
        setTimer(at: .now() + TimeAmount(limits.lingerTime), context)
    }

    // MARK: Time

    private func armTimer(_ context: ChannelHandlerContext) {
        guard let deadline = deadlines.deadline else { return }
        if let timer {
            if timer.at <= deadline { return }
            timer.task.cancel()
        }
        setTimer(at: deadline, context)
    }

    private func setTimer(at deadline: NIODeadline, _ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let task = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.timerFired(context)
        }
        timer = (task, deadline)
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        timer = nil
        let now = NIODeadline.now()
        guard state == .open, !deadlines.isOver(now: now) else { return context.close(promise: nil) }
        // A deadline that has passed and is excused is looked at again later.
        if let deadline = deadlines.deadline { setTimer(at: max(deadline, now + .seconds(1)), context) }
    }

    // MARK: Leaving

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let watch = event as? DisconnectWatch else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if isInputClosed { watch.signal.fire() } else { self.watch = watch }
        promise?.succeed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        isInputClosed = true
        watch?.signal.fire()
        watch = nil
    }
}

/// Sees the bytes of a connection before they are a request.
private final class ByteWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let handler: ConnectionHandler
    private let handlerContext: ChannelHandlerContext

    init(_ handler: ConnectionHandler, _ context: ChannelHandlerContext) {
        self.handler = handler
        self.handlerContext = context
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        handler.bytesRead(handlerContext)
        context.fireChannelRead(data)
    }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
#endif
