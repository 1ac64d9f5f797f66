import Dispatch
import HTTPTypes
import Logging
import TestKit
import Testing

@testable package import Serving

/// One request and what must come of it, as data.
struct Scenario: Sendable, CustomTestStringConvertible {
    var name: String
    var method = "GET"
    var path: String
    var headers: [(String, String?)] = []
    var body: String?
    var status = 200
    /// Places in the answer and what stands there, e.g. `items[0].item = 3`; `absent`: the place must not exist.
    /// Texts are written without quotes: what is text and what a number is held to the API's description.
    var expects: [String] = []
    /// Text that the answer holds.
    var contains: [String] = []
    /// Without a model, when false.
    var ready = true

    var testDescription: String { name }

    static func get(
        _ name: String, _ path: String, _ status: Int = 200, headers: [(String, String?)] = [],
        _ expects: [String] = [], contains: [String] = [], ready: Bool = true
    ) -> Scenario {
        Scenario(
            name: name, path: path, headers: headers, status: status, expects: expects, contains: contains, ready: ready
        )
    }

    static func post(
        _ name: String, _ path: String, _ body: String?, type: String? = "application/json", _ status: Int = 200,
        _ expects: [String] = [], contains: [String] = [], ready: Bool = true
    ) -> Scenario {
        Scenario(
            name: name, method: "POST", path: path, headers: body == nil ? [] : [("Content-Type", type)], body: body,
            status: status, expects: expects, contains: contains, ready: ready)
    }

    /// Sends it to a server of its own, and checks the answer against the scenario and against the API's own description.
    func check() async throws {
        let world = ready ? World.ready : World()
        let server = try world.server()
        let answer = try await world.run(server) { port in
            try await HTTPClient(port: port).send(method, path, headers: headers, body: body.map { Array($0.utf8) })
        }
        #expect(answer.status == status, "\(answer.text)")
        for text in contains { #expect(answer.text.contains(text), "\(answer.text)") }
        #expect(answer.header("x-content-type-options") == "nosniff")
        #expect(answer.header("content-security-policy")?.contains("frame-ancestors 'none'") == true)
        guard answer.header("content-type")?.hasPrefix("application/json") == true, !answer.body.isEmpty else {
            #expect(expects.isEmpty, "\(answer.text)")
            return
        }
        let value = try JSONParser.parse(answer.text)
        for expected in expects {
            let place = String(expected.prefix { $0 != " " })
            #expect("\(place) = \(value.at(place)?.plain ?? "absent")" == expected, "\(answer.text)")
        }
        let routes = try FrontDoorRoutes.table(of: world)
        let target = path.prefix { $0 != "?" }
        if let method = HTTPRequest.Method(method), case .found(let index, _)? = try? routes.match(method, target) {
            guard let documentation = routes.routes[index].documentation else { return }
            let promised = documentation.answers.first { $0.status == answer.status }
            // What the door refuses, and malformed queries, are not named at each route.
            guard promised != nil || [400, 401, 403, 422].contains(answer.status) else {
                Issue.record("\(routes.routes[index].pattern) does not promise the status \(answer.status)")
                return
            }
            if let schema = promised?.schema { #expect(SchemaCheck.problems(of: value, .named(schema)) == []) }
        }
    }
}

enum FrontDoorRoutes {
    /// The table that a server of this world answers from.
    static func table(of world: World) throws -> RouteTable {
        let surroundings = Surroundings(
            ports: world.ports, clock: world.clock, files: DispatchQueue(label: "test.files"))
        return FrontDoor(
            host: world.host, surroundings: surroundings, families: world.families,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        ).surroundings.routes
    }
}

extension JSONValue {
    /// As it is written in a scenario.
    var plain: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .array(let elements):
            "[\(elements.map { $0.string.map { "\"\($0)\"" } ?? $0.plain }.joined(separator: ", "))]"
        case .object(let members): "{\(members.count)}"
        }
    }

    /// The value at a place like `items[0].item`; nil when there is none.
    func at(_ place: String) -> JSONValue? {
        var value: JSONValue? = self
        for step in place.split(whereSeparator: { $0 == "." || $0 == "[" }) {
            if step.hasSuffix("]") {
                guard let index = Int(step.dropLast()), let elements = value?.array, elements.indices.contains(index)
                else { return nil }
                value = elements[index]
            } else {
                value = value?[String(step)]
            }
        }
        return value
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
