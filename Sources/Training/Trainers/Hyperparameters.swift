/// The settings of one training, checked against the trainer's specs, with the defaults filled in.
///
/// The accessors trap when asked for a name or a kind that the trainer did not declare: that is a mistake in the
/// trainer.
package struct Hyperparameters: Sendable, Equatable {
    /// By name. A setting without a default is here only when it was given.
    package let values: [String: HyperparameterValue]

    /// - Parameter besides: what can be set where this is called, and is no setting of the trainer: named to whoever misspells it.
    /// - Throws: `TrainingError.unknownHyperparameter` or `badHyperparameter`, for the first name in alphabetical
    ///   order.
    package init(
        _ given: [String: HyperparameterValue], for trainer: any Trainer.Type, besides: [String] = []
    ) throws(TrainingError) {
        if let problem = Hyperparameters.problems(given, for: trainer, besides: besides).first { throw problem }
        var values: [String: HyperparameterValue] = [:]
        for spec in trainer.hyperparameters {
            values[spec.name] = (given[spec.name] ?? spec.defaultValue).flatMap(spec.kind.accepting)
        }
        self.values = values
    }

    /// Everything that is wrong, in the alphabetical order of the names.
    /// - Parameter given: nil for a value that is not known yet, of which only the name is looked at.
    static func problems(
        _ given: [String: HyperparameterValue?], for trainer: any Trainer.Type, besides: [String] = []
    ) -> [TrainingError] {
        let names = trainer.hyperparameters.map(\.name) + besides
        return given.sorted { $0.key < $1.key }.compactMap { name, value in
            guard let spec = trainer.hyperparameters.first(where: { $0.name == name }) else {
                return .unknownHyperparameter(
                    name, algorithm: trainer.name, nearest: Spelling.nearest(to: name, among: names), known: names)
            }
            guard let value, spec.kind.accepting(value) == nil else { return nil }
            return .badHyperparameter(
                name, algorithm: trainer.name, value: value.quoted, expected: spec.kind.expectation(of: value))
        }
    }

    private init(values: [String: HyperparameterValue]) { self.values = values }

    /// Of a model that was trained elsewhere.
    static let none = Hyperparameters(values: [:])

    /// With a value for a setting whose default depends on the others, unless it was given: so that a model records
    /// what it was made with.
    func filling(_ name: String, with value: HyperparameterValue) -> Hyperparameters {
        Hyperparameters(values: values.merging([name: value]) { given, _ in given })
    }

    /// A whole number that was given or has a default; the others alike.
    package func int(_ name: String) -> Int {
        guard case .int(let value) = values[name] else { missing(name) }
        return value
    }
    /// nil: off, for it was not given and has no default.
    package func optionalInt(_ name: String) -> Int? {
        guard case .int(let value) = values[name] else { return nil }
        return value
    }
    /// A number.
    package func float(_ name: String) -> Double {
        guard let value = optionalFloat(name) else { missing(name) }
        return value
    }
    /// A switch.
    package func bool(_ name: String) -> Bool {
        guard case .bool(let value) = values[name] else { missing(name) }
        return value
    }
    /// One of the choices.
    package func string(_ name: String) -> String {
        guard case .string(let value) = values[name] else { missing(name) }
        return value
    }
    /// nil: off, for it was not given and has no default.
    package func optionalFloat(_ name: String) -> Double? {
        guard case .float(let value) = values[name] else { return nil }
        return value
    }

    private func missing(_ name: String) -> Never {
        preconditionFailure(
            "a trainer read the setting \(name), which it does not declare with that kind and a default")
    }
}

extension HyperparameterValue {
    /// What a person wrote behind `=` on a command line: the narrowest of whole number, number, `true`/`false` and
    /// text.
    package init(parsing text: String) {
        if let value = Int(text) {
            self = .int(value)
        } else if let value = Double(text) {
            self = .float(value)
        } else if let value = Bool(text) {
            self = .bool(value)
        } else {
            self = .string(text)
        }
    }

    var quoted: String {
        if case .string(let value) = self { "\"\(value)\"" } else { description }
    }
}

extension HyperparameterSpec.Kind {
    /// The value as this kind holds it, or nil. A whole number will do for a number; nothing else is converted.
    func accepting(_ value: HyperparameterValue) -> HyperparameterValue? {
        switch (self, value) {
        case (.int(let range), .int(let number)) where range.contains(number): value
        case (.float(let range), .float(let number)) where range.contains(number): value
        case (.float(let range), .int(let number)) where range.contains(Double(number)): .float(Double(number))
        case (.bool, .bool): value
        case (.choice(let names), .string(let name)) where names.contains(name): value
        default: nil
        }
    }

    /// The same, with the upper bound too where it is what was passed: 2^63 and more are no whole numbers here.
    func expectation(of value: HyperparameterValue) -> String {
        guard case .int(let range) = self, case .float(let number) = value, number >= 0x1p63 else { return expectation }
        return "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    /// What stands behind "expected".
    package var expectation: String {
        switch self {
        case .int(let range) where range.upperBound == .max: "a whole number of at least \(range.lowerBound)"
        case .int(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .float(let range) where range.upperBound == .greatestFiniteMagnitude:
            "a number of at least \(range.lowerBound)"
        case .float(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .bool: "true or false"
        case .choice(let names): "one of " + names.joined(separator: ", ")
        }
    }
}

extension HyperparameterValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .float(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .float(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        }
    }
}
