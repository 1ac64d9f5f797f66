/// What a search asks and which page of the answer is wanted.
package struct SearchQuery: Sendable {
    /// nil for everything.
    package var filter: SearchCondition?
    /// Empty for the search's own order.
    package var order: [SearchOrder]
    package var maxResults: Int
    package var pageToken: String?
    /// Of registered models and versions: whether prompts of MLflow's generative tools come too, whatever the filter says.
    package var includesPrompts = false

    package init(
        filter: SearchCondition? = nil, order: [SearchOrder] = [], maxResults: Int, pageToken: String? = nil
    ) {
        (self.filter, self.order, self.maxResults, self.pageToken) = (filter, order, maxResults, pageToken)
    }
}

package struct ExperimentQuery: Sendable {
    package var view: ViewType
    package var search: SearchQuery

    package init(view: ViewType = .activeOnly, _ search: SearchQuery) { (self.view, self.search) = (view, search) }
}

package struct RunQuery: Sendable {
    package var experimentIDs: [String]
    package var view: ViewType
    package var search: SearchQuery

    package init(experimentIDs: [String], view: ViewType = .activeOnly, _ search: SearchQuery) {
        (self.experimentIDs, self.view, self.search) = (experimentIDs, view, search)
    }

    /// Every run of the experiments, latest start first.
    package init(
        experimentIDs: [String], view: ViewType = .activeOnly, maxResults: Int = 1000, pageToken: String? = nil
    ) {
        self.init(
            experimentIDs: experimentIDs, view: view, SearchQuery(maxResults: maxResults, pageToken: pageToken))
    }
}

package struct LoggedModelQuery: Sendable {
    /// Points of a metric that were measured on a dataset.
    package struct Dataset: Sendable, Equatable, Codable {
        package var name: String
        /// nil for any.
        package var digest: String?

        package init(name: String, digest: String? = nil) { (self.name, self.digest) = (name, digest) }
    }

    package var experimentIDs: [String]
    package var search: SearchQuery
    /// Unless empty, only points of one of them count in the filter, and a model must have one.
    package var datasets: [Dataset]

    package init(experimentIDs: [String], _ search: SearchQuery, datasets: [Dataset] = []) {
        (self.experimentIDs, self.search, self.datasets) = (experimentIDs, search, datasets)
    }

    /// Pages of one search cannot be taken for those of another.
    package func pageName() throws(RegistryError) -> String {
        struct Asked: Encodable {
            var experiments: [String]
            var filter: SearchCondition?
            var order: [SearchOrder]
            var datasets: [Dataset]
        }
        return try PageToken.name(
            of: Asked(experiments: experimentIDs, filter: search.filter, order: search.order, datasets: datasets))
    }
}

extension RegisteredModel {
    /// Searches leave prompts of MLflow's generative tools out unless the filter asks for them.
    ///
    /// - Returns: whether it does; and the filter, in which comparisons of that tag count for nothing when it does not,
    ///   since models do not have it.
    package static func prompts(in query: SearchQuery) -> (areWanted: Bool, filter: SearchCondition?) {
        let filter = query.filter
        if query.includesPrompts { return (true, filter) }
        let asked = filter?.comparisons.first(where: isAboutPrompts)
        switch (asked?.sign, asked?.value) {
        case (.equal, .text(let text)) where text.lowercased() == "true",
            (.notEqual, .text(let text)) where text.lowercased() == "false":
            return (true, filter)
        default:
            return (false, asked == nil ? filter : filter.map(withoutPrompts))
        }
    }

    private static func isAboutPrompts(_ comparison: SearchComparison) -> Bool {
        comparison.field == SearchField(.tag, promptTag)
    }

    private static func withoutPrompts(_ condition: SearchCondition) -> SearchCondition {
        switch condition {
        case .comparison(let comparison): isAboutPrompts(comparison) ? .all([]) : condition
        case .all(let parts): .all(parts.map(withoutPrompts))
        case .any(let parts): .any(parts.map(withoutPrompts))
        case .not(let part): .not(withoutPrompts(part))
        }
    }
}
