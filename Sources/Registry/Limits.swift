/// The sizes beyond which MLflow's server refuses or shortens; lengths are in Unicode scalars, as Python counts.
package enum Limits {
    package static let experimentName = 500
    package static let experimentTagValue = 20_000
    package static let key = 250
    /// Longer values are shortened, not refused.
    package static let paramValue = 6_000
    /// Longer values are shortened, not refused.
    package static let runTagValue = 8_000
    package static let registeredModelName = 256
    package static let registryTagValue = 100_000
    package static let alias = 255
    /// Longer ones are shortened.
    package static let runLink = 2_000
    package static let modelSource = 4_096
    package static let datasetName = 500
    package static let datasetDigest = 36
    package static let datasetSource = 65_535
    package static let datasetSchema = 1_048_575
    package static let datasetProfile = 16_777_215
    package static let inputTagValue = 500

    /// Of the tag that lists the models of a run.
    package static let loggedModelsTag = 1_000_000

    package static let batchMetrics = 1_000
    package static let batchParams = 100
    package static let batchTags = 100
    package static let batchItems = 1_000

    package static let experimentsPage = 50_000
    package static let runsPage = 50_000
    package static let registeredModelsPage = 1_000
    package static let modelVersionsPage = 200_000
    package static let loggedModelsPage = 50_000
    /// Beyond it a page token cannot be one of ours.
    package static let pageOffset = 1_000_000_000

    /// Of the text of a filter; lists of some ten thousand run ids fit.
    package static let filterBytes = 500_000
    package static let filterComparisons = 100
    /// Of parentheses and NOT in each other.
    package static let filterDepth = 30
    /// A text of n bytes is matched with a pattern of m in n * m steps.
    package static let filterPatternBytes = 1_000
    package static let filterList = 10_000
    /// Of one request.
    package static let tagsOfRequest = 1_000
    package static let orderFields = 20
    package static let searchedExperiments = 10_000
    package static let searchedDatasets = 20
    package static let orderBytes = 10_000

    /// `text`, or its first `limit` scalars.
    package static func shortened(_ text: String, to limit: Int) -> String {
        // A string has at least as many bytes as scalars: most are let through without counting.
        if text.utf8.count <= limit || text.unicodeScalars.count <= limit { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    }

    /// - Throws: `.invalid` when `text` is longer than `limit`.
    package static func check(_ text: String, named parameter: String, atMost limit: Int) throws(RegistryError) {
        if text.utf8.count <= limit || text.unicodeScalars.count <= limit { return }
        throw .invalid(
            "Invalid value for parameter '\(parameter)' supplied: it is \(text.unicodeScalars.count) characters long, "
                + "and '\(parameter)' exceeds the maximum length of \(limit) characters.")
    }
}
