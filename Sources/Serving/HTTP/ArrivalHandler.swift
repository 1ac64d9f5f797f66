import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// On each connection: answers 408 and closes it when a request that has begun does not go on arriving.
///
/// It stands where requests are known as such, and has a helper where bytes are: of half a head nothing else is seen.
final class ArrivalHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var arrival: RequestArrival
    private var path: Substring = ""
    private var timer: Scheduled<Void>?

    init(_ patience: RequestPatience) { arrival = RequestArrival(patience) }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            try context.pipeline.syncOperations.addHandler(ByteHandler(self), position: .first)
        } catch {
            // The connection is closed already.
            context.close(promise: nil)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            arrival.headEnded()
            let asked = (head.path ?? "").prefix { $0 != "?" }
            path = ResearchFace.path(of: asked) ?? asked
        case .body: break
        case .end:
            arrival.requestEnded()
            path = ""
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): if head.status.kind != .informational { arrival.answerBegan() }
        case .body: break
        case .end: arrival.answerEnded()
        }
        context.write(data, promise: promise)
    }

    private func stop() {
        timer?.cancel()
        timer = nil
    }

    /// - Parameter context: of the helper, behind which only bytes are written.
    private func look(_ context: ChannelHandlerContext) {
        timer = nil
        let now = ContinuousClock.now
        switch arrival.verdict(at: now) {
        case .rest: break
        case .wait(let moment):
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(moment - now)) { self.look(context) }
        case .end(let isAnswered, let phase, let patience):
            guard isAnswered else { return context.close(promise: nil) }
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
            context.writeAndFlush(NIOAny(refusal(phase, patience)), promise: written)
        }
    }

    /// As bytes: of half a head nothing but bytes has come, and no answer can be written to it otherwise.
    private func refusal(_ phase: String, _ patience: Duration) -> ByteBuffer {
        let json = FailureResponse.json(
            of: ServingFailure(
                status: 408, code: "request_timeout",
                message: "the request's \(phase) did not go on arriving for \(patience.components.seconds) s.",
                remedy: "send it again, whole."), path: path)
        var bytes = ByteBuffer(
            string:
                "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n"
                + "Content-Length: \(json.buffer.readableBytes)\r\n\r\n")
        bytes.writeImmutableBuffer(json.buffer)
        return bytes
    }

    /// First in the pipeline: sees what comes before it is a request, and whether more is asked for.
    private final class ByteHandler: ChannelDuplexHandler, RemovableChannelHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let owner: ArrivalHandler

        init(_ owner: ArrivalHandler) { self.owner = owner }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if owner.arrival.bytesArrived(at: .now), owner.timer == nil { owner.look(context) }
            context.fireChannelRead(data)
        }

        func read(context: ChannelHandlerContext) {
            owner.arrival.bytesWanted(at: .now)
            context.read()
        }
    }
}
