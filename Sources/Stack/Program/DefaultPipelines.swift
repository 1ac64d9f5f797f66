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

    /// Writes them into a folder that has no pipeline yet; what a person wrote or removed is left alone.
    static func install(into folder: String) throws {
        let present = try FileManager.default.contentsOfDirectory(atPath: folder)
        if present.contains(where: { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }) { return }
        for file in files { try AtomicFile.write(file.text, to: "\(folder)/\(file.name)") }
    }
}
