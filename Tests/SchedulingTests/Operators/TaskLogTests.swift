import Dispatch
import Foundation
import Scheduling
import TestKit
import Testing

@testable import Scheduling

@Suite struct TaskLogTests {
    private func withLog(limitBytes: Int = 1 << 20, _ body: (FileTaskLog, ManualClock) async throws -> Void)
        async throws
    {
        try await SchedulingWorld.withFolder { folder in
            let clock = ManualClock(try Instant(text: "2015-01-08T15:00:12.345", in: .utc))
            let log = FileTaskLog(
                path: folder + "/run/task/1.log", zone: try ZoneRules(identifier: "Asia/Seoul"), clock: clock,
                queue: DispatchQueue(label: "test.logs"), limitBytes: limitBytes)
            try await body(log, clock)
        }
    }

    private func text(_ log: FileTaskLog) throws -> String { try String(contentsOfFile: log.path, encoding: .utf8) }

    @Test func `a line has its time in the zone, its level and its text`() async throws {
        try await withLog { log, clock in
            log.info("first")
            clock.advance(by: .milliseconds(655))
            log.warning("second")
            log.error("third\nfourth")
            #expect(await log.close() == nil)
            let written = try text(log)
            #expect(
                written == """
                    2015-01-09T00:00:12.345+09:00 INFO  first
                    2015-01-09T00:00:13.000+09:00 WARN  second
                    2015-01-09T00:00:13.000+09:00 ERROR third
                    2015-01-09T00:00:13.000+09:00 ERROR fourth

                    """)
        }
    }

    @Test(arguments: [
        ("plain\ttab", "plain\ttab"), ("\u{1b}[31mred\u{7}", "\\x1b[31mred\\x07"), ("a\u{9b}b", "a\\x9bb"),
        ("abc\u{202e}def", "abc\\u{202e}def"), ("한글 é", "한글 é"), ("", ""),
    ])
    func `what could fool a terminal or a reader is made visible`(_ given: String, _ shown: String) {
        #expect(LogLine.escaped(given) == shown)
    }

    @Test func `a log that is full says so once`() async throws {
        try await withLog(limitBytes: 200) { log, _ in
            for number in 0..<100 { log.info("line \(number)") }
            #expect(await log.close() == nil)
            let lines = try text(log).split(separator: "\n")
            #expect(lines.last?.hasSuffix("WARN  this log has reached 200 bytes; what follows is not kept") == true)
            #expect(lines.filter { $0.contains("not kept") }.count == 1)
            #expect(lines.dropLast().last?.hasSuffix("line \(lines.count - 2)") == true)
        }
    }

    @Test func `lines from many tasks at once all arrive whole`() async throws {
        try await withLog { log, _ in
            await withTaskGroup(of: Void.self) { group in
                for writer in 0..<8 { group.addTask { for number in 0..<100 { log.info("w\(writer) n\(number)") } } }
            }
            #expect(await log.close() == nil)
            let lines = try text(log).split(separator: "\n")
            #expect(lines.count == 800)
            #expect(Set(lines).count == 800)
        }
    }

    @Test func `a file that cannot be written is reported at the end`() async throws {
        let log = FileTaskLog(
            path: "/proc/nowhere/1.log", zone: .utc, clock: ManualClock(), queue: DispatchQueue(label: "test.logs"))
        log.info("lost")
        #expect(await log.close()?.path == "/proc/nowhere/1.log")
    }
}

@Suite struct LineSplitterTests {
    private func split(_ chunks: [String]) -> (lines: [String], last: String?) {
        var splitter = LineSplitter()
        var lines: [String] = []
        for chunk in chunks { splitter.append(Array(chunk.utf8)) { lines.append($0) } }
        splitter.finish { lines.append($0) }
        return (lines, splitter.lastLine)
    }

    @Test func `lines are the same however the bytes arrive`() {
        let text = "one\ntwo\r\nthr\u{e9}e\r50%\r60%\n\nlast"
        let expected = ["one", "two", "thr\u{e9}e", "50%", "60%", "", "last"]
        #expect(split([text]).lines == expected)
        #expect(split(text.unicodeScalars.map { String($0) }).lines == expected)
        #expect(split(["one\r", "\ntwo\n"]).lines == ["one", "two"])
    }

    @Test func `the last line that is not blank is kept`() {
        #expect(split(["a\nb\n\n  \n"]).last == "b")
        #expect(split(["a\nb"]).last == "b")
        #expect(split([""]).last == nil)
    }

    @Test func `a line without an end is cut between characters and not kept`() {
        let text = String(repeating: "é", count: 50_000)
        let (lines, last) = split([text + "\n"])
        #expect(lines.count == 2)
        #expect(lines.joined() == text)
        #expect(last == nil)
    }

    @Test func `bytes that are no text become marks`() {
        var splitter = LineSplitter()
        var lines: [String] = []
        splitter.append([0x61, 0xff, 0x0a]) { lines.append($0) }
        #expect(lines == ["a\u{fffd}"])
    }
}

@Suite struct CatalogueTests {
    @Test func `operators are found by name and the nearest is suggested`() throws {
        let catalogue = OperatorCatalogue([ScriptedOperator("model/train"), ScriptedOperator("model/evaluate")])
        #expect(try catalogue.find("model/train").name == "model/train")
        #expect(catalogue["nothing"] == nil)
        #expect(throws: SchedulingError.unknownOperator(name: "model/trian", nearest: "model/train")) {
            try catalogue.find("model/trian")
        }
    }
}
