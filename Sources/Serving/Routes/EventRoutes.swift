import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Scheduling

/// Everything that happens, as server-sent events.
struct EventRoutes: RouteFamily {
    let surroundings: Surroundings

    static let keepAlive = Duration.seconds(15)

    func register(in table: inout RouteTable) {
        table.get(
            "/api/v1/events",
            RouteDocumentation(
                "Changes of runs, tasks, models, serving, clock, quality and drift as they happen", tag: "events",
                text: "text/event-stream"),
            handler: events)
    }

    private func events(_ call: HTTPCall) async throws -> Response {
        try QueryFields(call).finish()
        let field = HTTPField.Name("last-event-id").flatMap { call.request.headers[$0] }
        // An id that is no number of ours is as good as one that has been forgotten.
        let lastHeard = field.map { Int64($0) ?? -1 }
        let body = ResponseBody { writer in
            try await stream(call.request, after: lastHeard, to: &writer)
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"], body: body)
    }

    private func stream(_ request: Request, after lastHeard: Int64?, to writer: inout any ResponseBodyWriter)
        async throws
    {
        // Listening begins before the state is asked for, so that nothing falls between the two.
        let listener = surroundings.ports.events.listen(after: lastHeard)
        let status = await surroundings.ports.replay.status()
        try await writer.write(EventRoutes.text(id: listener.heard, "clock") { $0.replay(status) })
        // A client that has gone is noticed at once, not at the next write.
        try await request.body.consumeWithInboundCloseHandler { _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await keepAlive(listener) }
                while let delivery = await listener.next() { try await writer.write(text(of: delivery)) }
                group.cancelAll()
            }
        } onInboundClosed: {
            listener.cancel()
        }
    }

    private func keepAlive(_ listener: EventHub.Listener) async throws {
        let clock = surroundings.clock
        while !Task.isCancelled {
            do {
                try await clock.sleep(for: EventRoutes.keepAlive)
            } catch is CancellationError {
                return
            }
            listener.nudge()
        }
    }

    // MARK: Text

    private func text(of delivery: EventHub.Delivery) -> ByteBuffer {
        switch delivery {
        case .nudge: ByteBuffer(staticString: ": keep-alive\n\n")
        case .resync(let id): EventRoutes.text(id: id, "resync") { _ in }
        case .event(let id, let event): text(id: id, of: event)
        }
    }

    private func text(id: Int64, of event: StackEvent) -> ByteBuffer {
        switch event {
        case .scheduling(.run(let run)): EventRoutes.text(id: id, "run") { $0.run(run) }
        case .scheduling(.task(let task, let pipeline)):
            EventRoutes.text(id: id, "task") { json in
                json.task(task)
                json.member("run", task.runID)
                json.member("pipeline", pipeline)
            }
        case .scheduling(.pipeline(let pipeline)): EventRoutes.text(id: id, "pipeline") { $0.member("id", pipeline) }
        case .model(let name, let version, let alias, let previous):
            EventRoutes.text(id: id, "model") { json in
                json.member("name", name)
                json.member("version", version)
                json.member("alias", alias)
                json.member("previous_version", previous)
            }
        case .refusal(let name, let version, let alias, let reason):
            EventRoutes.text(id: id, "refusal") { json in
                json.member("name", name)
                json.member("version", version)
                json.member("alias", alias)
                json.member("reason", reason)
            }
        case .serving: EventRoutes.text(id: id, "serving") { $0.serving(surroundings) }
        case .clock(let status): EventRoutes.text(id: id, "clock") { $0.replay(status) }
        case .drift(let point): EventRoutes.text(id: id, "drift") { $0.driftPoint(point) }
        case .quality(let point): EventRoutes.text(id: id, "quality") { $0.qualityPoint(point) }
        }
    }

    /// JSON without line breaks, so that one `data:` line holds it.
    private static func text(id: Int64, _ name: StaticString, _ members: (inout JSONWriter) -> Void) -> ByteBuffer {
        var json = JSONWriter()
        json.object(members)
        var text = ByteBuffer()
        text.writeString("id: \(id)\nevent: \(name)\ndata: ")
        text.writeImmutableBuffer(json.buffer)
        text.writeStaticString("\n\n")
        return text
    }
}
