import Testing

@testable import Scheduling

struct BrokenFileTests {
    @Test func `every problem of a file is told at once, by place`() throws {
        let source = """
            pipeline: nightly report
            timezone: Europe/Berln
            triggers:
              - cron: "61 3 * * *"
            tasks:
              load:
                runs: make load
              clean:
                needs: [laod]
                run: rm -f ${variables.target}
              fit:
                needs: [clean, score]
                trigger_rule: one_succes
                timeout: half an hour
              score:
                needs: [fit]
                run: echo ok
                retry: {max: -3}
              load:
                run: echo again
            """
        let compilation = PipelineCompiler(operators: [], machineZone: .utc).compile(
            source: source, file: "nightly.yaml")
        #expect(compilation.pipeline == nil)
        #expect(
            Diagnostic.lines(compilation.diagnostics) == [
                "nightly.yaml:1:11   E101 pipeline id \"nightly report\" has a space; use a-z 0-9 _ -   (try nightly_report)",
                "nightly.yaml:2:11   E110 unknown time zone \"Europe/Berln\". Did you mean Europe/Berlin?",
                "nightly.yaml:4:11   E201 cron \"61 3 * * *\": minute 61 is outside 0-59 (field 1, character 1)",
                "nightly.yaml:7:5    E301 unknown key \"runs\" in task load. Did you mean run?",
                "nightly.yaml:9:13   E310 task clean needs \"laod\", which does not exist. Did you mean load?",
                "nightly.yaml:10:16  E401 ${variables.target}: no such variable. This file defines none.",
                "nightly.yaml:12:20  E311 cycle: fit -> score -> fit   (the other half is at 16:13)",
                "nightly.yaml:13:19  E320 unknown trigger_rule \"one_succes\". Did you mean one_success?",
                "nightly.yaml:14:14  E330 \"half an hour\" is not a duration; write 10m, 90s, 1h30m",
                "nightly.yaml:18:18  E331 retry.max is -3; 0 or more expected",
                "nightly.yaml:19:3   E302 task \"load\" is defined twice; first at 6:3",
            ])
        #expect(
            compilation.diagnostics.map(\.suggestion) == [
                "nightly_report", "Europe/Berlin", nil, "run", "load", nil, nil, "one_success", nil, nil, nil,
            ])
    }

    @Test(.enabled(if: MeasuredData.folder != nil, "set MLSTACK_TEST_DATA to the folder of measured data"))
    func `the format's own example of a broken file has its eleven lines`() throws {
        let compiler = PipelineCompiler(operators: [], machineZone: .utc)
        let compilation = compiler.compile(source: try MeasuredData.text("broken.yaml"), file: "broken.yaml")
        #expect(
            Diagnostic.lines(compilation.diagnostics) == [
                "broken.yaml:1:11   E101 pipeline id \"movie recommender\" has a space; use a-z 0-9 _ -   (try movie_recommender)",
                "broken.yaml:2:11   E110 unknown time zone \"Asia/Soul\". Did you mean Asia/Seoul?",
                "broken.yaml:4:11   E201 cron \"0 25 * * *\": hour 25 is outside 0-23 (field 2, character 3)",
                "broken.yaml:7:5    E301 unknown key \"use\" in task ingest. Did you mean uses?",
                "broken.yaml:9:13   E310 task matrix needs \"ingst\", which does not exist. Did you mean ingest?",
                "broken.yaml:10:14  E401 ${variables.data_dri}: no such variable. This file defines none.",
                "broken.yaml:12:21  E311 cycle: train -> evaluate -> train   (the other half is at 16:13)",
                "broken.yaml:13:19  E320 unknown trigger_rule \"all_succes\". Did you mean all_success?",
                "broken.yaml:14:14  E330 \"ten minutes\" is not a duration; write 10m, 90s, 1h30m",
                "broken.yaml:18:18  E331 retry.max is -1; 0 or more expected",
                "broken.yaml:19:3   E302 task \"ingest\" is defined twice; first at 6:3",
            ])
    }

    @Test func `the long form shows the line with a caret`() throws {
        let source = "pipeline: p\ntasks:\n  t: {run: echo, timeot: 5s}\n"
        let diagnostic = try #require(try compile(source).diagnostics.first)
        #expect(
            diagnostic.explained(source: source) == """
                test.yaml:3:18: error E301: unknown key "timeot" in task t. Did you mean timeout?
                 3 |   t: {run: echo, timeot: 5s}
                   |                  ^
                """)
    }

    @Test func `a long line is cut around the place, and control characters stay out of the terminal`() {
        let source = String(repeating: "x", count: 300) + "\u{1B}[31mHERE" + String(repeating: "y", count: 300)
        let text = Diagnostic(file: "f", line: 1, column: 302, code: .cron, message: "m").explained(source: source)
        let lines = text.split(separator: "\n")
        #expect(!text.contains("\u{1B}"))
        #expect(lines[1].count < 130)
        let caret = lines[2].distance(
            from: lines[2].startIndex, to: lines[2].firstIndex(of: "^") ?? lines[2].startIndex)
        #expect(Array(lines[1])[caret] == "[")
    }

    @Test func `codes are unique and their first letter tells errors from warnings`() {
        #expect(Set(DiagnosticCode.allCases.map(\.rawValue)).count == DiagnosticCode.allCases.count)
        #expect(DiagnosticCode.allCases.allSatisfy { $0.isWarning == ($0.rawValue.first == "W") })
        #expect(Diagnostic(file: "f", line: 1, column: 1, code: .unusedParam, message: "").severity == .warning)
    }
}
