/// What a filter says, once it has been read: the same for all five searches.
///
/// A comparison is true or false of a record, never unknown: a record without the param, tag or metric meets no comparison
/// of it, not even `!=`, and so meets `NOT` of every one.
package indirect enum SearchCondition: Sendable, Equatable, Codable {
    case comparison(SearchComparison)
    case all([SearchCondition])
    case any([SearchCondition])
    case not(SearchCondition)

    /// From left to right, as they were written.
    package var comparisons: [SearchComparison] {
        switch self {
        case .comparison(let comparison): [comparison]
        case .all(let parts), .any(let parts): parts.flatMap(\.comparisons)
        case .not(let part): part.comparisons
        }
    }
}

/// `metrics.ndcg_at_10 > 0.2`
package struct SearchComparison: Sendable, Equatable, Codable {
    package var field: SearchField
    package var sign: SearchOperator
    package var value: SearchValue

    package init(_ field: SearchField, _ sign: SearchOperator, _ value: SearchValue) {
        (self.field, self.sign, self.value) = (field, sign, value)
    }
}

/// What is compared, or ordered by.
package struct SearchField: Sendable, Hashable, Codable {
    package enum Entity: String, Sendable, Codable {
        case attribute, metric, param, tag, dataset
    }

    package var entity: Entity
    /// Of an attribute its main name, whichever of its names was written.
    package var key: String

    package init(_ entity: Entity, _ key: String) { (self.entity, self.key) = (entity, key) }

    /// For errors, which do not repeat a megabyte.
    var shown: Substring { key.prefix(100) }
}

package enum SearchOperator: String, Sendable, CaseIterable, Codable {
    case equal = "="
    case notEqual = "!="
    case greater = ">"
    case greaterOrEqual = ">="
    case less = "<"
    case lessOrEqual = "<="
    /// `%` stands for any text and `_` for one character. Upper and lower case differ.
    case like = "LIKE"
    /// `LIKE` for which the letters A to Z are those of a to z.
    case ilike = "ILIKE"
    case oneOf = "IN"
    case noneOf = "NOT IN"
    case absent = "IS NULL"
    case present = "IS NOT NULL"
}

package enum SearchValue: Sendable, Equatable, Codable {
    case integer(Int64)
    case real(Double)
    case text(String)
    case texts([String])
    /// Beside `IS NULL` and `IS NOT NULL`.
    case none
}

/// One of the fields that a search orders by.
package struct SearchOrder: Sendable, Hashable, Codable {
    package var field: SearchField
    package var isAscending: Bool
    /// Only points of this dataset count; for the metrics of logged models.
    package var datasetName: String?
    package var datasetDigest: String?

    package init(
        _ field: SearchField, isAscending: Bool = true, datasetName: String? = nil, datasetDigest: String? = nil
    ) {
        (self.field, self.isAscending) = (field, isAscending)
        (self.datasetName, self.datasetDigest) = (datasetName, datasetDigest)
    }
}
