import Testing

@testable import Scheduling

struct DAGTests {
    /// ingest -> (matrix -> (als, pop) -> evaluate), test; evaluate also needs test.
    private static func diamond() throws -> DAG {
        try DAG(tasks: [
            ("evaluate", ["als", "pop", "test"]), ("ingest", []), ("test", ["ingest"]), ("matrix", ["ingest"]),
            ("als", ["matrix"]),
            ("pop", ["matrix"]),
        ])
    }

    @Test func `every task comes after what it needs, else in the order of the file`() throws {
        #expect(try Self.diamond().order == ["ingest", "test", "matrix", "als", "pop", "evaluate"])
    }

    @Test func `a level is the longest way from a start`() throws {
        #expect(try Self.diamond().levels == ["ingest": 0, "test": 1, "matrix": 1, "als": 2, "pop": 2, "evaluate": 3])
    }

    @Test func `upstream and downstream go by distance, then by the file`() throws {
        let dag = try Self.diamond()
        #expect(dag.upstream(of: "evaluate") == ["test", "als", "pop", "ingest", "matrix"])
        #expect(dag.upstream(of: "ingest") == [])
        #expect(dag.downstream(of: "ingest") == ["test", "matrix", "evaluate", "als", "pop"])
        #expect(dag.dependents(of: "matrix") == ["als", "pop"])
        #expect(dag.leaves == ["evaluate"])
    }

    @Test func `a circle is named from its first task in the file`() {
        #expect(throws: DAGError.cycle(["b", "d", "c", "b"])) {
            try DAG(tasks: [("a", ["b"]), ("b", ["d"]), ("c", ["b"]), ("d", ["c"])])
        }
        #expect(throws: DAGError.cycle(["a", "a"])) { try DAG(tasks: [("a", ["a"])]) }
    }

    @Test func `a need that is no task is refused`() {
        #expect(throws: DAGError.unknownTask("x", neededBy: "a")) { try DAG(tasks: [("a", ["x"])]) }
    }

    @Test func `a chain of thousands is no deeper than its list`() throws {
        let chain = (0..<3000).map { (id: "t\($0)", needs: $0 == 0 ? [] : ["t\($0 - 1)"]) }
        let dag = try DAG(tasks: chain)
        #expect(dag.levels["t2999"] == 2999)
        #expect(dag.order.count == 3000)
    }
}
