import Foundation

/// The files of one attempt's log: `1.log` holds its beginning, `1.log.1`, `1.log.2`, … what follows.
///
/// Of a log that grows without end the beginning and the last parts are kept, since a failure is told at the end and what it was
/// given at the beginning. Everything here waits for the disk.
package enum TaskLogFiles {
    /// Besides the beginning.
    package static let keptParts = 3

    /// - Parameter part: 0 is the beginning.
    package static func path(ofPart part: Int, of path: String) -> String { part == 0 ? path : "\(path).\(part)" }

    /// The numbers of the parts that exist, ascending, the beginning left out.
    package static func parts(of path: String) -> [Int] {
        let file = path as NSString
        let beginning = file.lastPathComponent + "."
        let names = (try? FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent)) ?? []
        return names.filter { $0.hasPrefix(beginning) }.compactMap { Int($0.dropFirst(beginning.count)) }.sorted()
    }

    /// Every file that exists, in order.
    package static func all(of path: String) -> [String] {
        ([0] + parts(of: path)).map { self.path(ofPart: $0, of: path) }
    }

    /// What a reader is told between two parts that do not follow each other.
    package static func gap(after part: Int, before next: Int) -> String? {
        let missing = next - part - 1
        guard missing > 0 else { return nil }
        return
            "(\(missing) \(missing == 1 ? "part" : "parts") of this log left out: its beginning and its end are kept)\n"
    }

    static func continuation(of path: String) -> String {
        let name = (path as NSString).lastPathComponent
        return "this log goes on in \(name).1, \(name).2 and so on, of which the last \(keptParts) are kept"
    }

    static func remove(upToPart part: Int, of path: String) {
        if part > 0 { try? FileManager.default.removeItem(atPath: self.path(ofPart: part, of: path)) }
    }
}
