import Foundation

/// A folder made into a project: `mlstack.yaml`, pipelines to begin with, and a CI workflow that checks them.
package struct NewProject: Sendable {
    package let folder: String
    /// What was written, by its path in the folder.
    package let files: [String]

    /// - Parameter examples: names of `ExamplePipeline`s; none: the daily one.
    /// - Throws: `StackError`: a folder that is not empty, an unknown example, a disk that refuses.
    package init(folder: String, examples: [String]) throws {
        let place = Home(folder).path
        var chosen: [BundledFile] = []
        for name in examples.isEmpty ? ["daily"] : examples {
            for file in try ExamplePipeline.named(name).files where !chosen.contains(where: { $0.name == file.name }) {
                chosen.append(file)
            }
        }
        let manager = FileManager.default
        do {
            try manager.createDirectory(atPath: place, withIntermediateDirectories: true)
            let present = try manager.contentsOfDirectory(atPath: place).filter { $0 != ".git" }.sorted()
            guard present.isEmpty else {
                throw StackError.usage(
                    "\(folder) is not empty: it holds \(present.prefix(3).joined(separator: ", "))"
                        + (present.count > 3 ? " and \(present.count - 3) more." : "."),
                    remedy: "name a new folder, or an empty one: mlstack init \(folder)/mlstack")
            }
            let written =
                BundledFile.project.map { ($0.name, $0.text) } + chosen.map { ("pipelines/\($0.name)", $0.text) }
            for (name, text) in written {
                let path = URL(filePath: "\(place)/\(name)")
                try manager.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: path, options: .atomic)
            }
            files = written.map(\.0)
        } catch let error as StackError {
            throw error
        } catch {
            throw StackError.unwritableHome(path: place, reason: ErrorText(error).what)
        }
        self.folder = folder
    }
}
