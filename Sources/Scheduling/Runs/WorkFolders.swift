import Dispatch
import Foundation

/// The folders in which the tasks of a run hand data to each other.
struct WorkFolders: Sendable {
    let root: String
    /// Serial; waits for the disk.
    let queue: DispatchQueue
    /// Of runs that have ended, for somebody who looks into them.
    static let kept = 20

    func path(of runID: String) -> String { "\(root)/\(runID)" }

    /// - Throws: `SchedulingError.noFolder`.
    func make(_ runID: String) async throws {
        let path = path(of: runID)
        try await queue.run {
            do {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            } catch {
                throw SchedulingError.noFolder(path: path, reason: error.localizedDescription)
            }
        }
    }

    /// Removes the oldest folders of runs that have ended; what cannot be removed stays for the next time.
    func tidy(sparing active: Set<String>) {
        queue.async { [root] in
            let files = FileManager.default
            let names = (try? files.contentsOfDirectory(atPath: root)) ?? []
            let ended = names.filter { !active.contains($0) }
            guard ended.count > Self.kept else { return }
            let dated = ended.map { name in
                let attributes = try? files.attributesOfItem(atPath: "\(root)/\(name)")
                return (name: name, date: attributes?[.modificationDate] as? Date ?? .distantFuture)
            }
            let oldest = dated.sorted { ($0.date, $0.name) < ($1.date, $1.name) }.prefix(ended.count - Self.kept)
            for folder in oldest { try? files.removeItem(atPath: "\(root)/\(folder.name)") }
        }
    }
}
