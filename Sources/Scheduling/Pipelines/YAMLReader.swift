import CYaml

/// Reads one YAML document into `YAMLNode`s, by the events of libyaml as Yams carries it.
///
/// Yams' own node tree stops at the first key that stands twice and says nothing of where nodes end; a pipeline's
/// messages need both.
struct YAMLReader {
    /// A pipeline of hundreds of tasks has a tenth of this.
    static let sizeLimit = 1 << 20
    static let depthLimit = 64
    /// How many nodes there may be once every alias is replaced by what it stands for.
    static let nodeLimit = 100_000

    private let stream: EventStream
    private var anchors: [String: (node: YAMLNode, count: Int)] = [:]
    private var nodeCount = 0

    private init(_ stream: EventStream) { self.stream = stream }

    /// - Returns: nil for a file without a document: empty, or comments alone.
    static func read(_ source: String) throws(YAMLProblem) -> YAMLNode? {
        let start = SourcePosition(line: 1, column: 1)
        let bytes = Array(source.utf8)
        guard bytes.count <= sizeLimit else {
            let sentence = "the file has \(bytes.count) bytes; at most \(sizeLimit) are read"
            throw YAMLProblem(kind: .tooLarge, sentence: sentence, position: start)
        }
        let stream = EventStream(bytes)
        var reader = YAMLReader(stream)
        return try reader.document()
    }

    private mutating func document() throws(YAMLProblem) -> YAMLNode? {
        _ = try stream.next()
        guard case .documentStart = try stream.next().kind else { return nil }
        let root = try node(try stream.next(), depth: 0).node
        _ = try stream.next()
        let after = try stream.next()
        guard case .streamEnd = after.kind else {
            throw YAMLProblem(
                kind: .unsupported, sentence: "a second document begins here; a file holds one pipeline",
                position: after.start)
        }
        return root
    }

    /// - Returns: the node, and how many nodes it is made of.
    private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLProblem) -> (node: YAMLNode, count: Int) {
        guard depth <= Self.depthLimit else {
            throw YAMLProblem(
                kind: .tooDeep, sentence: "values are nested deeper than \(Self.depthLimit) levels",
                position: event.start)
        }
        let before = nodeCount
        try count(1, at: event.start)
        var node: YAMLNode
        var anchor: String?
        switch event.kind {
        case .alias(let name):
            guard let target = anchors[name] else {
                throw YAMLProblem(
                    kind: .syntax,
                    sentence: "no anchor &\(name) stands before this alias."
                        + Spelling.question(Spelling.nearest(to: name, among: anchors.keys.sorted())),
                    position: event.start)
            }
            try count(target.count, at: event.start)
            node = target.node
        case .scalar(let text, let isPlain, let tag, let name):
            anchor = name
            let value = try scalar(text, isPlain: isPlain, tag: tag, at: event.start)
            node = YAMLNode(content: .scalar(text: text, value), position: event.start, end: event.end)
        case .listStart(let tag, let name):
            anchor = name
            try refuse(tag, unless: "tag:yaml.org,2002:seq", at: event.start)
            node = try list(from: event.start, depth: depth)
        case .mapStart(let tag, let name):
            anchor = name
            try refuse(tag, unless: "tag:yaml.org,2002:map", at: event.start)
            node = try map(from: event.start, depth: depth)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .listEnd, .mapEnd:
            throw YAMLProblem(kind: .syntax, sentence: "a value is expected here", position: event.start)
        }
        let made = nodeCount - before
        if let anchor { anchors[anchor] = (node, made) }
        return (node, made)
    }

    private mutating func list(from start: SourcePosition, depth: Int) throws(YAMLProblem) -> YAMLNode {
        var elements: [YAMLNode] = []
        while true {
            let event = try stream.next()
            if case .listEnd = event.kind {
                return YAMLNode(content: .list(elements), position: start, end: event.end)
            }
            elements.append(try node(event, depth: depth + 1).node)
        }
    }

    private mutating func map(from start: SourcePosition, depth: Int) throws(YAMLProblem) -> YAMLNode {
        var pairs: [YAMLPair] = []
        while true {
            let event = try stream.next()
            if case .mapEnd = event.kind {
                return YAMLNode(content: .map(pairs), position: start, end: event.end)
            }
            guard case .scalar(let key, _, nil, nil) = event.kind else {
                throw YAMLProblem(
                    kind: .unsupported, sentence: "a key is a plain word, without anchor, alias, tag or brackets",
                    position: event.start)
            }
            try count(1, at: event.start)
            let value = try node(try stream.next(), depth: depth + 1).node
            pairs.append(YAMLPair(key: key, keyPosition: event.start, value: value))
        }
    }

    private func scalar(_ text: String, isPlain: Bool, tag: String?, at position: SourcePosition) throws(YAMLProblem)
        -> YAMLScalar
    {
        switch tag {
        case nil: return YAMLScalar(text, isPlain: isPlain)
        case "tag:yaml.org,2002:str", "!": return .string(text)
        case let tag?: throw Self.unknownTag(tag, at: position)
        }
    }

    private func refuse(_ tag: String?, unless allowed: String, at position: SourcePosition) throws(YAMLProblem) {
        if let tag, tag != allowed { throw Self.unknownTag(tag, at: position) }
    }

    private static func unknownTag(_ tag: String, at position: SourcePosition) -> YAMLProblem {
        YAMLProblem(kind: .unsupported, sentence: "the tag \(tag) has no meaning in a pipeline", position: position)
    }

    private mutating func count(_ nodes: Int, at position: SourcePosition) throws(YAMLProblem) {
        nodeCount += nodes
        guard nodeCount <= Self.nodeLimit else {
            throw YAMLProblem(
                kind: .tooExpanded,
                sentence: (anchors.isEmpty ? "the file has" : "with its aliases replaced the file has")
                    + " more than \(Self.nodeLimit) values",
                position: position)
        }
    }
}
