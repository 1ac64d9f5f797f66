import CPlatform
import Foundation
import Storage

/// The trials of a sweep that have ended, one JSON object a line, beside its output: what an interrupted sweep goes on from.
///
/// The first line says what they are trials of. A last line that was cut off by a kill counts as never written.
struct SweepJournal: Sendable {
    struct Heading: Codable, Equatable, Sendable {
        var algorithm: String
        var metric: String
        /// A hash of every fold.
        var data: String
        /// The rating from which an interaction is a target.
        var positiveFrom: Double
        var program: String
    }

    private struct Line: Codable {
        var sweep: Heading?
        var trial: SweepResult?
        /// The tracked run that the trials are part of, and where it is.
        var parent: TrackedSweep?
    }

    let path: String
    /// By key, as they were found when it was opened.
    let results: [String: SweepResult]
    let parent: TrackedSweep?

    /// `best.yaml` has `best.trials.jsonl` beside it.
    static func path(besides output: String) -> String {
        let url = URL(filePath: output)
        let stem = ["yaml", "yml"].contains(url.pathExtension) ? url.deletingPathExtension() : url
        return stem.path(percentEncoded: false) + ".trials.jsonl"
    }

    /// Opens what a former sweep left, or begins a new file. Blocks for as long as the disk takes.
    /// - Throws: `StackError.usage` for a file of another sweep, `.unreadable`; `StorageError`.
    init(besides output: String, heading: Heading) throws {
        path = SweepJournal.path(besides: output)
        guard FileManager.default.fileExists(atPath: path) else {
            try AtomicFile.write(SweepJournal.encoded(Line(sweep: heading)) + [10], to: path)
            (results, parent) = ([:], nil)
            return
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw StackError.unreadable(path: path, reason: "it cannot be opened")
        }
        let end = bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0
        let lines = bytes[..<end].split(separator: 10)
        let found = lines.compactMap { try? JSONDecoder.snakeCase.decode(Line.self, from: $0) }
        guard found.count == lines.count, let former = found.first?.sweep else {
            throw StackError.usage(
                "\(path) is not the journal of a sweep.", remedy: "move it aside, or give another --output.")
        }
        if former != heading {
            throw StackError.usage(
                "\(path) holds trials of another sweep: \(SweepJournal.difference(former, heading)).",
                remedy: "give another --output, or move that file aside to begin anew.")
        }
        results = Dictionary(found.compactMap(\.trial).map { ($0.key, $0) }) { _, later in later }
        parent = found.compactMap(\.parent).last
        if end < bytes.count { try AtomicFile.write(Array(bytes[..<end]), to: path) }
    }

    func add(_ result: SweepResult) throws { try append(Line(trial: result)) }
    func add(parent: TrackedSweep) throws { try append(Line(parent: parent)) }

    private func append(_ line: Line) throws {
        let bytes = try SweepJournal.encoded(line) + [10]
        let descriptor = mls_open_to_append(path)
        var code = descriptor
        if descriptor >= 0 {
            code = mls_write_all(descriptor, bytes, Int64(bytes.count))
            mls_close(descriptor)
        }
        if code < 0 {
            throw StorageError.failed(path: path, operation: "write", reason: String(cString: strerror(-code)))
        }
    }

    private static func encoded(_ line: Line) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(line))
    }

    private static func difference(_ former: Heading, _ present: Heading) -> String {
        if former.algorithm != present.algorithm { return "of `\(former.algorithm)`" }
        if former.metric != present.metric { return "judged by \(former.metric)" }
        if former.data != present.data { return "on other data" }
        if former.positiveFrom != present.positiveFrom { return "with positive_from \(former.positiveFrom)" }
        return "of mlstack \(former.program)"
    }
}

extension JSONDecoder {
    fileprivate static var snakeCase: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
