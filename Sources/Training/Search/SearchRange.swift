import Foundation

/// What a setting is tried with: a list as it was written, or everything from one bound to another.
package enum SearchRange: Sendable, Equatable {
    /// How draws lie between the bounds of a range.
    package enum Scale: String, Sendable {
        /// Every value is as likely as any other.
        case linear
        /// Every factor of ten is as likely as any other: for ridges, rates and weights.
        case log
    }

    case values([HyperparameterValue])
    case integers(ClosedRange<Int>, Scale)
    case numbers(ClosedRange<Double>, Scale)

    /// - Parameter text: `32,64,128`, `16..128`, `0.001..0.1:log`.
    /// - Throws: `SearchError`; `TrainingError.badHyperparameter` for a value that the algorithm refuses.
    init(parsing text: String, for spec: HyperparameterSpec, of algorithm: String) throws {
        let name = spec.name
        if text.trimmingCharacters(in: .whitespaces).isEmpty { throw SearchError.empty(name) }
        guard let dots = text.firstRange(of: "..") else {
            self = .values(try SearchRange.list(text, for: spec, of: algorithm))
            return
        }
        let parts = text[dots.upperBound...].split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, !text[dots.upperBound...].hasPrefix("."),
            let scale = parts.count == 2 ? Scale(rawValue: String(parts[1])) : .linear
        else { throw SearchError.unreadable(name, text: text) }
        let bounds = [text[..<dots.lowerBound], parts[0]].map { HyperparameterValue(parsing: String($0)) }
        switch spec.kind {
        case .bool, .choice: throw SearchError.noRange(name, expected: spec.kind.expectation)
        case .int, .float: break
        }
        let (lower, upper) = (bounds[0].number, bounds[1].number)
        guard let lower, let upper else { throw SearchError.unreadable(name, text: text) }
        if lower > upper { throw SearchError.reversed(name, lower: "\(bounds[0])", upper: "\(bounds[1])") }
        for bound in bounds { _ = try SearchRange.accepted(bound, for: spec, of: algorithm) }
        if scale == .log, lower <= 0 { throw SearchError.logarithmOfNothing(name, lower: "\(bounds[0])") }
        if case .int = spec.kind, case (.int(let first), .int(let last)) = (bounds[0], bounds[1]) {
            self = .integers(first...last, scale)
        } else {
            self = .numbers(lower...upper, scale)
        }
    }

    private static func list(
        _ text: String, for spec: HyperparameterSpec, of algorithm: String
    ) throws -> [HyperparameterValue] {
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        if words.contains("") { throw SearchError.unreadable(spec.name, text: text) }
        let values = try words.map { try accepted(HyperparameterValue(parsing: $0), for: spec, of: algorithm) }
        for (place, value) in values.enumerated() where values[..<place].contains(value) {
            throw SearchError.namedTwice(spec.name, value: value.description)
        }
        return values
    }

    private static func accepted(
        _ value: HyperparameterValue, for spec: HyperparameterSpec, of algorithm: String
    ) throws(TrainingError) -> HyperparameterValue {
        if let accepted = spec.kind.accepting(value) { return accepted }
        throw .badHyperparameter(
            spec.name, algorithm: algorithm, value: value.quoted, expected: spec.kind.expectation)
    }

    /// nil: more than can be counted.
    var count: Int? {
        guard case .values(let values) = self else { return nil }
        return values.count
    }

    /// - Returns: one value, as likely as the scale makes it.
    func draw(_ random: inout SplitMix64) -> HyperparameterValue {
        switch self {
        case .values(let values):
            return values[Int(random.next().multipliedFullWidth(by: UInt64(values.count)).high)]
        case .integers(let range, .linear):
            return .int(Int.random(in: range, using: &random))
        case .integers(let range, .log):
            // From half a step below to half a step above, so that both ends have their share.
            let (lower, upper) = (Double(range.lowerBound) - 0.5, Double(range.upperBound) + 0.5)
            let drawn = SearchRange.between(lower...upper, .log, random.nextUnit()).rounded()
            // A bound near the largest whole number may be rounded up to one that no Int holds.
            return .int(min(max(Int(exactly: drawn) ?? range.upperBound, range.lowerBound), range.upperBound))
        case .numbers(let range, let scale):
            // What is printed is what was used, and nobody needs more digits than these.
            let drawn = SearchRange.between(range, scale, random.nextUnit())
            let short = Double(String(format: "%.4g", drawn)) ?? drawn
            return .float(min(max(short, range.lowerBound), range.upperBound))
        }
    }

    private static func between(_ range: ClosedRange<Double>, _ scale: Scale, _ share: Double) -> Double {
        switch scale {
        case .linear: range.lowerBound + share * (range.upperBound - range.lowerBound)
        case .log: exp(log(range.lowerBound) + share * (log(range.upperBound) - log(range.lowerBound)))
        }
    }
}

extension HyperparameterValue {
    fileprivate var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .float(let value) where value.isFinite: value
        case .float, .bool, .string: nil
        }
    }
}

extension SplitMix64 {
    /// Uniform in 0 ..< 1, of 53 bits.
    fileprivate mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
