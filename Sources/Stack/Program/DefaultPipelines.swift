import CDefaults
import Foundation
import Storage

/// A file that the program carries with it.
package struct BundledFile: Sendable {
    /// Where it is written to, in its folder.
    package let name: String
    package let text: String

    fileprivate init(_ file: mls_default_file) {
        name = String(cString: file.name)
        text = String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
    }

    /// What a new project has beside its pipelines.
    static var project: [BundledFile] { (0..<mls_project_file_count()).map { BundledFile(mls_project_file($0)) } }

    /// Pipelines to learn from, beside the default ones.
    static var examples: [BundledFile] {
        (0..<mls_example_pipeline_count()).map { BundledFile(mls_example_pipeline($0)) }
    }
}

/// The pipeline files that a new home starts with.
enum DefaultPipelines {
    static var files: [BundledFile] { (0..<mls_default_pipeline_count()).map { BundledFile(mls_default_pipeline($0)) } }

    /// Setting: that the home has been given them.
    private static let key = "default_pipelines"

    /// Writes them once in a home's life: what a person changes, removes, or has put there before is left alone, and a
    /// project has chosen its own when it was made.
    static func install(into folder: String, isProject: Bool, noting store: SQLiteStore) async throws {
        if isProject { return }
        if try await store.value(forKey: key) != nil { return }
        try await Queues.files.perform {
            let present = try FileManager.default.contentsOfDirectory(atPath: folder)
            for file in files where !present.contains(file.name) {
                try AtomicFile.write(file.text, to: "\(folder)/\(file.name)")
            }
        }
        try await store.setValue("written", forKey: key)
    }
}
