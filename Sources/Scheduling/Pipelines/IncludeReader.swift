import Foundation

/// Gives the texts of the files that a pipeline includes, by the path that the pipeline names them with.
package struct IncludeReader: Sendable {
    /// A file of shared tasks that can't be had.
    package struct Failure: Error, Sendable, Equatable {
        /// Goes on from "the file x ".
        package var reason: String
    }

    let text: @Sendable (String) throws(Failure) -> String

    /// For texts that came from nowhere: there is no file beside them.
    package static let none = IncludeReader { _ throws(Failure) in throw Failure(reason: "can't be read from here") }

    /// Those that were stored with a pipeline.
    package static func texts(_ texts: [String: String]) -> IncludeReader {
        IncludeReader { path throws(Failure) in
            guard let text = texts[path] else { throw Failure(reason: "was not stored with the pipeline") }
            return text
        }
    }

    /// Those of a folder and the folders in it. Waits for the disk.
    ///
    /// Links are followed before it is asked whether the file lies inside, so that none leads out.
    package static func folder(_ folder: String) -> IncludeReader {
        IncludeReader { path throws(Failure) in
            let root = URL(filePath: folder, directoryHint: .isDirectory).resolvingSymlinksInPath().path(
                percentEncoded: false)
            let url = URL(filePath: path, relativeTo: URL(filePath: folder, directoryHint: .isDirectory))
            let real = url.resolvingSymlinksInPath().path(percentEncoded: false)
            guard real.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
                throw Failure(reason: "lies outside the folder of the pipeline")
            }
            guard let facts = try? FileManager.default.attributesOfItem(atPath: real) else {
                throw Failure(reason: "does not exist in the folder of the pipeline")
            }
            guard facts[.type] as? FileAttributeType == .typeRegular else { throw Failure(reason: "is not a file") }
            guard let size = facts[.size] as? Int, size <= YAMLReader.sizeLimit else {
                throw Failure(reason: "has more than \(YAMLReader.sizeLimit) bytes")
            }
            guard let data = try? Data(contentsOf: URL(filePath: real)) else { throw Failure(reason: "can't be read") }
            guard let text = String(validating: data, as: UTF8.self) else { throw Failure(reason: "is not UTF-8 text") }
            return text
        }
    }

    /// What is wrong with a path before any file is looked for; nil: nothing.
    static func problem(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.hasPrefix("/") { return "is absolute; write it as seen from the pipeline file" }
        if parts.contains("..") { return "leads out of the folder of the pipeline" }
        if parts.contains("") || parts.contains(".") || path.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            return "is not a plain path such as shared/notify.yaml"
        }
        return path.hasSuffix(".yaml") || path.hasSuffix(".yml") ? nil : "is not named .yaml or .yml"
    }
}
