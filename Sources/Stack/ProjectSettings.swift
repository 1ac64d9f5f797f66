import Foundation
import Scheduling
import Transfer

extension ProjectFile {
    static let fileName = "mlstack.yaml"

    /// The project's file: in the home or, as `mlstack init` makes it, beside it. Without one nothing is said.
    /// - Throws: `StackError` with every mistake in the file.
    static func read(for home: Home) throws -> ProjectFile {
        let beside = URL(filePath: home.path).deletingLastPathComponent().path(percentEncoded: false)
        let places = ["\(home.path)/\(fileName)", (beside.hasSuffix("/") ? beside : beside + "/") + fileName]
        guard let path = places.first(where: FileManager.default.fileExists) else { return ProjectFile() }
        guard let source = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw StackError.unreadable(path: path, reason: "it cannot be opened, or is not UTF-8 text")
        }
        let environment = ProcessInfo.processInfo.environment
        let (project, diagnostics) = read(
            source: source, file: path, isNetwork: { NetworkRange($0) != nil },
            artifactsProblem: { settings in
                do {
                    _ = try ArtifactPlace.place(settings, environment)
                    return nil
                } catch {
                    return ErrorText(error).oneLine
                }
            })
        guard let project else {
            throw StackError.usage(
                Diagnostic.lines(diagnostics).joined(separator: "\n"), remedy: "correct \(path), and start again.")
        }
        return project
    }

    /// Where webhooks and `http/request` may go.
    var addresses: AddressGuard {
        switch privateWebhooks {
        case .none: .publicOnly
        case .all: .everything
        case .only(let entries):
            AddressGuard(
                hosts: Set(entries.filter { NetworkRange($0) == nil }), ranges: entries.compactMap { NetworkRange($0) })
        }
    }
}
