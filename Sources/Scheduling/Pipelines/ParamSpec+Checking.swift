import Foundation

/// Every value of a start that the pipeline can't take, at once.
package struct ParamError: Error, Sendable, Equatable {
    package struct Problem: Sendable, Equatable {
        package var param: String
        /// A whole sentence without a full stop, e.g. `factors is 3; 4 or more expected`.
        package var sentence: String
        /// The name that was likely meant.
        package var nearest: String?
    }
    package var problems: [Problem]
}

extension ParamError: PermanentError {
    package var isPermanent: Bool { true }
}

extension ParamError: LocalizedError {
    package var errorDescription: String? { problems.map(\.sentence).joined(separator: "; ") }
    package var recoverySuggestion: String? { "see `mlstack pipeline show` for the parameters of the pipeline." }
}

extension ParamSpec {
    /// What a run is given: each value in canonical form, with the defaults of those that were not given.
    /// - Parameter zone: the pipeline's, for dates without an offset.
    package static func check(
        _ values: [String: String], against specs: [ParamSpec], in zone: ZoneRules
    ) throws(ParamError) -> [String: String] {
        var checked: [String: String] = [:]
        var problems: [ParamError.Problem] = []
        let names = specs.map(\.name)
        for name in values.keys.sorted() where !names.contains(name) {
            let nearest = Spelling.nearest(to: name, among: names)
            problems.append(.init(param: name, sentence: unknown(name, nearest, names), nearest: nearest))
        }
        for spec in specs {
            guard let text = values[spec.name] ?? spec.defaultValue else {
                problems.append(.init(param: spec.name, sentence: "\(spec.name) is required: it has no default"))
                continue
            }
            do {
                checked[spec.name] = try spec.canonical(text, in: zone)
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw ParamError(problems: problems) }
        return checked
    }

    private static func unknown(_ name: String, _ nearest: String?, _ names: [String]) -> String {
        if let nearest { return "unknown parameter \(name). Did you mean \(nearest)?" }
        let known = names.isEmpty ? "the pipeline has none" : "the pipeline has \(names.joined(separator: ", "))"
        return "unknown parameter \(name); \(known)"
    }

    /// The one text that stands for a value: `064` becomes `64`, a date becomes RFC 3339 in the zone, `90m` becomes
    /// `1h30m`.
    package func canonical(_ text: String, in zone: ZoneRules) throws(ParamError.Problem) -> String {
        switch kind {
        case .int:
            guard let value = YAMLScalar.int(text) else { throw problem(text, "a whole number") }
            try checkRange(Double(value), text)
            return String(value)
        case .float:
            guard let value = YAMLScalar.float(text) else { throw problem(text, "a number") }
            try checkRange(value, text)
            return "\(value)"
        case .bool:
            guard case .bool(let value) = YAMLScalar(text, isPlain: true) else { throw problem(text, "true or false") }
            return "\(value)"
        case .string: return text
        case .enum:
            guard values.contains(text) else {
                let nearest = Spelling.nearest(to: text, among: values)
                throw ParamError.Problem(
                    param: name, sentence: "\(name) is \"\(text)\"; one of \(values.joined(separator: ", ")) expected",
                    nearest: nearest)
            }
            return text
        case .datetime:
            do {
                return try Instant(text: text, in: zone).rfc3339(in: zone)
            } catch {
                throw ParamError.Problem(
                    param: name, sentence: "\(name): \(error.errorDescription ?? "it is not a time")")
            }
        case .duration:
            guard let value = DurationText.parse(text) else {
                throw problem(text, "a duration such as 10m, 90s or 1h30m")
            }
            return DurationText.text(value)
        }
    }

    private func checkRange(_ value: Double, _ text: String) throws(ParamError.Problem) {
        if let min, value < min { throw problem(text, "\(Self.number(min)) or more") }
        if let max, value > max { throw problem(text, "at most \(Self.number(max))") }
    }

    private func problem(_ text: String, _ expected: String) -> ParamError.Problem {
        let isNumber = YAMLScalar.float(text) != nil
        return .init(param: name, sentence: "\(name) is \(isNumber ? text : "\"\(text)\""); \(expected) expected")
    }

    /// Without the point of a whole number.
    static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}

extension ParamError.Problem: Error {}
