import Testing

@testable import Registry

/// A search by its name, for tables of cases.
enum Search: String, CaseIterable, Sendable {
    case runs, experiments, registeredModels, modelVersions, loggedModels

    var fields: SearchFields {
        switch self {
        case .runs: .runs
        case .experiments: .experiments
        case .registeredModels: .registeredModels
        case .modelVersions: .modelVersions
        case .loggedModels: .loggedModels
        }
    }
}

@Suite struct SearchParserTests {
    private static func one(
        _ entity: SearchField.Entity, _ key: String, _ sign: SearchOperator, _ value: SearchValue
    ) -> SearchComparison { SearchComparison(SearchField(entity, key), sign, value) }

    private static let comparisons: [(Search, String, SearchComparison)] = [
        (.runs, "metrics.loss < 0.5", one(.metric, "loss", .less, .real(0.5))),
        (.runs, "metric.loss>=-3", one(.metric, "loss", .greaterOrEqual, .integer(-3))),
        (.runs, "metrics.a.b.c = .5", one(.metric, "a.b.c", .equal, .real(0.5))),
        (.runs, "metrics.x != 1.", one(.metric, "x", .notEqual, .real(1))),
        (.runs, "metrics.x <= 1e-3", one(.metric, "x", .lessOrEqual, .real(0.001))),
        (.runs, "metrics.x > 99999999999999999999", one(.metric, "x", .greater, .real(1e20))),
        (.runs, "`metrics`.`val/f1 score` > 1", one(.metric, "val/f1 score", .greater, .integer(1))),
        (.runs, "metrics.\"a b\" > 1", one(.metric, "a b", .greater, .integer(1))),
        (.runs, "metrics.'a b' > 1", one(.metric, "a b", .greater, .integer(1))),
        (.runs, "params.p = \"it's\"", one(.param, "p", .equal, .text("it's"))),
        (.runs, "parameters.p = 'it''s'", one(.param, "p", .equal, .text("it''s"))),
        (.runs, "param.p = ''", one(.param, "p", .equal, .text(""))),
        (.runs, "parameter.p like 'A%'", one(.param, "p", .like, .text("A%"))),
        (.runs, "tag.t ILike 'a_'", one(.tag, "t", .ilike, .text("a_"))),
        (.runs, "tags.mlflow.user is null", one(.tag, "mlflow.user", .absent, .none)),
        (.runs, "tags.größe IS\n NOT\tNULL", one(.tag, "größe", .present, .none)),
        (.runs, "run_id IN ('a', \"b\",\n'c')", one(.attribute, "run_id", .oneOf, .texts(["a", "b", "c"]))),
        (.runs, "attributes.run_id not in ('a',)", one(.attribute, "run_id", .noneOf, .texts(["a"]))),
        (.runs, "attr.`Run name` = 'x'", one(.attribute, "run_name", .equal, .text("x"))),
        (.runs, "`run name` = 'x'", one(.attribute, "run_name", .equal, .text("x"))),
        (.runs, "Created > 5", one(.attribute, "start_time", .greater, .integer(5))),
        (.runs, "run.end_time > 0.5", one(.attribute, "end_time", .greater, .real(0.5))),
        (.runs, "datasets.context IN ('train')", one(.dataset, "context", .oneOf, .texts(["train"]))),
        (.runs, "metrics.not > 1", one(.metric, "not", .greater, .integer(1))),
        (.experiments, "name = 'a'", one(.attribute, "name", .equal, .text("a"))),
        (.experiments, "experiment_id IN ('1', '02')", one(.attribute, "experiment_id", .oneOf, .texts(["1", "2"]))),
        (
            .experiments, "attribute.creation_time >= 12",
            one(.attribute, "creation_time", .greaterOrEqual, .integer(12))
        ),
        (.experiments, "tags.a IS NULL", one(.tag, "a", .absent, .none)),
        (.registeredModels, "name IN ('a')", one(.attribute, "name", .oneOf, .texts(["a"]))),
        (
            .registeredModels, "tag.`mlflow.prompt.is_prompt` != 'true'",
            one(.tag, "mlflow.prompt.is_prompt", .notEqual, .text("true"))
        ),
        (.modelVersions, "version_number > 3", one(.attribute, "version_number", .greater, .integer(3))),
        (.modelVersions, "version_number = '3'", one(.attribute, "version_number", .equal, .integer(3))),
        (.modelVersions, "source_path LIKE '%x'", one(.attribute, "source_path", .like, .text("%x"))),
        (.loggedModels, "params.lr = 0.010", one(.param, "lr", .equal, .text("0.010"))),
        (.loggedModels, "name = als", one(.attribute, "name", .equal, .text("als"))),
        (.loggedModels, "creation_time > 5", one(.attribute, "creation_timestamp_ms", .greater, .integer(5))),
        (.loggedModels, "attributes.name IN ('a')", one(.attribute, "name", .oneOf, .texts(["a"]))),
    ]

    @Test(arguments: comparisons)
    func `a comparison is understood`(_ search: Search, _ text: String, _ expected: SearchComparison) throws {
        #expect(try SearchParser.condition(text, in: search.fields) == .comparison(expected))
        #expect(try SearchParser.condition(" \t\(text)\n", in: search.fields) == .comparison(expected))
    }

    @Test(arguments: [nil, "", " ", "\n\t"]) func `no text is no condition`(_ text: String?) throws {
        #expect(try SearchParser.condition(text, in: .runs) == nil)
    }

    @Test func `NOT binds more tightly than AND, and AND more tightly than OR`() throws {
        func letter(_ key: String) -> SearchCondition { .comparison(Self.one(.tag, key, .equal, .text("1"))) }
        func parsed(_ text: String) throws -> SearchCondition? {
            let text = text.replacing(/\b[a-d]\b/) { "tags.\($0.output) = '1'" }
            return try SearchParser.condition(text, in: .runs)
        }
        let (a, b, c, d) = (letter("a"), letter("b"), letter("c"), letter("d"))
        #expect(try parsed("a AND b and c") == .all([a, b, c]))
        #expect(try parsed("a OR b AND c or d") == .any([a, .all([b, c]), d]))
        #expect(try parsed("(a OR b) AND NOT c OR d") == .any([.all([.any([a, b]), .not(c)]), d]))
        #expect(try parsed("NOT NOT a AND b") == .all([.not(.not(a)), b]))
        #expect(try parsed("not(a and(b or c))") == .not(.all([a, .any([b, c])])))
        #expect(try parsed("((a))") == a)
    }

    private static let refusals: [(Search, String, Int, String)] = [
        (.runs, "x", 1, "Invalid attribute key 'x' specified"), (.runs, "metrics.m", 10, "expected a comparison"),
        (.runs, "metrics.m >", 12, "Expected numeric value"), (.runs, "metrics.m > '1'", 13, "Expected numeric value"),
        (.runs, "metrics.m > +1", 13, "Expected numeric"), (.runs, "metrics.m > 1x", 13, "Expected numeric"),
        (.runs, "metrics.m > nan", 13, "Expected numeric"), (.runs, "metrics.m > 0x1", 13, "Expected numeric"),
        (.runs, "metrics.m == 1", 11, "Invalid comparator '=='"),
        (.runs, "metrics.m <> 1", 11, "Invalid comparator '<>'"),
        (.runs, "metrics.m LIKE 'a'", 11, "Invalid comparator 'LIKE'"),
        (.runs, "metrics.m IS NULL", 11, "Invalid comparator 'IS NULL'"),
        (.runs, "Metrics.m > 1", 1, "Invalid entity type 'Metrics'"), (.runs, "metrics. > 1", 10, "expected a name"),
        (.runs, "metrics.a-b > 1", 10, "expected a comparison"),
        (.runs, "params.p = 1", 12, "Expected a quoted string"),
        (.runs, "params.p = x", 12, "Expected a quoted string"),
        (.runs, "params.p = `x`", 12, "Expected a quoted string"),
        (.runs, "params.p = 'x\0'", 14, "a zero byte"), (.runs, "params.p = 'x", 12, "the quote is not closed"),
        (.runs, "params.p > 'x'", 10, "Invalid comparator '>'"),
        (.runs, "params.p IN ('x')", 10, "Invalid comparator 'IN'"),
        (.runs, "status IN ('x')", 8, "Invalid comparator 'IN'"), (.runs, "run_id IN ()", 13, "non-empty list"),
        (.runs, "run_id IN ('a', 3)", 17, "expected string value"), (.runs, "run_id IN 'a'", 11, "expected a list"),
        (.runs, "run_id IN ('a' 'b')", 16, "expected a comma"), (.runs, "run_id NOT LIKE 'a'", 12, "expected IN"),
        (.runs, "tags.a IS 3", 11, "expected NULL"), (.runs, "dataset.size = 'a'", 1, "Invalid dataset key 'size'"),
        (.runs, "status = 'a' AND", 17, "expected a name"), (.runs, "status = 'a' status = 'b'", 14, "expected AND"),
        (.runs, "status = 'a';", 13, "expected AND"), (.runs, "(status = 'a'", 14, "closing parenthesis"),
        (.runs, "status = 'a')", 13, "expected AND"), (.runs, "()", 2, "expected a name"),
        (.runs, "AND status = 'a'", 1, "Invalid attribute key 'AND'"),
        (.runs, "tags.größe = 'ä' AND x = 1", 22, "Invalid attribute key 'x'"),
        (.runs, "start_time > '1'", 14, "Expected numeric value type for attribute 'start_time'"),
        (.runs, "lifecycle_stage = 'active'", 1, "Invalid attribute key 'lifecycle_stage'"),
        (.experiments, "attributes.name = 'a'", 1, "Invalid entity type 'attributes'"),
        (.experiments, "creation_time > 1.5", 17, "whole number"), (.experiments, "experiment_id = 1", 17, "in quotes"),
        (.experiments, "experiment_id = 'x'", 17, "in quotes"),
        (.experiments, "experiment_id LIKE '1'", 15, "Invalid comparator 'LIKE'"),
        (.experiments, "metrics.m > 1", 1, "Invalid entity type 'metrics'"),
        (.registeredModels, "timestamp > 1", 1, "can be ordered by"),
        (.registeredModels, "tags.a IS NULL", 8, "Invalid comparator 'IS NULL'"),
        (.modelVersions, "version_number > 1.0", 18, "whole number"),
        (.modelVersions, "version_number > 'x'", 18, "whole number"),
        (.loggedModels, "metric.m > 1", 1, "Invalid entity type 'metric'"),
        (.loggedModels, "metrics.m > '1'", 13, "Expected numeric"),
        (.loggedModels, "name > 'a'", 6, "Invalid comparator '>'"),
    ]

    @Test(arguments: refusals)
    func `what is not understood is refused with MLflow's phrase, the reason and the column`(
        _ search: Search, _ text: String, _ column: Int, _ reason: String
    ) throws {
        let error = #expect(throws: RegistryError.self) { try SearchParser.condition(text, in: search.fields) }
        let message = error?.errorDescription ?? ""
        #expect(message.hasPrefix("Invalid clause(s) in filter string: "))
        #expect(message.contains("(column \(column))"))
        #expect(message.contains(reason))
    }

    private static let comparison = "metrics.m > 0"
    private static let endless: [(String, String)] = [
        (Array(repeating: comparison, count: 101).joined(separator: " AND "), "more than 100 comparisons"),
        (Array(repeating: comparison, count: 20_000).joined(separator: " OR "), "more than 100 comparisons"),
        (String(repeating: "(", count: 100_000), "deeper than 30"),
        (String(repeating: "NOT ", count: 100_000), "deeper than 30"),
        (String(repeating: "a", count: 1 << 20), "longer than 500000 bytes"),
        (String(repeating: "a", count: 400_000), "Invalid attribute key"),
        ("tags.`" + String(repeating: "ä", count: 200_000) + "` > 'x'", "Invalid comparator '>'"),
        ("'" + String(repeating: "''", count: 200_000), "expected a name"),
        ("run_id IN (" + String(repeating: "'a',", count: 100_000) + "7)", "more than 10000 entries"),
        ("params.p LIKE '" + String(repeating: "%", count: 1001) + "'", "the patterns together are longer"),
    ]

    @Test(arguments: endless)
    func `an endless filter is refused in few words`(_ text: String, _ reason: String) throws {
        let error = #expect(throws: RegistryError.self) { try SearchParser.condition(text, in: .runs) }
        let message = error?.errorDescription ?? ""
        #expect(message.contains(reason) && message.utf8.count < 1000)
    }

    @Test func `what the limits allow is understood`() throws {
        let many = Array(repeating: Self.comparison, count: 100).joined(separator: " AND ")
        #expect(try SearchParser.condition(many, in: .runs)?.comparisons.count == 100)
        let deep = String(repeating: "(", count: 30) + Self.comparison + String(repeating: ")", count: 30)
        #expect(try SearchParser.condition(deep, in: .runs)?.comparisons.count == 1)
    }

    @Test func `any bytes at all are understood or refused`() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "metrics", ".", "m", " ", ">", "=", "1", "'", "\"", "`", "(", ")", "NOT", "AND", "IN", ",", "é", "\0",
        ]
        for _ in 0..<2000 {
            let text = (0..<12).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            for search in Search.allCases {
                do {
                    _ = try SearchParser.condition(text, in: search.fields)
                } catch {
                    #expect(error.errorDescription?.contains("(column ") == true, "\(text)")
                }
            }
        }
    }
}
