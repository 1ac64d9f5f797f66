import Foundation

/// A folder of pipeline files, read and compiled.
enum PipelineFolder {
    struct File: Sendable {
        enum Content: Sendable {
            /// As it was when it was read before, and so are the files that it includes.
            case unchanged
            case unreadable(reason: String)
            case text(String, Compilation)
        }
        var path: String
        var content: Content
        var trace: Trace
    }

    /// What is remembered of a file, so that one of thousands is changed without reading them all.
    struct Trace: Sendable {
        /// The pipeline that it holds.
        var id: String?
        var includes: [String]
        /// Of the file and of what it includes; nil: it was changed so lately that a further change could look the same.
        var marks: [FileMark]?

        static func marks(of path: String, _ includes: [String]) -> [FileMark] {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
                .joined(separator: "/")
            return [FileMark(path: path)]
                + includes.map { FileMark(path: $0.hasPrefix("/") ? $0 : "\(folder)/\($0)") }
        }
    }

    /// Every `*.yaml` and `*.yml` of the folder itself, by name, but for those that only others include. Waits for the
    /// disk.
    /// - Parameter known: files that were right when they were read last.
    /// - Throws: `SchedulingError.noFolder`.
    static func read(
        _ folder: String, compiler: PipelineCompiler, now: Instant, known: [String: Trace]
    ) throws(SchedulingError) -> [File] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .noFolder(path: folder, reason: SystemText.reason(of: error))
        }
        var files: [File] = []
        for name in names.sorted() where !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) {
            let path = "\(folder)/\(name)"
            if let trace = known[path], let marks = trace.marks, marks == Trace.marks(of: path, trace.includes) {
                files.append(File(path: path, content: .unchanged, trace: trace))
            } else if let file = read(path, in: folder, compiler, now) {
                files.append(file)
            }
        }
        return withoutShared(files, in: folder)
    }

    /// A file of shared tasks is no broken pipeline; what is wrong with it is told by the pipelines that include it.
    private static func withoutShared(_ files: [File], in folder: String) -> [File] {
        let shared = Set(files.flatMap { file in file.trace.includes.map { "\(folder)/\($0)" } })
        return files.filter { $0.trace.id != nil || !shared.contains($0.path) }
    }

    /// - Returns: nil when the file was removed since the folder was listed, as editors do while they save.
    private static func read(
        _ path: String, in folder: String, _ compiler: PipelineCompiler, _ now: Instant
    ) -> File? {
        // Before the text: a change that comes while it is read must not be taken for what was read.
        let mark = FileMark(path: path)
        let none = Trace(id: nil, includes: [], marks: nil)
        let data: [UInt8]
        do {
            data = try PlainFile.read(path)
        } catch {
            // A link that leads nowhere is there all the same.
            if error.isMissing, (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == nil { return nil }
            return File(path: path, content: .unreadable(reason: error.reason), trace: none)
        }
        guard let source = String(validating: data, as: UTF8.self) else {
            return File(path: path, content: .unreadable(reason: "it is not UTF-8 text"), trace: none)
        }
        let compilation = compiler.compile(source: source, file: path, now: now, includes: .folder(folder))
        let includes = compilation.includes.keys.sorted()
        let marks = [mark] + Trace.marks(of: path, includes).dropFirst()
        let trace = Trace(
            id: compilation.pipeline?.id, includes: includes, marks: marks.allSatisfy(\.isSettled) ? marks : nil)
        return File(path: path, content: .text(source, compilation), trace: trace)
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
