/// The checks that every store makes before it writes, so that what is refused leaves nothing behind.
extension RunBatch {
    /// The batch as it is to be stored: names checked, long values shortened, infinities clamped.
    ///
    /// - Throws: `.invalid` for a bad name, too many entries, or a param that is given twice.
    package func checked() throws(RegistryError) -> RunBatch {
        try Self.checkCounts(metrics: metrics.count, params: params.count, tags: tags.count)
        var seen: Set<String> = []
        var result = RunBatch()
        for (index, param) in params.enumerated() {
            try KeyName.check(param.key, parameter: "params[\(index)].key")
            guard seen.insert(param.key).inserted else {
                throw .invalid("Duplicate parameter keys have been submitted: ['\(param.key)']. Name each param once.")
            }
            result.params.append(Param(key: param.key, value: Limits.shortened(param.value, to: Limits.paramValue)))
        }
        // A thousand points are often of a few keys. By their bytes: to Swift a letter and its composition are equal.
        var goodKeys: Set<[UInt8]> = []
        for (index, metric) in metrics.enumerated() where goodKeys.insert(Array(metric.key.utf8)).inserted {
            try KeyName.check(metric.key, parameter: "metrics[\(index)].name")
        }
        result.metrics = metrics.contains { $0.value.isInfinite } ? metrics.map(\.clamped) : metrics
        result.modelMetrics = try modelMetrics.map { metric throws(RegistryError) in try metric.checked() }
        result.tags = try Self.checkedTags(tags)
        return result
    }

    /// - Throws: `.invalid` for more than a batch may hold.
    package static func checkCounts(metrics: Int, params: Int, tags: Int) throws(RegistryError) {
        try checkCount(metrics, "metrics", atMost: Limits.batchMetrics)
        try checkCount(params, "params", atMost: Limits.batchParams)
        try checkCount(tags, "tags", atMost: Limits.batchTags)
        try checkCount(metrics + params + tags, "entries", atMost: Limits.batchItems)
    }

    private static func checkCount(_ count: Int, _ what: String, atMost limit: Int) throws(RegistryError) {
        if count <= limit { return }
        throw .invalid(
            "A batch logging request can contain at most \(limit) \(what). "
                + "Got \(count) \(what). Please split up the request and try again.")
    }

    /// Tags of a run: names checked, long values shortened.
    package static func checkedTags(_ tags: [String: String]) throws(RegistryError) -> [String: String] {
        if tags.isEmpty { return tags }
        for key in tags.keys.sorted() { try KeyName.check(key, parameter: "key") }
        return tags.mapValues { Limits.shortened($0, to: Limits.runTagValue) }
    }
}

extension Metric {
    /// The point with an infinite value replaced by the largest finite one of its sign; NaN stays.
    package var clamped: Metric {
        guard value.isInfinite else { return self }
        var copy = self
        copy.value = value > 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude
        return copy
    }
}

extension ModelMetric {
    /// - Throws: `.invalid` for half a dataset, and for one that is too long.
    fileprivate func checked() throws(RegistryError) -> ModelMetric {
        guard (datasetName == nil) == (datasetDigest == nil) else {
            throw .invalid("Both dataset_name and dataset_digest must be provided if one is provided.")
        }
        try Limits.check(datasetName ?? "", named: "dataset_name", atMost: Limits.datasetName)
        try Limits.check(datasetDigest ?? "", named: "dataset_digest", atMost: Limits.datasetDigest)
        var copy = self
        copy.metric = metric.clamped
        return copy
    }
}

extension RunRequest {
    /// The run's name and its tags with the name among them; nil when neither names it.
    ///
    /// - Throws: `.invalid` when the name and the tag `mlflow.runName` disagree.
    package func checkedName() throws(RegistryError) -> String? {
        let given = name.flatMap { $0.isEmpty ? nil : $0 }
        let tagged = tags[RunName.tag].flatMap { $0.isEmpty ? nil : $0 }
        if let given, let tagged, given != tagged {
            throw .invalid(
                "Both 'run_name' argument and '\(RunName.tag)' tag are specified, but with different values "
                    + "(run_name='\(given)', \(RunName.tag)='\(tagged)').")
        }
        // The name is kept as a tag too, so both are cut to the same length.
        return (given ?? tagged).map { Limits.shortened($0, to: Limits.runTagValue) }
    }
}

extension Experiment {
    /// - Throws: `.invalid` for an empty or overlong name.
    package static func checkName(_ name: String) throws(RegistryError) {
        if name.isEmpty { throw .invalid("Invalid experiment name: ''. Missing value for required parameter 'name'") }
        try Limits.check(name, named: "name", atMost: Limits.experimentName)
        try DisplayName.check(name, parameter: "name")
    }

    package static func checkTag(_ key: String, value: String) throws(RegistryError) {
        try KeyName.check(key, parameter: "key")
        try Limits.check(value, named: "value", atMost: Limits.experimentTagValue)
    }
}

extension DatasetInput {
    /// - Throws: `.invalid` for a missing name, digest or source, and for what is too long.
    package func check() throws(RegistryError) {
        for (parameter, value) in [("name", name), ("digest", digest), ("source_type", sourceType), ("source", source)]
        where value.isEmpty {
            throw .invalid("Missing value for required parameter 'dataset.\(parameter)'")
        }
        try Limits.check(name, named: "dataset.name", atMost: Limits.datasetName)
        try Limits.check(digest, named: "dataset.digest", atMost: Limits.datasetDigest)
        try Limits.check(source, named: "dataset.source", atMost: Limits.datasetSource)
        try Limits.check(schema ?? "", named: "dataset.schema", atMost: Limits.datasetSchema)
        try Limits.check(profile ?? "", named: "dataset.profile", atMost: Limits.datasetProfile)
        for (key, value) in tags {
            try Limits.check(key, named: "tag.key", atMost: Limits.key)
            try Limits.check(value, named: "tag.value", atMost: Limits.inputTagValue)
        }
    }
}
