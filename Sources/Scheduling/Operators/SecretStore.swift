package import Dispatch
import Foundation
import Synchronization

/// Secrets that tasks name as `${secrets.NAME}`: from the environment of the program (`MLSTACK_SECRET_NAME`) and from a YAML file of
/// names and values. A name that both know is the environment's.
///
/// The file is read again whenever it has changed. Logs and messages show `***` for every value; outputs of tasks are kept as they are
/// (a task after it may need one), with a warning in the log.
package final class SecretStore: Sendable {
    package static let prefix = "MLSTACK_SECRET_"
    /// A shorter value stands in every log by chance; to mask it would garble the log and tell the value.
    package static let shortestValue = 4

    private let file: String
    private let queue: DispatchQueue
    private let given: [String: String]
    private let known = Mutex<(version: FileVersion, values: [String: String])?>(nil)

    /// - Parameters:
    ///   - file: need not exist.
    ///   - environment: only what begins with `MLSTACK_SECRET_` is looked at.
    ///   - queue: serial; waits for the disk.
    package init(file: String, environment: [String: String], queue: DispatchQueue) {
        (self.file, self.queue) = (file, queue)
        given = Dictionary(
            environment.filter { $0.key.hasPrefix(Self.prefix) }
                .map { (String($0.key.dropFirst(Self.prefix.count)), $0.value) }
        ) { first, _ in first }
    }

    /// - Throws: `SecretError`; nobody is told a part of them.
    package nonisolated(nonsending) func values() async throws -> [String: String] {
        for (name, value) in given.sorted(by: { $0.key < $1.key }) {
            try Self.check(name, value, in: "the environment (\(Self.prefix)\(name))")
        }
        return try await queue.run { try self.stored() }.merging(given) { $1 }
    }

    // MARK: - The file

    fileprivate struct FileVersion: Equatable {
        var inode: UInt64
        var size: UInt64
        var seconds: Int
        var nanoseconds: Int
    }

    private func stored() throws(SecretError) -> [String: String] {
        var facts = stat()
        guard stat(file, &facts) == 0 else {
            if errno == ENOENT { return [:] }
            throw .unreadable(file: file, reason: SystemText.error(errno))
        }
        let mode = facts.st_mode & 0o777
        guard mode & 0o077 == 0 else { throw .readableByOthers(file: file, mode: UInt32(mode)) }
        let version = FileVersion(facts)
        if let known = known.withLock({ $0 }), known.version == version { return known.values }
        let bytes: [UInt8]
        do {
            bytes = try PlainFile.read(file)
        } catch {
            throw .unreadable(file: file, reason: error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(file: file, reason: "it is not UTF-8 text")
        }
        let values = try Self.read(text, file)
        known.withLock { $0 = (version, values) }
        return values
    }

    private static func read(_ text: String, _ file: String) throws(SecretError) -> [String: String] {
        let root: YAMLNode?
        do {
            root = try YAMLReader.read(text)
        } catch {
            throw .malformed(file: file, line: error.position.line, problem: error.sentence)
        }
        guard let root, !root.isNull else { return [:] }
        guard case .map(let pairs) = root.content else {
            throw .malformed(file: file, line: root.position.line, problem: "\(root.inWords) stands here")
        }
        var values: [String: String] = [:]
        for pair in pairs {
            let line = pair.keyPosition.line
            guard case .scalar(let value, _) = pair.value.content, !pair.value.isNull else {
                throw .malformed(file: file, line: line, problem: "the value of \(pair.key) is \(pair.value.inWords)")
            }
            guard values.updateValue(value, forKey: pair.key) == nil else {
                throw .malformed(file: file, line: line, problem: "\(pair.key) stands twice")
            }
            try check(pair.key, value, in: "\(file):\(line)")
        }
        return values
    }

    private static func check(_ name: String, _ value: String, in place: String) throws(SecretError) {
        let isName =
            name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
            && name.utf8.allSatisfy {
                (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f
            }
        guard isName else { throw .badName(name: name, place: place) }
        guard value.utf8.count >= shortestValue else { throw .tooShort(name: name, place: place) }
    }
}

extension SecretStore.FileVersion {
    init(_ facts: stat) {
        #if canImport(Darwin)
            let time = facts.st_mtimespec
        #else
            let time = facts.st_mtim
        #endif
        self.init(
            inode: UInt64(facts.st_ino), size: UInt64(facts.st_size), seconds: Int(time.tv_sec),
            nanoseconds: Int(time.tv_nsec))
    }
}

/// Why secrets cannot be had.
package enum SecretError: Error, Sendable, Equatable {
    case readableByOthers(file: String, mode: UInt32)
    case unreadable(file: String, reason: String)
    case malformed(file: String, line: Int, problem: String)
    case badName(name: String, place: String)
    case tooShort(name: String, place: String)
}

extension SecretError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .readableByOthers(let file, let mode):
            "the secrets in \(file) are refused: its mode is 0\(String(mode, radix: 8)), so others can get at them."
        case .unreadable(let file, let reason): "the secrets in \(file) cannot be read: \(reason)."
        case .malformed(let file, let line, let problem): "\(file):\(line): \(problem); `NAME: value` expected."
        case .badName(let name, let place):
            "\"\(LogLine.escaped(name.prefix(80)))\" in \(place) is no name of a secret."
        case .tooShort(let name, let place):
            "the secret \(name) in \(place) has fewer than \(SecretStore.shortestValue) characters, too few to be masked in logs."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .readableByOthers(let file, _): "chmod 600 \(file)"
        case .unreadable: "mend its permissions; it must be UTF-8 text."
        case .malformed: "one line for each secret, e.g. `SLACK_URL: \"https://…\"`; values are text."
        case .badName: "use letters, digits and _, not a digit first."
        case .tooShort: "make it longer, or give it to the task as a param or a variable if it is none."
        }
    }
}
