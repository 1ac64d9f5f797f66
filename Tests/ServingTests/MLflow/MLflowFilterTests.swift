import Registry
import Testing

@testable import Serving

@Suite struct MLflowFilterTests {
    @Test(arguments: [
        ("", [:]), ("  ", [:]), ("name='a'", ["name": "a"]), ("name = \"a b\"", ["name": "a b"]),
        ("attribute.name='a' AND attributes.run_id='b'", ["name": "a", "run_id": "b"]),
        ("`name` = 'a' and \"run_id\" = 'x and y'", ["name": "a", "run_id": "x and y"]),
        ("tag.`mlflow.prompt.is_prompt` != 'true'", [:]),
        ("tags.mlflow.prompt.is_prompt != 'true' AND name = ''", ["name": ""]),
    ])
    func `equalities are understood`(_ text: String, _ expected: [String: String]) throws {
        #expect(try MLflowFilter(text, attributes: ["name", "run_id"]).equalities == expected)
    }

    @Test(arguments: [
        "name", "name =", "name = a", "name = 'a", "name LIKE 'a%'", "name != 'a'", "name = 'a' OR name = 'b'",
        "name = 'a' AND",
        "name = 'a' name = 'b'", "name = 'a' AND name = 'b'", "source = 'a'", "tag.x = 'a'",
        "tags.mlflow.prompt.is_prompt = 'true'",
        "metrics.name = 'a'", "(name = 'a')", "name IN ('a')", "' = 'a'", "name == 'a'", "name = 'a';",
    ])
    func `everything else is refused with MLflow's phrase`(_ text: String) throws {
        let error = #expect(throws: RegistryError.self) { try MLflowFilter(text, attributes: ["name", "run_id"]) }
        #expect(error?.errorDescription?.contains("Invalid clause(s) in filter string") == true)
        #expect(error?.errorDescription?.contains("name = '…' AND run_id = '…'") == true)
    }

    @Test func `a refusal shows where it begins`() throws {
        let error = #expect(throws: RegistryError.self) {
            try MLflowFilter("name = 'a' AND size > 3", attributes: ["name"])
        }
        #expect(error?.errorDescription?.contains("\"size > 3\"") == true)
    }

    @Test(arguments: [
        ([], true), (["start_time DESC"], true), (["attributes.start_time  desc", "run_id"], true),
        (["start_time"], false),
        (["run_id"], false), (["start_time DESC", "run_id", "x"], false), (["metrics.start_time DESC"], false),
        ([""], false),
    ])
    func `only the order that there is anyway may be asked for`(_ clauses: [String], _ isFine: Bool) {
        let standard = ["start_time DESC", "run_id ASC"]
        let isTaken = (try? MLflowOrder.check(clauses, standard: standard)) != nil
        #expect(isTaken == isFine)
    }
}
