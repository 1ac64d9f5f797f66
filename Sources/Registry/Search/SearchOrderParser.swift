/// Reads what MLflow's searches order by: `identifier [ ASC | DESC ]`, ascending when neither is written.
package enum SearchOrderParser {
    /// - Throws: `.invalid` for what cannot be ordered by, for more fields than a store can bear, and for a field that is named
    ///   twice where MLflow refuses it.
    package static func order(_ clauses: [String], in fields: SearchFields) throws(RegistryError) -> [SearchOrder] {
        try checkCount(clauses.count)
        var order: [SearchOrder] = []
        for clause in clauses { try append(try self.clause(clause, in: fields), to: &order, in: fields) }
        return order
    }

    /// The form of logged models: the field and its direction apart, and the dataset whose points count.
    package static func order(
        fieldName: String, isAscending: Bool, datasetName: String?, datasetDigest: String?, in fields: SearchFields
    ) throws(RegistryError) -> SearchOrder {
        let parsed = try clause(fieldName, in: fields, takesDirection: false)
        return SearchOrder(
            parsed.field, isAscending: isAscending, datasetName: datasetName, datasetDigest: datasetDigest)
    }

    package static func checkCount(_ count: Int) throws(RegistryError) {
        if count > Limits.orderFields {
            throw .invalid(
                "Invalid order_by: it names \(count) fields; a search is ordered by at most \(Limits.orderFields).")
        }
    }

    private static func append(
        _ next: SearchOrder, to order: inout [SearchOrder], in fields: SearchFields
    ) throws(RegistryError) {
        if order.contains(where: { $0.field == next.field }) {
            // A field that decided nothing the first time decides nothing the second time.
            guard fields.refusesRepeatedOrder else { return }
            throw .invalid("`order_by` contains duplicate fields: '\(next.field.shown)'. Name each field once.")
        }
        order.append(next)
    }

    private static func clause(
        _ text: String, in fields: SearchFields, takesDirection: Bool = true
    ) throws(RegistryError) -> SearchOrder {
        if text.utf8.count > Limits.orderBytes {
            throw .invalid(
                "Invalid order_by clause: it is longer than \(Limits.orderBytes) bytes (column \(Limits.orderBytes)).")
        }
        var scanner = SearchScanner(text)
        let refusal: SearchScanner.Refusal = { scanner, what, offset in
            let place = scanner.place(offset ?? scanner.offset)
            return .invalid("Invalid order_by clause '\(text.prefix(200))': \(what), at \(place).")
        }
        if let zero = scanner.zero { throw refusal(scanner, "it holds a zero byte", zero) }
        let start = scanner.offset
        let field = try scanner.identifier(in: fields, refusal: refusal)
        guard fields.canOrder(by: field) else {
            throw refusal(scanner, "Invalid order by key '\(field.shown)': \(fields.orders)", start)
        }
        let direction = scanner.offset
        let isDescending = takesDirection && scanner.skip(keyword: "DESC")
        if takesDirection, !isDescending { _ = scanner.skip(keyword: "ASC") }
        guard scanner.isAtEnd else {
            throw refusal(
                scanner, "Invalid ordering key, expected ASC, DESC or the end", max(direction, scanner.offset))
        }
        return SearchOrder(field, isAscending: !isDescending)
    }
}

extension SearchFields {
    fileprivate func canOrder(by field: SearchField) -> Bool {
        field.entity == .attribute ? attribute(field.key)?.isOrdered ?? false : orderedEntities.contains(field.entity)
    }

    fileprivate var orders: String {
        let entities = orderedEntities.map { "\($0.rawValue)s" }.sorted()
        let keys = attributes.filter(\.isOrdered).map(\.name).sorted() + entities
        return "\(noun) are ordered by \(keys.joined(separator: ", "))"
    }
}
