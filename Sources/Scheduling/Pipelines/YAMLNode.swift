/// A value of a YAML file that knows where it stands.
///
/// Unlike a dictionary it keeps the order of keys, and keys that stand twice: the reader of a file must be told
/// about both.
struct YAMLNode: Sendable {
    indirect enum Content: Sendable {
        case scalar(text: String, YAMLScalar)
        case list([YAMLNode])
        case map([YAMLPair])
    }

    var content: Content
    /// Its first character.
    var position: SourcePosition
    /// One past its last character; the end of the alias when it was reached by one.
    var end: SourcePosition

    var inWords: String {
        switch content {
        case .scalar(_, let scalar): scalar.inWords
        case .list: "a list"
        case .map: "a mapping"
        }
    }

    var isNull: Bool {
        if case .scalar(_, .null) = content { return true }
        return false
    }
}

struct YAMLPair: Sendable {
    var key: String
    var keyPosition: SourcePosition
    var value: YAMLNode
}

extension SourcePosition: Comparable {
    package static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
}

/// Why a text is not a YAML file that a pipeline may be written in.
struct YAMLProblem: Error, Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case syntax, tooLarge, tooDeep, tooExpanded, unsupported
    }
    var kind: Kind
    var sentence: String
    var position: SourcePosition
}
