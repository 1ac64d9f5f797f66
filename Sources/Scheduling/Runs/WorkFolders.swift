import CPlatform
import Dispatch
import Foundation

/// The folders in which the tasks of a run hand data to each other.
package struct WorkFolders: Sendable {
    let root: String
    /// Serial; waits for the disk.
    let queue: DispatchQueue
    /// Of runs that have ended, for somebody who looks into them.
    static let kept = 20

    /// No run's id begins with a dot.
    package static let outputsName = ".outputs"

    func path(of runID: String) -> String { "\(root)/\(runID)" }

    /// Where the output files of a run's tasks are: not in the folder that the tasks share, since one that empties that folder
    /// would take away what others have put out.
    func outputs(of runID: String) -> String { "\(root)/\(Self.outputsName)/\(runID)" }

    /// - Throws: `SchedulingError.noFolder`.
    nonisolated(nonsending) func make(_ runID: String) async throws {
        let paths = [path(of: runID), outputs(of: runID)]
        try await queue.run {
            for path in paths {
                let status = mls_make_folders(path)
                if status < 0 { throw SchedulingError.noFolder(path: path, reason: SystemText.error(-status)) }
            }
        }
    }

    /// Removes the oldest folders of runs that have ended; what cannot be removed stays for the next time.
    func tidy(sparing active: Set<String>) {
        queue.async { [root] in
            let files = FileManager.default
            let names = (try? files.contentsOfDirectory(atPath: root)) ?? []
            let ended = names.filter { !active.contains($0) && $0 != Self.outputsName }
            guard ended.count > Self.kept else { return }
            let dated = ended.map { name in
                let attributes = try? files.attributesOfItem(atPath: "\(root)/\(name)")
                return (name: name, date: attributes?[.modificationDate] as? Date ?? .distantFuture)
            }
            let oldest = dated.sorted { ($0.date, $0.name) < ($1.date, $1.name) }.prefix(ended.count - Self.kept)
            for folder in oldest {
                try? files.removeItem(atPath: "\(root)/\(folder.name)")
                try? files.removeItem(atPath: "\(root)/\(Self.outputsName)/\(folder.name)")
            }
        }
    }
}
