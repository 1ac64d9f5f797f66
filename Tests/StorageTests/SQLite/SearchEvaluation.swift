import Registry

/// A record as searches see it, and the answer to a search by looking at every record: what the store must agree with.
struct SearchedRecord {
    enum Value {
        case text(String)
        case number(Double)
    }

    var id: String
    /// Without those that it does not have.
    var attributes: [String: Value] = [:]
    var rows: [SearchField.Entity: [(key: String, value: Value)]] = [:]
    /// What counts in an order, where there may be several rows of one key.
    var latest: [String: Double] = [:]

    func meets(_ condition: SearchCondition) -> Bool {
        switch condition {
        case .comparison(let comparison): meets(comparison)
        case .all(let parts): parts.allSatisfy(meets)
        case .any(let parts): parts.contains(where: meets)
        case .not(let part): !meets(part)
        }
    }

    private func values(of field: SearchField) -> [Value] {
        if field.entity == .attribute { return attributes[field.key].map { [$0] } ?? [] }
        return rows[field.entity, default: []].filter { $0.key == field.key }.map(\.value)
    }

    private func meets(_ comparison: SearchComparison) -> Bool {
        let values = values(of: comparison.field)
        switch comparison.sign {
        case .absent: return values.isEmpty
        case .present: return !values.isEmpty
        default: return values.contains { Self.meets($0, comparison.sign, comparison.value) }
        }
    }

    private static func meets(_ value: Value, _ sign: SearchOperator, _ asked: SearchValue) -> Bool {
        switch (value, asked) {
        case (.number(let value), .integer(let asked)): compared(value, sign, Double(asked))
        case (.number(let value), .real(let asked)): compared(value, sign, asked)
        case (.text(let value), .texts(let asked)): asked.contains(value) == (sign == .oneOf)
        case (.text(let value), .text(let asked)):
            switch sign {
            case .like: isLike(Array(value.unicodeScalars)[...], Array(asked.unicodeScalars)[...])
            case .ilike: isLike(lowered(value), lowered(asked))
            default: (value == asked) == (sign == .equal)
            }
        default: false
        }
    }

    private static func compared(_ value: Double, _ sign: SearchOperator, _ asked: Double) -> Bool {
        switch sign {
        case .equal: value == asked
        case .notEqual: value != asked
        case .greater: value > asked
        case .greaterOrEqual: value >= asked
        case .less: value < asked
        default: value <= asked
        }
    }

    private static func lowered(_ text: String) -> ArraySlice<Unicode.Scalar> {
        text.unicodeScalars.map { ("A"..."Z").contains($0) ? Unicode.Scalar(UInt8($0.value) + 32) : $0 }[...]
    }

    private static func isLike(_ text: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        switch first {
        case "%":
            return (text.startIndex...text.endIndex).contains { isLike(text[$0...], pattern.dropFirst()) }
        case "_": return !text.isEmpty && isLike(text.dropFirst(), pattern.dropFirst())
        default: return text.first == first && isLike(text.dropFirst(), pattern.dropFirst())
        }
    }

    // MARK: Order

    static func answer(_ records: [SearchedRecord], _ filter: SearchCondition?, _ order: [SearchOrder]) -> [String] {
        records.filter { record in filter.map(record.meets) ?? true }
            .sorted { one, other in
                for next in order {
                    let (first, second) = (one.place(next), other.place(next))
                    if first.rank != second.rank { return first.rank < second.rank }
                    switch (first.value, second.value) {
                    case (.text(let first), .text(let second)) where first != second:
                        return (first < second) == next.isAscending
                    case (.number(let first), .number(let second)) where first != second && !first.isNaN:
                        return (first < second) == next.isAscending
                    default: continue
                    }
                }
                return false
            }.map(\.id)
    }

    /// Numbers and texts, then NaN, then nothing, in either direction.
    private func place(_ order: SearchOrder) -> (rank: Int, value: Value?) {
        let value =
            order.field.entity == .metric
            ? latest[order.field.key].map(Value.number) : values(of: order.field).first
        if case .number(let number) = value, number.isNaN { return (1, value) }
        return (value == nil ? 2 : 0, value)
    }
}

/// The same numbers in every run of the tests. SplitMix64 (Steele, Lea, Flood, 2014).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    /// True one time in `count`.
    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// Filters and orders made up at random, of fields and values that have a chance to be met.
struct MadeUpSearches {
    var fields: [(field: SearchField, isNumber: Bool, signs: [SearchOperator])]
    var orders: [SearchField]
    var texts: [String]
    var numbers: [Double]

    func filter(depth: Int = 3, _ random: inout SeededNumbers) -> SearchCondition {
        if depth == 0 || random.oneIn(3) { return .comparison(comparison(&random)) }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return .not(filter(depth: depth - 1, &random))
        case 1, 2: return .any((0..<2).map { _ in filter(depth: depth - 1, &random) })
        default: return .all((0..<2).map { _ in filter(depth: depth - 1, &random) })
        }
    }

    func order(_ random: inout SeededNumbers) -> [SearchOrder] {
        let fields = orders.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random))
        return fields.map { SearchOrder($0, isAscending: random.oneIn(2)) }
    }

    private func comparison(_ random: inout SeededNumbers) -> SearchComparison {
        let (field, isNumber, signs) = random.pick(fields)
        let sign = random.pick(signs)
        let value: SearchValue =
            switch sign {
            case .absent, .present: .none
            case .oneOf, .noneOf: .texts([random.pick(texts), random.pick(texts)])
            case .like, .ilike: .text(pattern(&random))
            default: isNumber ? number(random.pick(numbers)) : .text(random.pick(texts))
            }
        return SearchComparison(field, sign, value)
    }

    private func number(_ number: Double) -> SearchValue {
        Int64(exactly: number).map(SearchValue.integer) ?? .real(number)
    }

    private func pattern(_ random: inout SeededNumbers) -> String {
        let wild = ["%", "_", "%", ""]
        return random.pick(wild) + random.pick(texts) + random.pick(wild)
    }
}
