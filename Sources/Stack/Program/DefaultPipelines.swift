import CDefaults
import Foundation
import Storage

/// The pipeline files that a new home starts with.
enum DefaultPipelines {
    static var files: [(name: String, text: String)] {
        (0..<mls_default_pipeline_count()).map { index in
            let file = mls_default_pipeline(index)
            return (
                String(cString: file.name),
                String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
            )
        }
    }

    /// Setting: that the home has been given them.
    private static let key = "default_pipelines"

    /// Writes them once in a home's life: what a person changes, removes, or has put there before is left alone.
    static func install(into folder: String, noting store: SQLiteStore) async throws {
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
