extension Settings {
    /// What an operator is handed: templates filled in, each value checked against its spec, defaults in place.
    /// - Throws: `RenderError`, also for what only shows once a value is filled in: a wrong type, a number out of
    ///   range.
    package init(resolving with: [String: SettingTemplate], specs: [SettingSpec], scope: RenderScope)
        throws(RenderError)
    {
        var values: [String: SettingValue] = [:]
        for spec in specs {
            switch with[spec.name] {
            case .literal(.string(let text)) where spec.keepsSecrets:
                values[spec.name] = .string(try Template(text: text).storable(scope))
            case .literal(let value): values[spec.name] = value
            case .template(let template):
                // Also where a secret is only named: that it is missing shows before anything begins.
                let text = try template.render(scope, quoting: .plain)
                let value = try spec.value(ofText: text)
                values[spec.name] = spec.keepsSecrets && !text.isEmpty ? .string(try template.storable(scope)) : value
            case .list(let templates):
                var list: [String] = []
                for template in templates { list.append(try template.render(scope, quoting: .plain)) }
                values[spec.name] = .list(list)
            case nil:
                if let value = spec.defaultValue {
                    values[spec.name] = value
                } else if !spec.isOptional {
                    throw .wrongSetting(name: spec.name, problem: "it is required, and was not given")
                }
            }
        }
        self.init(values: values)
    }

    /// What is known when the file is read, for `Operator.problems(in:)`.
    /// - Parameters:
    ///   - given: every name that was written, also those whose value was refused.
    ///   - text: of a template; nil when it is not known yet.
    init(
        readingOf with: [String: SettingTemplate], given: Set<String>, specs: [SettingSpec],
        text: (Template) -> String?
    ) {
        var (values, pending): ([String: SettingValue], [String: [String?]]) = ([:], [:])
        for spec in specs {
            switch with[spec.name] {
            case .literal(let value): values[spec.name] = value
            case .template: pending[spec.name] = []
            case .list(let templates): pending[spec.name] = templates.map(text)
            case nil where given.contains(spec.name): pending[spec.name] = []
            case nil: values[spec.name] = spec.defaultValue
            }
        }
        self.init(values: values, pending: pending)
    }
}

extension SettingSpec {
    /// A value from text that was filled in, where everything is text.
    func value(ofText text: String) throws(RenderError) -> SettingValue {
        let scalar: YAMLScalar =
            switch kind {
            case .string, .choice, .list: .string(text)
            case .int, .float, .bool: YAMLScalar(text, isPlain: true)
            }
        switch value(of: scalar) {
        case .success(let value): return value
        case .failure(let problem): throw .wrongSetting(name: name, problem: problem.sentence)
        }
    }

    struct Problem: Error, Equatable {
        var code: DiagnosticCode
        var sentence: String
        var nearest: String?
    }

    /// A scalar as the setting's kind, strictly: no number where text is expected, nor the other way round.
    func value(of scalar: YAMLScalar) -> Result<SettingValue, Problem> {
        switch (kind, scalar) {
        case (.string, .string(let text)): return .success(.string(text))
        case (.string, .int), (.string, .float), (.string, .bool):
            return .failure(
                Problem(
                    code: .settingType, sentence: "it is \(scalar.inWords); a text expected, so put it in quotes"))
        case (.int(let range), .int(let value)):
            return range.contains(value) ? .success(.int(value)) : outside("\(value)", "\(Self.text(range))")
        case (.float(let range), .int(let value)): return float(Double(value), range)
        case (.float(let range), .float(let value)): return float(value, range)
        case (.bool, .bool(let value)): return .success(.bool(value))
        case (.choice(let choices), .string(let text)):
            if choices.contains(text) { return .success(.string(text)) }
            let nearest = Spelling.nearest(to: text, among: choices)
            let sentence =
                "unknown value \"\(text)\"; one of \(choices.joined(separator: ", ")) expected."
                + Spelling.question(nearest)
            return .failure(Problem(code: .settingOutOfRange, sentence: sentence, nearest: nearest))
        default: return wrong(scalar, kindInWords)
        }
    }

    private func float(_ value: Double, _ range: ClosedRange<Double>) -> Result<SettingValue, Problem> {
        range.contains(value) ? .success(.float(value)) : outside("\(value)", Self.text(range))
    }

    private func wrong(_ scalar: YAMLScalar, _ expected: String) -> Result<SettingValue, Problem> {
        .failure(Problem(code: .settingType, sentence: "it is \(scalar.inWords); \(expected) expected"))
    }

    private func outside(_ value: String, _ range: String) -> Result<SettingValue, Problem> {
        .failure(Problem(code: .settingOutOfRange, sentence: "it is \(value); \(range) expected"))
    }

    var kindInWords: String {
        switch kind {
        case .string: "a text"
        case .int: "a whole number"
        case .float: "a number"
        case .bool: "true or false"
        case .choice(let choices): "one of \(choices.joined(separator: ", "))"
        case .list: "a list of texts"
        }
    }

    private static func text(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (let low, .max): "\(low) or more"
        case (.min, let high): "at most \(high)"
        case (let low, let high): "\(low) to \(high)"
        }
    }

    private static func text(_ range: ClosedRange<Double>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (let low, .infinity), (let low, .greatestFiniteMagnitude): "\(low) or more"
        case (-.infinity, let high), (-.greatestFiniteMagnitude, let high): "at most \(high)"
        case (let low, let high): "\(low) to \(high)"
        }
    }
}
