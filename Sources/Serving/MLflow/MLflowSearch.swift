import Registry

/// What all searches of MLflow's API take.
extension MLflowFields {
    /// `filter`, `order_by`, `max_results` and `page_token`.
    /// - Parameter standard: how many when the client does not say; nil when it must.
    func search(_ fields: SearchFields, maxResults standard: Int? = nil) throws(RegistryError) -> SearchQuery {
        SearchQuery(
            filter: try SearchParser.condition(try string("filter"), in: fields),
            order: try SearchOrderParser.order(try strings("order_by"), in: fields),
            maxResults: try maxResults(standard: standard), pageToken: try string("page_token"))
    }

    /// The search of logged models, whose order is a list of objects, and which may ask for the datasets of metrics.
    func loggedModelSearch(maxResults standard: Int) throws(RegistryError) -> LoggedModelQuery {
        let experiments = try strings("experiment_ids", atMost: Limits.searchedExperiments)
        if experiments.isEmpty { throw missing("experiment_ids") }
        let clauses = try elements("order_by")
        try SearchOrderParser.checkCount(clauses.count)
        var order: [SearchOrder] = []
        for clause in clauses {
            order.append(
                try SearchOrderParser.order(
                    fieldName: try clause.required("field_name"), isAscending: try clause.bool("ascending") ?? true,
                    datasetName: try clause.presentString("dataset_name"),
                    datasetDigest: try clause.presentString("dataset_digest"), in: .loggedModels))
        }
        let datasets = try elements("datasets").map { dataset throws(RegistryError) in
            LoggedModelQuery.Dataset(
                name: try dataset.required("dataset_name"), digest: try dataset.presentString("dataset_digest"))
        }
        // MLflow takes 0 for what protobuf leaves out.
        let wanted = try maxResults(standard: standard)
        return LoggedModelQuery(
            experimentIDs: experiments,
            SearchQuery(
                filter: try SearchParser.condition(try string("filter"), in: .loggedModels), order: order,
                maxResults: wanted == 0 ? standard : wanted, pageToken: try string("page_token")),
            datasets: datasets)
    }

    /// nil for an empty one too, which is how protobuf says that there is none.
    func presentString(_ name: String) throws(RegistryError) -> String? {
        let text = try string(name)
        return text == "" ? nil : text
    }
}
