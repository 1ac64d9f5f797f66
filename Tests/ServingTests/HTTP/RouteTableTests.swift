import Hummingbird
import Testing

@testable import Serving

@Suite struct RouteTableTests {
    private static var table: RouteTable {
        var table = RouteTable()
        for pattern in ["/a/{x}", "/a/b", "/a/{x}/c", "/files/{path...}", "/a/b/d"] {
            table.get(pattern) { _ in .text(pattern) }
        }
        table.post("/a/b") { _ in .text("post") }
        return table
    }

    private func found(_ path: String) throws -> String? {
        guard case .found(let index, let values) = try Self.table.match(.get, path[...]) else { return nil }
        return ([Self.table.routes[index].pattern] + values).joined(separator: " ")
    }

    @Test(arguments: [
        ("/a/b", "/a/b"), ("/a/z", "/a/{x} z"), ("/a/b/c", "/a/{x}/c b"), ("/a/b/d", "/a/b/d"),
        ("/files/x/y%2Fz", "/files/{path...} x/y/z"),
        ("/a/%62", "/a/{x} b"),
    ])
    func `the most literal pattern wins, with a way back`(_ path: String, _ expected: String) throws {
        #expect(try found(path) == expected)
    }

    @Test(arguments: ["/", "/a", "/a/", "/a//c", "/b", "/a/z/d", "/A/b", "/files"])
    func `what no pattern fits is not found`(_ path: String) throws {
        #expect(try found(path) == nil)
    }

    @Test func `a known path with another method names those there are`() throws {
        guard case .wrongMethod(let allowed) = try Self.table.match(.delete, "/a/b") else {
            Issue.record("it matched")
            return
        }
        #expect(allowed == [.get, .head, .post])
    }
}
