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

    @Test func `of a log that grows without end the beginning and the end are kept`() async throws {
        try await withLog(limitBytes: 4000) { log, _ in
            for number in 0..<1000 { log.info("line \(number)") }
            #expect(await log.close() == nil)
            let parts = TaskLogFiles.parts(of: log.path)
            #expect(parts.count == 3)
            let texts = try TaskLogFiles.all(of: log.path).map { try String(contentsOfFile: $0, encoding: .utf8) }
            #expect(texts.joined().utf8.count < 4500)
            #expect(texts[0].hasPrefix("2015-01-09T00:00:12.345+09:00 INFO  line 0\n"))
            #expect(
                texts[0].contains(
                    "WARN  this log goes on in 1.log.1, 1.log.2 and so on, of which the last 3 are kept\n"))
            #expect(texts[3].hasSuffix("INFO  line 999\n"))
            // Nothing is missing between the parts that are kept.
            let numbers = texts[1...].joined().split(separator: "\n").compactMap {
                Int($0.split(separator: " ").last ?? "")
            }
            #expect(numbers == Array((1000 - numbers.count)...999))
            #expect(TaskLogFiles.gap(after: 0, before: parts[0])?.contains("left out") == true)
        }
    }

    @Test func `pieces of a line stand in one line unless another comes between`() async throws {
        try await withLog { log, _ in
            func put(_ text: String, _ stream: Int, ends: Bool = false) {
                Array(text.utf8).withUnsafeBytes { log.output($0, of: stream, endsLine: ends) }
            }
            put("10%", 1)
            put(" 20%", 1)
            put("", 1, ends: true)
            put("half", 1)
            put("other", 2, ends: true)
            put(" rest", 1, ends: true)
            #expect(await log.close() == nil)
            let lines = try text(log).split(separator: "\n").map {
                $0.dropFirst("2015-01-09T00:00:12.345+09:00 ".count)
            }
            #expect(lines == ["INFO  10% 20%", "INFO  half", "INFO  other", "INFO   rest"])
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
        func add(_ bytes: UnsafeRawBufferPointer) { lines.append(String(decoding: bytes, as: UTF8.self)) }
        for chunk in chunks { Array(chunk.utf8).withUnsafeBytes { splitter.append($0) { bytes, _ in add(bytes) } } }
        splitter.finish { bytes, _ in add(bytes) }
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
