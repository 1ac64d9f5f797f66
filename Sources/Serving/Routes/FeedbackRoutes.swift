import Hummingbird
import NIOCore
import Scheduling
import Synchronization

/// Events that people's clients send: ratings and other interactions, one or many, on disk before they are answered.
struct FeedbackRoutes: RouteFamily {
    let surroundings: Surroundings
    private let room: BodyRoom

    /// Bytes of all batches that are in memory at once, read or being read.
    static let roomBytes = 64 << 20

    init(surroundings: Surroundings, roomBytes: Int = FeedbackRoutes.roomBytes) {
        self.surroundings = surroundings
        room = BodyRoom(limitBytes: roomBytes)
    }

    /// Bytes of one batch.
    static let batchLimit = 16 << 20
    private static let batchEvents = 200_000
    private static let idLength = 256
    /// Types that mean something here; any other is a name for an interaction.
    private static let messages = ["insert", "update", "delete"]
    /// Lines between two pauses in which others on this event loop go ahead.
    private static let linesAtOnce = 512
    /// 1 January 1970 to 1 January 3000.
    private static let timestamps = 0...32_503_680_000

    func register(in table: inout RouteTable) {
        table.post(
            "/api/v1/feedback",
            RouteDocumentation(
                "Feedback events, one or a batch: all are stored, or none. An `update` takes the place of what the user said of "
                    + "the item before, a `delete` takes it back. 429 with Retry-After while more waits than memory holds",
                tag: "feedback",
                body: .init("FeedbackEvent", mediaTypes: ["application/json", "application/x-ndjson"]),
                answers: "FeedbackReceipt", failures: [400, 413, 415, 422, 429]),
            handler: store)
    }

    private func store(_ call: HTTPCall) async throws -> Response {
        let events: [FeedbackEvent]
        var held = 0
        defer { room.leave(held) }
        switch call.contentType {
        case "application/json":
            events = [try FeedbackRoutes.event(try await call.json(), subject: "the body")]
        case "application/x-ndjson", "application/ndjson", "application/jsonl":
            let body = try await call.body(upTo: FeedbackRoutes.batchLimit) { count in
                try room.enter(count, holding: held)
                held += count
            }
            events = try await FeedbackRoutes.events(lines: body)
        default:
            throw ServingFailure.unsupportedMediaType(
                call.contentType, expected: "application/json or application/x-ndjson")
        }
        let receipt = try await surroundings.ports.feedback.append(events)
        return .json { json in
            json.member("accepted", receipt.accepted)
            json.member("duplicates", receipt.duplicates)
        }
    }

    private static func events(lines body: ByteBuffer) async throws -> [FeedbackEvent] {
        var events: [FeedbackEvent] = []
        var rest = body
        var number = 0
        while rest.readableBytes > 0 {
            number += 1
            let length = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map { $0 - rest.readerIndex }
            guard let line = rest.readSlice(length: length ?? rest.readableBytes) else { break }
            if length != nil { rest.moveReaderIndex(forwardBy: 1) }
            let isBlank = line.readableBytesView.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            if !isBlank {
                guard events.count < batchEvents else {
                    throw ServingFailure(
                        status: 413, code: "too_many_events", message: "the batch has more than \(batchEvents) events.",
                        remedy: "send several batches.")
                }
                events.append(try event(try parse(line, number), subject: "line \(number)"))
            }
            if number.isMultiple(of: linesAtOnce) { await Task.yield() }
        }
        if events.isEmpty {
            throw ServingFailure.unprocessable("the batch has no event.", remedy: "send one JSON object a line.")
        }
        return events
    }

    private static func parse(_ line: ByteBuffer, _ number: Int) throws -> JSONValue {
        do throws(JSONSyntaxError) {
            return try line.withUnsafeReadableBytes { raw throws(JSONSyntaxError) in
                try JSONParser.parse(raw.bindMemory(to: UInt8.self))
            }
        } catch {
            throw ServingFailure(
                status: 400, code: "bad_json",
                message: "line \(number) is not JSON: \(error.message) (byte \(error.offset) of the line).",
                remedy: "correct that line and send the batch again; nothing of it was stored.")
        }
    }

    private static func event(_ value: JSONValue, subject: String) throws -> FeedbackEvent {
        var fields = try JSONFields(value, of: subject)
        let user = try fields.requiredString("user")
        let item = try fields.requiredString("item")
        let type = try fields.string("type")
        let rating = try fields.double("rating", in: 0.5...5)
        let event = FeedbackEvent(
            id: try fields.string("id"), user: user, item: item, rating: rating,
            timestampSeconds: try fields.int("timestamp", in: timestamps).map(Int64.init), type: type)
        try fields.finish()
        if rating == nil, type == nil {
            throw ServingFailure.unprocessable(
                "\(subject) has neither a `rating` nor a `type`.",
                remedy: "give a rating from 0.5 to 5, or a type such as \"view\" for an interaction without one.")
        }
        // A deletion that is misspelt must not be stored as something they liked.
        if let type, !messages.contains(type), let meant = Spelling.nearest(to: type.lowercased(), among: messages) {
            throw ServingFailure.unprocessable(
                "\(subject) has the type `\(type.prefix(40))`, which is near to `\(meant)` and is not it.",
                remedy: "write `\(meant)`, or a name of your own that is nothing like insert, update and delete.")
        }
        if type == "update", rating == nil {
            throw ServingFailure.unprocessable(
                "\(subject) is an update without a `rating`.", remedy: "give the new rating, or send a \"delete\".")
        }
        if type == "delete", rating != nil {
            throw ServingFailure.unprocessable(
                "\(subject) is a delete with a `rating`.", remedy: "leave the rating out, or send an \"update\".")
        }
        for (name, text) in [("id", event.id), ("user", event.user), ("item", event.item), ("type", event.type)] {
            guard let text else { continue }
            let isClean = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            guard text.utf8.count <= idLength, isClean, !text.isEmpty else {
                throw ServingFailure.unprocessable(
                    "`\(name)` of \(subject) is empty, longer than \(idLength) bytes, or holds a control character.",
                    remedy: "give a short, printable one.")
            }
        }
        return event
    }
}

/// How much of bodies may be in memory at once, over all requests of a kind.
final class BodyRoom: Sendable {
    private let limitBytes: Int
    private let takenBytes = Mutex(0)

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    /// - Parameter holding: what the same request has taken already; one alone is never refused.
    func enter(_ count: Int, holding: Int) throws {
        try takenBytes.withLock { taken in
            guard taken == holding || taken + count <= limitBytes else { throw ServingFailure.feedbackIsFull }
            taken += count
        }
    }

    func leave(_ count: Int) { takenBytes.withLock { $0 -= count } }
}
