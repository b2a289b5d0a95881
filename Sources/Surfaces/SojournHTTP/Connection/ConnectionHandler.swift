#if HTTP
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes
import SojournWire

/// Asks a connection to say when its other side has gone.
struct DisconnectWatch: Sendable {
    let onLeave: @Sendable () -> Void
}

/// Watches over one connection: cuts off who sends too slowly, answers what is not HTTP, reads nothing after a request
/// that ends the connection, and tells a long poll when nobody waits for it any more.
///
/// Lives on the connection's event loop.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private enum Reading {
        /// Requests come in.
        case open
        /// The request that is being read is the last one.
        case last
        /// Whatever comes in is thrown away.
        case over
    }

    private let limits: HTTPLimits
    private var deadlines: ReadDeadlines
    private var timer: (task: Scheduled<Void>, at: NIODeadline)?
    /// Fires where the other side has not taken what was written for too long.
    private var stall: Scheduled<Void>?
    /// Parts of a body that came in together: they go on as one, because a step for each of a million chunks of one
    /// byte would cost a second.
    private var gathered: ByteBuffer?
    private var isReadingBody = false
    /// What came after the requests that are being answered is not HTTP.
    private var owesRefusal = false
    private var isQuiescing = false
    private var reading = Reading.open
    private var unanswered = 0
    private var isLingering = false
    private var isInputClosed = false
    private var watch: DisconnectWatch?

    init(_ limits: HTTPLimits) {
        self.limits = limits
        self.deadlines = ReadDeadlines(head: limits.headerTime, body: limits.bodyTime)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Bytes must be seen before they are a request.
        let pipeline = context.channel.pipeline.syncOperations
        try? pipeline.addHandler(ByteWatch(self, context), position: .first)
        RawHeads.watch(pipeline)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.task.cancel()
        stall?.cancel()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard reading != .over else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            isReadingBody = true
            headRead(head, context)
        case .body(let part):
            if gathered == nil { gathered = part } else { gathered?.writeImmutableBuffer(part) }
        case .end:
            handOn(context)
            isReadingBody = false
            deadlines.endRead()
            if reading == .last { reading = .over }
            context.fireChannelRead(data)
        }
    }

    private func handOn(_ context: ChannelHandlerContext) {
        if let body = gathered.take() { context.fireChannelRead(wrapInboundOut(.body(body))) }
    }

    private func headRead(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        unanswered += 1
        deadlines.headRead(now: .now())
        if head.headerFields[.expect] != nil { sendContinue(head, context) }
        var head = head
        if endsConnection(head) {
            reading = .last
            // So that nobody downstream looks for another request.
            head.headerFields[.connection] = "close"
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// Where a body ends must be beyond doubt for another request to follow. A length is; of chunks, those who stand
    /// between a client and a server have been made to disagree too often. After a wish for another protocol nothing is
    /// read as HTTP any more, be it granted or not.
    private func endsConnection(_ head: HTTPRequest) -> Bool {
        let fields = head.headerFields
        if fields[.transferEncoding] != nil || fields[.upgrade] != nil || head.method == .connect { return true }
        if let connection = fields[.connection], connection.lowercased() == "close" { return true }
        guard let length = fields[.contentLength] else { return false }
        return (Int(length) ?? .max) > limits.bodyBytes
    }

    fileprivate func bytesRead(_ context: ChannelHandlerContext) {
        deadlines.bytesRead(now: .now())
        armTimer(context)
    }

    /// Curl and others ask before they send much.
    private func sendContinue(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        guard head.headerFields[.expect]?.lowercased() == "100-continue" else { return }
        let length = head.headerFields[.contentLength].map { Int($0) ?? .max } ?? 0
        guard length <= limits.bodyBytes else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Downstream asks for nothing more, but what is in flight must be taken for the answer to arrive.
        if isLingering { context.read() }
        handOn(context)
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isTransport = error is IOError || error is ChannelError
        if isTransport || isLingering { return context.fireErrorCaught(error) }
        if isReadingBody, unanswered > 0 {
            // Whoever answers the request whose body that was is told; nothing comes after it.
            reading = .last
            return context.fireErrorCaught(error)
        }
        reading = .over
        // Those before it are answered first.
        if unanswered > 0 { owesRefusal = true } else { refuse(context) }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        owesRefusal = false
        let problem = Problem.malformed("This is not an HTTP/1.1 request.")
        let response = Answers.problem(problem)
        unanswered = 1
        for part in [HTTPResponsePart.head(response.head), .body(Answers.buffer(problem)), .end(nil)] {
            write(context: context, data: wrapOutboundOut(part), promise: nil)
        }
    }

    // MARK: Writing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isLingering else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        let isLast = reading != .open && unanswered == 1 && !owesRefusal
        switch unwrapOutboundIn(data) {
        case .head(var head) where isLast:
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        case .end:
            unanswered -= 1
            deadlines.answered(now: .now())
            watch = nil
            context.write(data, promise: promise)
            if isLast { linger(context) } else if owesRefusal, unanswered == 0 { refuse(context) }
        }
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        watchWriting(context)
    }

    /// Whoever takes nothing for too long is cut off: whoever writes to them waits meanwhile, and a server that stops
    /// waits for whoever writes.
    private func watchWriting(_ context: ChannelHandlerContext) {
        let left = unwritten(context)
        if left == 0 {
            stall?.cancel()
            stall = nil
        } else if stall == nil {
            setStall(left, context)
        }
    }

    private func setStall(_ left: Int, _ context: ChannelHandlerContext) {
        let patience = TimeAmount(isQuiescing ? limits.lingerTime : limits.writeTime)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        stall = context.eventLoop.scheduleTask(in: patience) {
            let (handler, context) = bound.value
            handler.stallFired(left, context)
        }
    }

    private func stallFired(_ before: Int, _ context: ChannelHandlerContext) {
        stall = nil
        let left = unwritten(context)
        if left >= before { context.close(promise: nil) } else if left > 0 { setStall(left, context) }
    }

    /// Bytes that the system has not taken yet.
    private func unwritten(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(ChannelOptions.bufferedWritableBytes)) ?? 0
    }

    /// Ends the connection so that the last answer still arrives: closing at once would make the kernel throw away what
    /// the other side has not read yet.
    private func linger(_ context: ChannelHandlerContext) {
        reading = .over
        isLingering = true
        context.flush()
        context.close(mode: .output, promise: nil)
        context.read()
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
        guard !isLingering, !deadlines.isOver(now: now) else { return context.close(promise: nil) }
        // A deadline that has passed and is excused is looked at again later.
        if let deadline = deadlines.deadline { setTimer(at: max(deadline, now + .seconds(1)), context) }
    }

    // MARK: Leaving

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let watch = event as? DisconnectWatch else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        if isInputClosed { watch.onLeave() } else { self.watch = watch }
        promise?.succeed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { leave() }
        if event is ChannelShouldQuiesceEvent {
            isQuiescing = true
            stall?.cancel()
            stall = nil
            watchWriting(context)
            deadlines.hurry(until: .now() + TimeAmount(limits.lingerTime))
            armTimer(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        isInputClosed = true
        watch?.onLeave()
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
