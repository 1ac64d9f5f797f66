import Foundation
import Scheduling
import Storage

/// Where one stack keeps everything it writes.
package struct Home: Sendable, Equatable {
    package let path: String

    package init(_ path: String) {
        self.path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
            .replacing(#//$/#, with: "")
    }

    /// SQLite: runs, models, schedules, feedback, the clock.
    package var database: String { path + "/mlstack.db" }
    /// A random word that only its owner can read, made anew at every start.
    package var key: String { path + "/mlstack.key" }
    /// The columnar logs, one folder for each source, named by its content.
    package var ratings: String { path + "/ratings" }
    package var artifacts: String { path + "/artifacts" }
    /// What has come from a bucket; may be removed at any time while no stack runs.
    var cache: String { path + "/cache" }
    /// The word by which a bucket tells this home from others.
    var bucketID: String { path + "/bucket.id" }
    /// One log for each attempt of a task.
    package var logs: String { path + "/logs" }
    package var pipelines: String { path + "/pipelines" }
    /// Names and values of secrets, readable by its owner alone; need not exist.
    package var secrets: String { path + "/secrets.yaml" }
    /// What `mlstack init` makes a project of.
    package var projectFile: String { path + "/mlstack.yaml" }
    /// What tasks of one run hand to each other; removed some runs later.
    package var work: String { path + "/work" }
    /// Each holds a folder, named by its id, for each run.
    var foldersOfRuns: [String] { [logs, work, "\(work)/\(WorkFolders.outputsName)"] }
    /// Datasets that a name finds: fetched, imported, or generated because none was found.
    package var datasets: String { path + "/datasets" }

    /// Makes the folders.
    /// - Throws: `StackError.unwritableHome`.
    func prepare() throws {
        for folder in [path, ratings, artifacts, logs, pipelines, work, datasets] {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw StackError.unwritableHome(path: path, reason: SystemText.reason(of: error))
            }
        }
        guard access(path, W_OK) == 0 else {
            throw StackError.unwritableHome(path: path, reason: String(cString: strerror(errno)))
        }
    }
}
