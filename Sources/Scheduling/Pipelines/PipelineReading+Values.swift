/// Reading one value of a certain kind, with a report when it is another.
extension PipelineReading {
    /// A mapping whose keys are those of a level. Of keys that stand twice, the first counts.
    /// - Parameters:
    ///   - what: for "…; a mapping expected".
    ///   - place: for "unknown key … in …".
    mutating func map(_ node: YAMLNode, _ what: String, _ level: PipelineKeys.Level, place: String) -> [String:
        YAMLPair]?
    {
        guard let pairs = pairs(node, what) else { return nil }
        var keys: [String: YAMLPair] = [:]
        for pair in pairs {
            if !level.known.contains(pair.key) {
                let nearest = nearest(to: pair.key, among: level.known)
                let expected =
                    nearest == nil ? " Expected: \(level.known.joined(separator: ", "))." : Spelling.question(nearest)
                report(
                    .unknownKey, at: pair.keyPosition, "unknown key \"\(pair.key)\" in \(place).\(expected)",
                    suggestion: nearest)
            }
            guard refuseDuplicate(pair, of: keys[pair.key], place) else { continue }
            keys[pair.key] = pair
        }
        return keys
    }

    /// The pairs of a mapping whose keys are names that the writer gives, each once.
    mutating func named(_ node: YAMLNode, _ what: String) -> [YAMLPair] {
        guard let pairs = pairs(node, what) else { return [] }
        var seen: [String: YAMLPair] = [:]
        return pairs.filter { pair in
            guard refuseDuplicate(pair, of: seen[pair.key], what) else { return false }
            seen[pair.key] = pair
            return true
        }
    }

    mutating func pairs(_ node: YAMLNode, _ what: String) -> [YAMLPair]? {
        guard case .map(let pairs) = node.content else {
            wrongType(node, what, "a mapping (key: value)")
            return nil
        }
        return pairs
    }

    private mutating func refuseDuplicate(_ pair: YAMLPair, of first: YAMLPair?, _ place: String) -> Bool {
        guard let first else { return true }
        report(
            .duplicateKey, at: pair.keyPosition,
            "key \"\(pair.key)\" stands twice in \(place); first at \(first.keyPosition.line):\(first.keyPosition.column)"
        )
        return false
    }

    mutating func text(_ node: YAMLNode, _ what: String) -> String? {
        guard case .scalar(let text, .string) = node.content else {
            if case .scalar(_, let scalar) = node.content, scalar != .null {
                wrongType(node, what, "a text (put it in quotes)")
            } else {
                wrongType(node, what, "a text")
            }
            return nil
        }
        return text
    }

    /// A text, number or boolean as it was written: where everything becomes text anyway.
    mutating func scalarText(_ node: YAMLNode, _ what: String) -> String? {
        guard case .scalar(let text, let scalar) = node.content, scalar != .null else {
            wrongType(node, what, "a text, a number or a boolean")
            return nil
        }
        return text
    }

    mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
        guard case .list(let elements) = node.content else {
            wrongType(node, what, "a list")
            return nil
        }
        return elements
    }

    mutating func texts(_ node: YAMLNode, _ what: String) -> [(text: String, position: SourcePosition)]? {
        guard let elements = list(node, what) else { return nil }
        return elements.compactMap { element in
            text(element, "an element of \(what)").map { ($0, element.position) }
        }
    }

    mutating func wholeNumber(_ node: YAMLNode, _ what: String, least: Int) -> Int? {
        guard case .scalar(_, .int(let value)) = node.content else {
            wrongType(node, what, "a whole number")
            return nil
        }
        guard value >= least else {
            report(.number, at: node.position, "\(what) is \(value); \(least) or more expected")
            return nil
        }
        return value
    }

    mutating func bool(_ node: YAMLNode, _ what: String) -> Bool? {
        guard case .scalar(_, .bool(let value)) = node.content else {
            wrongType(node, what, "true or false")
            return nil
        }
        return value
    }

    mutating func number(_ node: YAMLNode, _ what: String, least: Double) -> Double? {
        let value: Double
        switch node.content {
        case .scalar(_, .int(let int)): value = Double(int)
        case .scalar(_, .float(let float)): value = float
        default:
            wrongType(node, what, "a number")
            return nil
        }
        guard value >= least else {
            report(
                .number, at: node.position,
                "\(what) is \(ParamSpec.number(value)); \(ParamSpec.number(least)) or more expected")
            return nil
        }
        return value
    }

    mutating func duration(_ node: YAMLNode, _ what: String) -> Duration? {
        guard case .scalar(let text, let scalar) = node.content, scalar != .null else {
            wrongType(node, what, "a duration such as 10m")
            return nil
        }
        guard let duration = DurationText.parse(text) else {
            report(.duration, at: node.position, "\"\(text)\" is not a duration; write 10m, 90s, 1h30m")
            return nil
        }
        return duration
    }

    /// - Parameter least: more than nothing, when there is none.
    mutating func positiveDuration(_ node: YAMLNode, _ what: String, least: Duration? = nil) -> Duration? {
        guard let duration = duration(node, what) else { return nil }
        guard duration > .zero, duration >= least ?? duration else {
            report(
                .number, at: node.position,
                "\(what) is \(DurationText.text(duration)); "
                    + (least.map { "\(DurationText.text($0)) or more" } ?? "more than nothing") + " expected")
            return nil
        }
        return duration
    }

    /// A text that is fixed when the file is read: variables may stand in it.
    mutating func constant(_ node: YAMLNode, _ what: String) -> String? {
        guard let text = scalarText(node, what) else { return nil }
        let before = diagnostics.count
        check(node, scope: .constants(what))
        return diagnostics.count == before ? resolved(scan(text), at: node) : nil
    }

    /// The name of a dataset, a pool and the like.
    mutating func resourceName(_ node: YAMLNode, _ what: String) -> String? {
        guard let name = constant(node, what) else { return nil }
        if PipelineNames.isResourceName(name) { return name }
        report(
            .name, at: node.position,
            "\(what) \"\(LogLine.escaped(name.prefix(80)))\" is not a usable name; begin with a letter or digit, go on with letters, digits, _ - or ., at most 128"
        )
        return nil
    }

    mutating func percent(_ node: YAMLNode, _ what: String) -> Double? {
        guard case .scalar(let text, _) = node.content, let value = DurationText.parsePercent(text) else {
            report(.percent, at: node.position, "\(what) is \(node.inWords); a percentage from 0% to 100% expected")
            return nil
        }
        return value
    }

    /// One of a few words.
    mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode, _ what: String, _ code: DiagnosticCode, as type: Value.Type
    ) -> Value? {
        guard let text = text(node, what) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let names = Value.allCases.map(\.rawValue)
        let nearest = nearest(to: text, among: names)
        let expected = nearest == nil ? " Expected: \(names.joined(separator: ", "))." : Spelling.question(nearest)
        report(code, at: node.position, "unknown \(what) \"\(text)\".\(expected)", suggestion: nearest)
        return nil
    }

    mutating func wrongType(_ node: YAMLNode, _ what: String, _ expected: String) {
        report(.wrongType, at: node.position, "\(what) is \(node.inWords); \(expected) expected")
    }

    /// A name that `${…}` can reach.
    mutating func isIdentifier(_ pair: YAMLPair, _ what: String) -> Bool {
        if PipelineNames.isIdentifier(pair.key) { return true }
        report(
            .name, at: pair.keyPosition,
            "\(what) name \"\(pair.key)\" is not usable; begin with a letter, go on with letters, digits, _ or -, at most 64"
        )
        return false
    }
}
