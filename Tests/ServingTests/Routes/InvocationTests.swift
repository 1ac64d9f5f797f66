import TestKit
import Testing

@testable import Serving

/// What the fake model says: see `RecommendationTests`. It does not say what it was trained on, so that people's ratings are left out.
@Suite struct InvocationTests {
    private static let path = "/invocations"

    @Test(arguments: [
        Scenario.post(
            "a table by columns", path,
            #"{"dataframe_split":{"index":[0,1],"columns":["user","k"],"data":[["1",2],[2,3]]}}"#,
            200, [#"predictions[0] = ["3", "4"]"#, #"predictions[1] = ["2", "1", "3"]"#, "predictions[2] = absent"]),
        .post(
            "a table by rows", path,
            #"{"dataframe_records":[{"userId":"1","age":7},{"userId":"2","age":8,"k":1}],"params":{"k":2}}"#, 200,
            [#"predictions[0] = ["3", "4"]"#, #"predictions[1] = ["2"]"#]),
        .post(
            "a list of users", path, #"{"inputs":["1",2,["nobody"]],"params":{"k":2}}"#, 200,
            [#"predictions[0] = ["3", "4"]"#, #"predictions[1] = ["2", "1"]"#, #"predictions[2] = ["1", "2"]"#]),
        .post(
            "columns by name", path, #"{"instances":{"user_id":["1","2"],"k":1}}"#, 200,
            [#"predictions[0] = ["3"]"#, #"predictions[1] = ["2"]"#]),
        .post(
            "records as instances, ten items by default", path, #"{"instances":[{"user":"2"}]}"#, 200,
            ["predictions[0][9] = 10"]),
        .post("nobody is asked for", path, #"{"inputs":[]}"#, 200, ["predictions = []"]),
        .post(
            "a table in CSV", path, "\u{FEFF}\"user\",k\r\n\"1\",2\r\n\r\n2,1", type: "text/csv; charset=utf-8", 200,
            [#"predictions[0] = ["3", "4"]"#, #"predictions[1] = ["2"]"#]),
        .post("no input", path, "{}", 400, ["error_code = BAD_REQUEST"], contains: ["exactly one of dataframe_split"]),
        .post("two inputs", path, #"{"inputs":["1"],"instances":["1"]}"#, 400, ["error_code = BAD_REQUEST"]),
        .post(
            "a member that nobody knows", path, #"{"inputs":["1"],"parms":{}}"#, 400,
            contains: ["did you mean `params`?"]),
        .post("a parameter that nobody knows", path, #"{"inputs":["1"],"params":{"n":1}}"#, 400, contains: ["`n`"]),
        .post(
            "no column of users", path, #"{"dataframe_records":[{"person":"1"}]}"#, 400,
            contains: ["no column of users among person"]),
        .post("a row that is too short", path, #"{"dataframe_split":{"columns":["user","k"],"data":[["1"]]}}"#, 400),
        .post(
            "a count out of range", path, #"{"inputs":["1"],"params":{"k":1001}}"#, 400, ["error_code = BAD_REQUEST"]),
        .post("a user that is no id", path, #"{"inputs":[true]}"#, 400, contains: ["a user is a boolean"]),
        .post("no JSON", path, "{", 400, ["error_code = BAD_REQUEST"]),
        .post("a quote that stays open", path, "user\n\"1", type: "text/csv", 400, contains: ["never closed"]),
        .post("another kind of body", path, "x", type: "application/parquet", 415),
        .post(
            "too many at once", path,
            #"{"inputs":["# + Array(repeating: "1", count: 101).joined(separator: ",") + #"],"params":{"k":1000}}"#, 400
        ),
        .post("no model", path, #"{"inputs":["1"]}"#, 503, ["error_code = TEMPORARILY_UNAVAILABLE"], ready: false),
        .get("the ping of a ready server", "/ping", 200, ["model.version = 3"]),
        .get("the ping of one without a model", "/ping", 503, ready: false),
    ])
    func invocations(_ scenario: Scenario) async throws { try await scenario.check() }
}
