import Foundation
import Serving

/// Where bad lines of ratings were put aside: `path:line: what is wrong`, a tab, and the line itself.
struct QuarantineFile: Sendable {
    let path: String

    /// Of a file of any length only its beginning is read.
    private static let mostBytes = 4 << 20

    init(home: Home) { path = home.path + "/rejected.txt" }

    /// The first lines that were left out of this file of ratings. Blocks.
    func lines(of ratings: String, limit: Int) -> [RejectedData.Line] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: QuarantineFile.mostBytes) else { return [] }
        let text = String(decoding: data, as: UTF8.self)
        let lines = text.split(separator: "\n").lazy.compactMap { QuarantineFile.line($0, of: ratings) }
        return Array(lines.prefix(limit))
    }

    private static func line(_ text: Substring, of ratings: String) -> RejectedData.Line? {
        guard text.hasPrefix(ratings + ":") else { return nil }
        let place = text.dropFirst(ratings.count + 1)
        guard let colon = place.firstIndex(of: ":"), let number = Int(place[..<colon]) else { return nil }
        let parts = place[place.index(after: colon)...].split(separator: "\t", maxSplits: 1)
        return RejectedData.Line(
            line: number, problem: parts.first.map { String($0.drop { $0 == " " }) } ?? "",
            text: parts.count > 1 ? String(parts[1].prefix(500)) : "")
    }
}
