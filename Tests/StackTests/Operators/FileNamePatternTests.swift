import Testing

@testable import Stack

struct FileNamePatternTests {
    @Test(arguments: [
        ("{name}_{score:float}.pt", "ranker_0.913.pt", ["name": "ranker", "score": "0.913"]),
        ("{name}_{score:float}.pt", "my_big_ranker_-1e-3.pt", ["name": "my_big_ranker", "score": "-1e-3"]),
        ("model-{step:int}.bin", "model-120.bin", ["step": "120"]),
        ("{{x}.{name}", "{x}.y", ["name": "y"]),
    ])
    func `a name is taken apart`(_ pattern: String, _ file: String, _ expected: [String: String]) throws {
        #expect(try FileNamePattern(pattern).values(in: file) == expected)
    }

    @Test(arguments: [
        ("{name}_{score:float}.pt", "ranker_good.pt"), ("{name}_{score:float}.pt", "ranker_0.9.pth"),
        ("{name}_{score:float}.pt", "_0.9.pt"), ("{n:int}.a.b", "1xaxb"),
        ("{score:flaot}.pt", "1.pt"), ("{a}{a}", "xy"), ("{a", "x"), ("{}", "x"),
    ])
    func `what does not fit is refused`(_ pattern: String, _ file: String) {
        #expect(throws: StackError.self) { try FileNamePattern(pattern).values(in: file) }
    }

    @Test func `statuses are ranges and single numbers`() throws {
        let ranges = try StatusRanges("200-204, 404")
        #expect([199, 200, 204, 205, 404].map(ranges.contains) == [false, true, true, false, true])
        for text in ["", "2xx", "200-", "300-200", "99", "200,,201"] {
            #expect(throws: StackError.self, "\(text)") { try StatusRanges(text) }
        }
    }

    @Test(arguments: ["../x", "a/b", "", ".", ".."])
    func `an answer is saved nowhere but in the task's folder`(_ name: String) {
        #expect(throws: StackError.self) { try HTTPRequestOperator.fileName(name) }
    }

    @Test func `an excerpt ends with a whole character`() {
        let body = Array(String(repeating: "a", count: 8191).utf8) + Array("é and more".utf8)
        #expect(HTTPRequestOperator.excerpt(body) == String(repeating: "a", count: 8191))
        #expect(HTTPRequestOperator.excerpt([1, 2]).utf8.count == 2)
    }
}
