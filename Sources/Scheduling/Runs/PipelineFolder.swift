import Foundation

/// A folder of pipeline files, read and compiled.
enum PipelineFolder {
    struct File: Sendable {
        var path: String
        var source: String
        var compilation: Compilation
    }

    /// Every `*.yaml` and `*.yml` of the folder itself, by name. Waits for the disk.
    /// - Throws: `SchedulingError.noFolder`, `.unreadablePipeline`.
    static func read(_ folder: String, compiler: PipelineCompiler, now: Instant) throws(SchedulingError) -> [File] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .noFolder(path: folder, reason: error.localizedDescription)
        }
        var files: [File] = []
        for name in names.sorted() where !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) {
            let path = "\(folder)/\(name)"
            let data: Data
            do {
                data = try Data(contentsOf: URL(filePath: path))
            } catch {
                // Removed since the folder was listed, as editors do while they save.
                if !FileManager.default.fileExists(atPath: path) { continue }
                throw .unreadablePipeline(file: path, reason: error.localizedDescription)
            }
            guard let source = String(validating: data, as: UTF8.self) else {
                throw .unreadablePipeline(file: path, reason: "it is not UTF-8 text")
            }
            let compilation = compiler.compile(source: source, file: path, now: now)
            files.append(File(path: path, source: source, compilation: compilation))
        }
        return files
    }
}

/// What a look into the pipelines folder changed.
package struct PipelineReload: Sendable, Equatable {
    /// Ids of pipelines that are new or have a new version.
    package var registered: [String] = []
    /// Ids of pipelines whose file is gone.
    package var removed: [String] = []
    /// Path to what is wrong with the file, or worth saying about it.
    package var diagnostics: [String: [Diagnostic]] = [:]
    /// Path and why the file was not taken, besides its own errors: another one has the same id.
    package var conflicts: [String: String] = [:]

    package init() {}
}
