import Foundation

/// Why a task's outputs cannot be kept.
package enum TaskOutputError: Error, Sendable, Equatable {
    case tooLarge(bytes: Int)
    case malformed(line: Int, text: String)
    case notText
    case unreadable(reason: String)
}

extension TaskOutputError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .tooLarge(let bytes):
            "the outputs are \(bytes) bytes; at most \(TaskOutputLimits.bytes) (48 KiB) are kept."
        case .malformed(let line, let text):
            "line \(line) of the file in $MLSTACK_OUTPUT is \"\(text)\"; key=value expected."
        case .notText: "the file in $MLSTACK_OUTPUT is not UTF-8 text."
        case .unreadable(let reason): "the file in $MLSTACK_OUTPUT cannot be read: \(reason)."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .tooLarge: "write them to a file, and put out its path."
        case .malformed:
            "append lines such as `echo \"rows=42\" >> \"$MLSTACK_OUTPUT\"`; a key has letters, digits and . _ -"
        case .notText: "write binary data to a file of its own, and put out its path."
        case .unreadable: "leave that file in its place."
        }
    }
}

package enum TaskOutputLimits {
    /// Of one task's keys and values together.
    package static let bytes = 48 << 10

    static func check(_ outputs: TaskOutputs) throws(TaskOutputError) {
        let size = outputs.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= bytes else { throw .tooLarge(bytes: size) }
    }

    /// The `key=value` lines of an output file; blank lines count for nothing, and of one key the last line holds.
    static func parse(_ text: String) throws(TaskOutputError) -> TaskOutputs {
        var outputs: TaskOutputs = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy(\.isWhitespace) { continue }
            guard let equals = line.firstIndex(of: "="), isKey(line[..<equals]) else {
                throw .malformed(line: number + 1, text: LogLine.escaped(line.prefix(80)))
            }
            outputs[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return outputs
    }

    private static func isKey(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x2e }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
    }
}
