import Testing

@testable import Scheduling

struct ParamSpecTests {
    private func spec(_ name: String, _ kind: ParamSpec.Kind, _ defaultValue: String? = nil) -> ParamSpec {
        ParamSpec(name: name, kind: kind, defaultValue: defaultValue, min: nil, max: nil, values: [], help: "")
    }

    @Test(arguments: [
        (ParamSpec.Kind.int, "+064", "64"), (.float, "1", "1.0"), (.float, "1e-3", "0.001"), (.bool, "True", "true"),
        (.string, " a ", " a "),
        (.enum, "b", "b"), (.datetime, "2015-01-09", "2015-01-09T00:00:00+09:00"),
        (.datetime, "2015-01-09T00:00:00Z", "2015-01-09T09:00:00+09:00"),
        (.duration, "90m", "1h30m"),
    ])
    func `each value has one canonical text, which stays as it is`(kind: ParamSpec.Kind, text: String, expected: String)
        throws
    {
        var spec = spec("x", kind)
        spec.values = ["a", "b"]
        let seoul = try ZoneRules(identifier: "Asia/Seoul")
        #expect(try spec.canonical(text, in: seoul) == expected)
        #expect(try spec.canonical(expected, in: seoul) == expected)
    }

    @Test(arguments: [
        (ParamSpec.Kind.int, "1.5"), (.int, ""), (.int, "99999999999999999999"), (.float, "nan"), (.float, "inf"),
        (.float, "1,5"), (.bool, "yes"),
        (.enum, "c"), (.datetime, "soon"), (.duration, "5"), (.int, "5 "),
    ])
    func `anything else is refused`(kind: ParamSpec.Kind, text: String) {
        #expect(throws: ParamError.Problem.self) { try spec("x", kind).canonical(text, in: .utc) }
    }

    @Test func `bounds hold at both ends`() throws {
        var spec = spec("x", .int)
        (spec.min, spec.max) = (4, 8)
        #expect(try ["4", "8"].map { try spec.canonical($0, in: .utc) } == ["4", "8"])
        for text in ["3", "9"] { #expect(throws: ParamError.Problem.self) { try spec.canonical(text, in: .utc) } }
    }

    @Test func `all problems are told at once, with the nearest name`() {
        let specs = [spec("factors", .int, "64"), spec("since", .datetime), spec("rate", .float, "0.5")]
        let error = #expect(throws: ParamError.self) {
            try ParamSpec.check(["factor": "5", "rate": "fast"], against: specs, in: .utc)
        }
        #expect(
            error?.errorDescription
                == "unknown parameter factor. Did you mean factors?; since is required: it has no default; rate is \"fast\"; a number expected"
        )
        #expect(error?.problems.map(\.param) == ["factor", "since", "rate"])
        #expect(error?.problems[0].nearest == "factors")
    }

    @Test func `what is not given has its default`() throws {
        let specs = [spec("factors", .int, "64"), spec("rate", .float, "0.5")]
        #expect(try ParamSpec.check(["rate": "1"], against: specs, in: .utc) == ["factors": "64", "rate": "1.0"])
    }
}
