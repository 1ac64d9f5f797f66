import GRDB
import Registry

/// A search as one parameterised statement that finds the keys of a page of records.
///
/// Searches of one shape have one text, whatever they look for, so that they share a prepared statement.
struct SearchStatement: Sendable {
    let sql: String
    let arguments: StatementArguments

    /// - Parameters:
    ///   - scope: what holds for every record that is searched, with its arguments.
    ///   - order: complete, so that no two records are equal under it.
    init(
        _ source: SearchSource, in scope: [(sql: String, arguments: [DatabaseValue])], filter: SearchCondition?,
        order: [SearchOrder], stretch: Stretch
    ) throws {
        var builder = SearchBuilder(source: source)
        let joinsAndTerms = try builder.order(order)
        var conditions: [String] = []
        for part in scope {
            conditions.append(part.sql)
            builder.arguments += part.arguments
        }
        if let filter { conditions.append(try builder.condition(filter)) }
        sql = """
            SELECT \(source.key) FROM \(source.table)\(joinsAndTerms.joins) \
            WHERE \(conditions.isEmpty ? "1" : conditions.joined(separator: " AND ")) \
            ORDER BY \(joinsAndTerms.terms.joined(separator: ", ")) LIMIT ? OFFSET ?
            """
        arguments = StatementArguments(builder.arguments) + stretch.arguments
    }
}

/// Writes the parts of a statement from left to right, and gathers the arguments in the order of their question marks.
private struct SearchBuilder {
    let source: SearchSource
    var arguments: [DatabaseValue] = []

    // MARK: Filter

    /// True or false of every record, and never NULL.
    mutating func condition(_ condition: SearchCondition) throws -> String {
        switch condition {
        case .comparison(let comparison): try self.comparison(comparison)
        case .all(let parts): try joined(parts, by: " AND ", empty: "1")
        case .any(let parts): try joined(parts, by: " OR ", empty: "0")
        case .not(let part): "NOT (\(try self.condition(part)))"
        }
    }

    private mutating func joined(_ parts: [SearchCondition], by word: String, empty: String) throws -> String {
        if parts.isEmpty { return empty }
        var texts: [String] = []
        for part in parts { texts.append(try condition(part)) }
        return "(\(texts.joined(separator: word)))"
    }

    private mutating func comparison(_ comparison: SearchComparison) throws -> String {
        switch comparison.field.entity {
        case .attribute:
            let column = try source.column(comparison.field)
            let test = try test(comparison, on: "(\(column.sql))")
            return column.isNullable ? "(\(test)) IS TRUE" : test
        case .dataset: return try dataset(comparison)
        case .metric, .param, .tag: return try keyed(comparison)
        }
    }

    private mutating func keyed(_ comparison: SearchComparison) throws -> String {
        let rows = try source.rows(comparison.field)
        var condition = rows.condition("x")
        arguments.append(comparison.field.key.databaseValue)
        if let restriction = rows.restriction {
            condition += " AND \(restriction.sql)"
            arguments += restriction.arguments
        }
        switch comparison.sign {
        case .absent: return "NOT EXISTS (SELECT 1 FROM \(rows.table) x WHERE \(condition))"
        case .present: break
        default:
            let test = try test(comparison, on: "x.value")
            // NaN differs from every number, and is neither more nor less than any.
            condition +=
                !rows.hasNaN
                ? " AND \(test)"
                : comparison.sign == .notEqual ? " AND (\(test) OR x.is_nan = 1)" : " AND \(test) AND x.is_nan = 0"
        }
        return "EXISTS (SELECT 1 FROM \(rows.table) x WHERE \(condition))"
    }

    /// Each comparison may be met by another one of the run's inputs.
    private mutating func dataset(_ comparison: SearchComparison) throws -> String {
        switch comparison.field.key {
        case "name", "digest":
            let test = try test(comparison, on: "d.\(comparison.field.key)")
            return """
                EXISTS (SELECT 1 FROM dataset_input i JOIN dataset d ON d.number = i.dataset \
                WHERE i.run = run.number AND \(test))
                """
        case "context":
            let test = try test(comparison, on: "x.value")
            return """
                EXISTS (SELECT 1 FROM dataset_input i JOIN dataset_input_tag x ON x.input = i.number \
                WHERE i.run = run.number AND x.key = 'mlflow.data.context' AND \(test))
                """
        default: throw SearchSource.unknown(comparison.field)
        }
    }

    private mutating func test(_ comparison: SearchComparison, on expression: String) throws -> String {
        switch (comparison.sign, comparison.value) {
        case (.like, .text(let pattern)):
            // GLOB is what SQLite calls a LIKE that tells upper from lower case.
            arguments.append(Self.glob(pattern).databaseValue)
            return "\(expression) GLOB ?"
        case (.ilike, .text(let pattern)):
            arguments.append(pattern.databaseValue)
            return "\(expression) LIKE ?"
        case (.oneOf, .texts(let texts)), (.noneOf, .texts(let texts)):
            arguments.append(try JSONText.encode(texts).databaseValue)
            return "\(expression) \(comparison.sign.rawValue) (SELECT value FROM json_each(?))"
        case (.equal, let value), (.notEqual, let value), (.greater, let value), (.greaterOrEqual, let value),
            (.less, let value), (.lessOrEqual, let value):
            switch value {
            case .integer(let number): arguments.append(number.databaseValue)
            case .real(let number): arguments.append(number.databaseValue)
            case .text(let text): arguments.append(text.databaseValue)
            case .texts, .none: throw SearchSource.unknown(comparison.field)
            }
            return "\(expression) \(comparison.sign.rawValue) ?"
        default: throw SearchSource.unknown(comparison.field)
        }
    }

    /// `50%_[x]` becomes `50*?[[]x]`.
    private static func glob(_ pattern: String) -> String {
        var result = ""
        for scalar in pattern.unicodeScalars {
            switch scalar {
            case "%": result += "*"
            case "_": result += "?"
            case "*", "?", "[": result += "[\(scalar)]"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    // MARK: Order

    /// What is not there comes last in either direction, and NaN after every number.
    mutating func order(_ order: [SearchOrder]) throws -> (joins: String, terms: [String]) {
        var (joins, terms): (String, [String]) = ("", [])
        for (index, next) in order.enumerated() {
            let direction = next.isAscending ? "" : " DESC"
            if next.field.entity == .attribute {
                let column = try source.column(next.field)
                if column.isNullable { terms.append("(\(column.sql)) IS NULL") }
                terms.append("\(column.order ?? "(\(column.sql))")\(direction)")
                continue
            }
            let (rows, alias) = (try source.rows(next.field), "o\(index)")
            joins += " LEFT JOIN \(rows.table) \(alias) ON \(rows.condition(alias))"
            arguments.append(next.field.key.databaseValue)
            if rows.isHistory { joins += " AND \(latest(rows, of: next, alias))" }
            let rank = "\(alias).\(rows.links[0].column) IS NULL"
            terms.append(rows.hasNaN ? "CASE WHEN \(rank) THEN 2 ELSE \(alias).is_nan END" : rank)
            terms.append("\(alias).value\(direction)")
        }
        return (joins, terms)
    }

    /// That the row is the latest of its key, of those measured on the dataset if one is named.
    private mutating func latest(_ rows: SearchSource.Rows, of order: SearchOrder, _ alias: String) -> String {
        var condition = rows.condition("x")
        arguments.append(order.field.key.databaseValue)
        if let name = order.datasetName {
            condition += " AND x.dataset_name = ?"
            arguments.append(name.databaseValue)
        }
        if let digest = order.datasetDigest {
            condition += " AND x.dataset_digest = ?"
            arguments.append(digest.databaseValue)
        }
        return """
            (\(alias).time_ms, \(alias).step, \(alias).run) = (SELECT x.time_ms, x.step, x.run FROM \(rows.table) x \
            WHERE \(condition) ORDER BY x.time_ms DESC, x.step DESC, x.run LIMIT 1)
            """
    }
}
