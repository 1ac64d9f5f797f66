extension SearchScanner {
    /// Makes the error from what is wrong and where; nil for where the scanner stands.
    typealias Refusal = (SearchScanner, String, Int?) -> RegistryError

    /// `[ entity "." ] key`: without an entity it is an attribute.
    mutating func identifier(
        in fields: SearchFields, refusal: Refusal
    ) throws(RegistryError) -> SearchField {
        let start = offset
        guard let first = name(isDotted: false) else {
            throw refusal(self, "expected a name, such as \(fields.example)", start)
        }
        var (entity, key) = (SearchField.Entity.attribute, first)
        if next == UInt8(ascii: ".") {
            _ = skip(".")
            guard let known = fields.entities[first] else {
                let valid = fields.entities.keys.sorted().joined(separator: ", ")
                throw refusal(self, "Invalid entity type '\(first.prefix(100))'. Valid values are \(valid)", start)
            }
            guard let second = name(isDotted: known != .attribute) else {
                throw refusal(self, "expected a name after '\(first).'; put other characters in back quotes", nil)
            }
            (entity, key) = (known, second)
        }
        skipSpace()
        if entity == .dataset, !SearchFields.datasetKeys.contains(key) {
            let valid = SearchFields.datasetKeys.joined(separator: ", ")
            throw refusal(self, "Invalid dataset key '\(key.prefix(100))' specified. Valid keys are \(valid)", start)
        }
        guard entity == .attribute else { return SearchField(entity, key) }
        guard let attribute = fields.attribute(key) else {
            let valid = fields.attributes.map(\.name).sorted().joined(separator: ", ")
            throw refusal(self, "Invalid attribute key '\(key.prefix(100))' specified. Valid keys are \(valid)", start)
        }
        return SearchField(.attribute, attribute.name)
    }

    private mutating func name(isDotted: Bool) -> String? { quoted(by: "`\"'") ?? word(isDotted: isDotted) }
}

extension SearchFields {
    fileprivate var example: String {
        keyed[.metric] == nil ? "name or tags.`my tag`" : "metrics.loss or params.`learning rate`"
    }
}
