import Foundation
import Scheduling
import Storage

/// What putting a pipeline file into a folder would change there.
struct InstallationPlan: Sendable, Equatable {
    enum Change: String, Sendable { case new, changed, none }

    let pipelineID: String
    /// In the folder.
    let path: String
    let source: String
    let change: Change
    /// In the unified form; empty when nothing changes.
    let diff: String
    /// Content hash of the file that is replaced; nil: there is none.
    let replaces: String?
    /// Ids of pipelines that go, because the file that is replaced defines them.
    let removes: [String]
    let warnings: [String]

    /// Reads the folder, and so waits for the disk.
    /// - Parameter name: of the file in the folder.
    /// - Throws: `InstallationError`.
    init(source: String, name: String, folder: String, compiler: PipelineCompiler, now: Instant) throws {
        guard InstallationPlan.isName(name) else { throw InstallationError.badName(name) }
        path = "\(folder)/\(name)"
        self.source = source
        let compilation = PipelineCheck.compile(source, file: path, now: now)
        guard let pipeline = compilation.pipeline else {
            throw InstallationError.hasErrors(file: name, Diagnostic.lines(compilation.errors))
        }
        pipelineID = pipeline.id
        warnings = Diagnostic.lines(compilation.warnings)
        for other in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where other != name && InstallationPlan.isName(other) {
            guard let text = try? String(contentsOfFile: "\(folder)/\(other)", encoding: .utf8) else { continue }
            if InstallationPlan.id(in: text, compiler) == pipeline.id {
                throw InstallationError.idIsTaken(id: pipeline.id, file: name, owner: other)
            }
        }
        let former = try? String(contentsOfFile: path, encoding: .utf8)
        replaces = former.map(ContentHash.sha256)
        let formerID = former.flatMap { InstallationPlan.id(in: $0, compiler) }
        removes = [formerID].compactMap { $0 }.filter { $0 != pipeline.id }
        change = former == nil ? .new : former == source ? .none : .changed
        diff = LineDiff(from: former ?? "", to: source).text(from: former == nil ? "/dev/null" : path, to: path)
    }

    /// Puts the file where it belongs: whole or not at all.
    /// - Throws: `StorageError`.
    func carryOut() throws { if change != .none { try AtomicFile.write(source, to: path) } }

    /// What the audit list says of it.
    func audit(by actor: String, at now: Instant) -> AuditEntry {
        let version = ContentHash.sha256(source).prefix(12)
        return AuditEntry(
            at: now, actor: actor, action: .apply, pipelineID: pipelineID,
            detail: "\(change == .new ? "installed" : "replaced") \(path), version \(version)")
    }

    private static func isName(_ name: String) -> Bool {
        (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".") && name.utf8.count <= 200
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    /// Of a broken file, what its first line says it is: an earlier version of it may be running.
    private static func id(in source: String, _ compiler: PipelineCompiler) -> String? {
        if let id = compiler.compile(source: source, file: "").pipeline?.id { return id }
        return source.firstMatch(of: #/(?m)^pipeline:\s*["']?([a-z][a-z0-9_-]*)/#).map { String($0.1) }
    }
}

/// Why a pipeline file is not installed.
enum InstallationError: Error, Equatable, Sendable {
    case badName(String)
    /// - Parameter lines: `file:line:column  code message`.
    case hasErrors(file: String, [String])
    case idIsTaken(id: String, file: String, owner: String)
    case changedMeanwhile(file: String)
}

extension InstallationError: LocalizedError {
    var errorDescription: String? {
        switch self {
        case .badName(let name): "\"\(name.prefix(100))\" cannot be the name of a pipeline file."
        case .hasErrors(let file, let lines):
            "\(file) has \(lines.count) \(lines.count == 1 ? "error" : "errors"):\n" + lines.joined(separator: "\n")
        case .idIsTaken(let id, let file, let owner):
            "\(file) defines the pipeline \(id), which \(owner) defines already."
        case .changedMeanwhile(let file): "\(file) has been changed since the difference was shown."
        }
    }

    var recoverySuggestion: String? {
        switch self {
        case .badName: "use letters, digits and . _ - and end it with .yaml."
        case .hasErrors: "mend it until `mlstack pipeline validate FILE` finds nothing."
        case .idIsTaken(_, _, let owner): "name it \(owner) to replace that one, or give it another id."
        case .changedMeanwhile: "look at the difference again."
        }
    }
}
