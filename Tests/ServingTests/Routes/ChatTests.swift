import Foundation
import Scheduling
import Synchronization
import TestKit
import Testing

@testable import Serving

@Suite struct ChatTests {
    private static let secret = "8f742231b10e8888abcd99yyyzzz85a5"

    private static func world(secret: String? = secret) -> World {
        var world = World.ready
        (world.slackSigningSecret, world.token) = (secret, "token")
        return world
    }

    private static func headers(_ body: String, _ world: World, secret: String = secret, late: Int64 = 0) -> [(
        String, String?
    )] {
        let time = world.clock.now.seconds - late
        let code = MessageAuthentication.code(of: Array("v0:\(time):\(body)".utf8), key: Array(secret.utf8))
        return [
            ("Content-Type", "application/x-www-form-urlencoded"), ("Host", "tunnel.example"),
            ("X-Slack-Request-Timestamp", "\(time)"), ("X-Slack-Signature", "v0=" + ContentHash.hex(code)),
        ]
    }

    private static func ask(_ text: String, world: World = world()) async throws -> (status: Int, json: JSONValue) {
        let body = "token=x&user_name=ada&command=%2Fmlstack&text=\(text)"
        let answer = try await world.serve { port in
            try await HTTPClient(port: port).send(
                "POST", "/api/v1/chat/slack", headers: headers(body, world), body: Array(body.utf8))
        }
        return (answer.status, try JSONParser.parse(answer.text))
    }

    // MARK: Signatures

    /// The example of Slack's own page on verifying requests.
    @Test func `a signature is computed as Slack computes it`() {
        let body =
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
        let code = MessageAuthentication.code(
            of: Array("v0:1531420618:\(body)".utf8), key: Array("8f742231b10e8888abcd99yyyzzz85a5".utf8))
        #expect(ContentHash.hex(code) == "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
    }

    /// RFC 4231, cases 2 and 6: a short key, and one that is longer than a block.
    @Test(arguments: [
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `the codes of the standard come out`(_ key: [UInt8], _ message: String, _ expected: String) {
        #expect(ContentHash.hex(MessageAuthentication.code(of: Array(message.utf8), key: key)) == expected)
    }

    @Test(arguments: ["wrong secret", "old", "future", "unsigned", "changed", "no secret here"])
    func `what Slack did not sign just now is refused and does nothing`(_ flaw: String) async throws {
        let world = Self.world(secret: flaw == "no secret here" ? nil : Self.secret)
        let body = "user_name=ada&text=run+daily"
        var headers = Self.headers(
            body, world, secret: flaw == "wrong secret" ? "other" : Self.secret,
            late: flaw == "old" ? 301 : flaw == "future" ? -301 : 0)
        if flaw == "unsigned" { headers.removeLast() }
        let sent = flaw == "changed" ? body + "x" : body
        let answer = try await world.serve { [headers] port in
            try await HTTPClient(port: port).send(
                "POST", "/api/v1/chat/slack", headers: headers, body: Array(sent.utf8))
        }
        #expect(answer.status == 401)
        #expect(try JSONParser.parse(answer.text).at("error.code")?.string == "bad_signature")
        #expect(world.orchestrator.state.withLock { $0.runs.count } == 1)
    }

    @Test func `a request that is sent again as it was is refused`() async throws {
        let world = Self.world()
        let body = "user_name=ada&text=run+daily"
        let statuses = try await world.serve { port in
            let headers = Self.headers(body, world)
            var statuses: [Int] = []
            for _ in 0..<2 {
                statuses.append(
                    try await HTTPClient(port: port).send(
                        "POST", "/api/v1/chat/slack", headers: headers, body: Array(body.utf8)
                    ).status)
            }
            return statuses
        }
        #expect(statuses == [200, 401])
        #expect(world.orchestrator.state.withLock { $0.runs.count } == 2)
    }

    // MARK: Commands

    @Test func `a run is started with its parameters, in the name of whoever asked`() async throws {
        let world = Self.world()
        let (status, json) = try await Self.ask("run+daily+factors%3D32", world: world)
        #expect(status == 200)
        #expect(json["response_type"]?.string == "in_channel")
        #expect(json["text"]?.string?.contains("ada started `daily-2`") == true)
        #expect(world.orchestrator.state.withLock { $0.runs[0].run.params } == ["factors": "32"])
        let request = try #require(world.orchestrator.state.withLock { $0.lastStart })
        #expect(request.actor == "chat:ada")
        #expect(request.id?.hasPrefix("daily-chat-") == true)
    }

    @Test(arguments: [
        ("status", "*daily*"), ("status+daily", "`daily-1` running"), ("help", "`run ID [key=value …]`"),
        ("", "`status [ID]`"), ("run", "cannot be done like this"), ("run+daily+x", "key=value"),
        ("logs+daily-1+nothing", "there is no log"), ("run+nothing", "no pipeline nothing"),
        ("%3C%21channel%3E", "&lt;!channel&gt;"),
    ])
    func `an answer is Slack's, also one of refusal`(_ text: String, _ expected: String) async throws {
        let (status, json) = try await Self.ask(text)
        #expect(status == 200)
        #expect(json["response_type"]?.string == "ephemeral")
        #expect(json["text"]?.string?.contains(expected) == true, "\(json)")
    }

    @Test func `the end of a task's log comes between fences`() async throws {
        try await StorageFixture.withFolder { folder in
            let log = (0..<2000).map { "line \($0) <b>\n" }.joined() + "a ``` b\n"
            try log.write(toFile: folder + "/log", atomically: true, encoding: .utf8)
            let world = Self.world()
            world.orchestrator.state.withLock { $0.logPaths["train.1"] = folder + "/log" }
            let (_, json) = try await Self.ask("logs+daily-1", world: world)
            let text = try #require(json["text"]?.string)
            #expect(text.hasPrefix("`daily-1` / `train`\n```\nline "))
            #expect(text.hasSuffix("line 1999 &lt;b&gt;\na ''' b\n```"))
            #expect(text.count < 3000)
        }
    }

    @Test func `who is slow is told so before Slack gives up`() async throws {
        let answer = await FirstAnswer.of {
            // As long as nobody cancels it.
            let (forever, _) = AsyncStream<Void>.makeStream()
            for await _ in forever {}
            return "done"
        } orElse: {
            "later"
        }
        #expect(answer == "later")
    }
}
