import Synchronization
import TestKit
import Testing

@testable import Serving

@Suite struct FeedbackTests {
    @Test(arguments: [
        Scenario.post(
            "one event is stored", "/api/v1/feedback",
            #"{"user":"1","item":"2","rating":4.5,"timestamp":1727913600,"id":"a"}"#, 200,
            ["accepted = 1", "duplicates = 0"]),
        .post(
            "an event without a rating has a type", "/api/v1/feedback", #"{"user":"1","item":"2","type":"view"}"#, 200,
            ["accepted = 1"]),
        .post(
            "a deletion that is misspelt is not stored as a liking", "/api/v1/feedback",
            #"{"user":"1","item":"2","type":"Delete"}"#, 422, contains: ["near to `delete`"]),
        .post(
            "so is an update", "/api/v1/feedback", #"{"user":"1","item":"2","rating":4,"type":"udpate"}"#, 422,
            contains: ["near to `update`"]),
        .post(
            "many events come as lines", "/api/v1/feedback",
            "{\"user\":\"1\",\"item\":\"2\",\"rating\":1,\"id\":\"a\"}\r\n\n{\"user\":\"1\",\"item\":\"3\",\"rating\":2,\"id\":\"b\"}",
            type: "application/x-ndjson", 200, ["accepted = 2"]),
        .post(
            "a charset is no other type", "/api/v1/feedback", #"{"user":"1","item":"2","rating":1}"#,
            type: "Application/JSON; charset=UTF-8", 200),
        .post(
            "the line that is wrong is named", "/api/v1/feedback",
            "{\"user\":\"1\",\"item\":\"2\",\"rating\":1}\n{\"user\":\"1\",\"item\":\"2\",\"rating\":9}\n",
            type: "application/x-ndjson", 422,
            contains: ["line 2", "0.5 … 5.0"]),
        .post(
            "the line that is no JSON is named", "/api/v1/feedback",
            "{\"user\":\"1\",\"item\":\"2\",\"rating\":1}\n{\"user\"",
            type: "application/x-ndjson", 400, contains: ["line 2", "nothing of it was stored"]),
        .post("an event needs a user", "/api/v1/feedback", #"{"item":"2","rating":1}"#, 422, contains: ["`user`"]),
        .post(
            "an event needs a rating or a type", "/api/v1/feedback", #"{"user":"1","item":"2"}"#, 422,
            contains: ["neither"]),
        .post(
            "an update has a rating", "/api/v1/feedback", #"{"user":"1","item":"2","type":"update"}"#, 422,
            contains: ["an update without"]),
        .post(
            "a delete has none", "/api/v1/feedback", #"{"user":"1","item":"2","rating":3,"type":"delete"}"#, 422,
            contains: ["a delete with"]),
        .post(
            "updates and deletes are taken", "/api/v1/feedback",
            "{\"user\":\"1\",\"item\":\"2\",\"rating\":3,\"type\":\"update\"}\n"
                + "{\"user\":\"1\",\"item\":\"2\",\"type\":\"delete\"}",
            type: "application/x-ndjson", 200, ["accepted = 2"]),
        .post("a number is no user", "/api/v1/feedback", #"{"user":1,"item":"2","rating":1}"#, 422),
        .post(
            "an unknown member is refused", "/api/v1/feedback", #"{"user":"1","item":"2","raiting":1}"#, 422,
            contains: ["did you mean `rating`?"]),
        .post("a control character is refused", "/api/v1/feedback", #"{"user":"1\n","item":"2","rating":1}"#, 422),
        .post(
            "a time before 1970 is refused", "/api/v1/feedback", #"{"user":"1","item":"2","rating":1,"timestamp":-5}"#,
            422),
        .post("an empty batch is refused", "/api/v1/feedback", "\n", type: "application/x-ndjson", 422),
        .post("two values are no JSON", "/api/v1/feedback", "{} {}", 400),
        .post(
            "a picture is refused", "/api/v1/feedback", "x", type: "image/png", 415,
            ["error.code = unsupported_media_type"]),
        .post("no type is refused", "/api/v1/feedback", nil, 415),
    ])
    func `feedback is taken strictly`(_ scenario: Scenario) async throws {
        try await scenario.check()
    }

    @Test func `nothing of a batch is stored when a line is wrong`() async throws {
        let world = World()
        try await world.serve { port in
            let lines = (1...50).map { "{\"user\":\"1\",\"item\":\"\($0)\",\"rating\":3}" } + ["{\"user\":\"1\"}"]
            let answer = try await HTTPClient(port: port).send(
                "POST", "/api/v1/feedback", headers: [("Content-Type", "application/x-ndjson")],
                body: Array(lines.joined(separator: "\n").utf8))
            #expect(answer.status == 422)
            #expect(answer.text.contains("line 51"))
        }
        #expect(world.feedback.stored.withLock { $0.isEmpty })
    }

    @Test func `an event is handed on as it came`() async throws {
        let world = World()
        try await world.serve { port in
            let body = #"{"user":"ü","item":"2","rating":4.5,"timestamp":1727913600,"type":"rating","id":"a"}"#
            _ = try await HTTPClient(port: port).send(
                "POST", "/api/v1/feedback", headers: [("Content-Type", "application/json")], body: Array(body.utf8))
        }
        let expected = FeedbackEvent(
            id: "a", user: "ü", item: "2", rating: 4.5, timestampSeconds: 1_727_913_600, type: "rating")
        #expect(world.feedback.stored.withLock { $0 } == [expected])
    }

    @Test func `an id makes a second sending harmless`() async throws {
        try await World().serve { port in
            let client = HTTPClient(port: port)
            let body = Array(#"{"user":"1","item":"2","rating":4,"id":"once"}"#.utf8)
            let headers: [(String, String?)] = [("Content-Type", "application/json")]
            _ = try await client.send("POST", "/api/v1/feedback", headers: headers, body: body)
            let second = try await client.send("POST", "/api/v1/feedback", headers: headers, body: body)
            #expect(second.text == #"{"accepted":0,"duplicates":1}"#)
        }
    }

    @Test func `a batch of many thousand lines goes through in one piece`() async throws {
        let world = World()
        try await world.serve { port in
            let lines = (1...20_000).map { "{\"user\":\"\($0)\",\"item\":\"2\",\"rating\":4}\n" }.joined()
            let answer = try await HTTPClient(port: port).send(
                "POST", "/api/v1/feedback", headers: [("Content-Type", "application/x-ndjson")], body: Array(lines.utf8)
            )
            #expect(answer.text == #"{"accepted":20000,"duplicates":0}"#)
        }
    }

    @Test func `who comes while more waits than memory holds is asked to come again`() async throws {
        let world = World()
        try await world.serve { port in
            let client = HTTPClient(port: port)
            let body = Array(#"{"user":"1","item":"2","rating":4}"#.utf8)
            for type in ["application/json", "application/x-ndjson"] {
                world.feedback.isFull.withLock { $0 = true }
                let refused = try await client.send(
                    "POST", "/api/v1/feedback", headers: [("Content-Type", type)], body: body)
                #expect(refused.status == 429)
                #expect(refused.header("retry-after") == "1")
                #expect(refused.text.contains("nothing of it was stored"))
                world.feedback.isFull.withLock { $0 = false }
                let taken = try await client.send(
                    "POST", "/api/v1/feedback", headers: [("Content-Type", type)], body: body)
                #expect(taken.status == 200)
            }
        }
    }

    @Test func `bodies share a bounded room, in which one alone is never refused`() throws {
        let room = BodyRoom(limitBytes: 10)
        try room.enter(8, holding: 0)
        try room.enter(8, holding: 8)
        #expect(throws: ServingFailure.feedbackIsFull) { try room.enter(1, holding: 0) }
        room.leave(16)
        try room.enter(6, holding: 0)
        try room.enter(4, holding: 0)
        #expect(throws: ServingFailure.feedbackIsFull) { try room.enter(1, holding: 4) }
    }
}
