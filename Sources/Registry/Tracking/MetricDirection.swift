/// Which of two values of a metric is the better one, as far as its name tells.
package enum MetricDirection: Sendable {
    case moreIsBetter, lessIsBetter
    /// It describes, and no value of it is to be wished for.
    case neutral

    /// Words of names whose values are errors, costs or times.
    private static let costs: Set = [
        "loss", "logloss", "nll", "perplexity", "error", "err", "errors", "rmse", "mae", "mse", "mape", "smape", "msle",
        "rmsle", "deviance", "regret", "brier", "latency", "seconds", "ms", "duration",
    ]

    /// A name that says nothing is taken for one of which more is better.
    package init(of key: String) {
        let key = key.lowercased()
        let words = key.split { !$0.isLetter }.map(String.init)
        if ["drift", "matrix"].contains(words.first ?? "") {
            self = .neutral
        } else if key.contains("intra_list_similarity") || words.contains(where: Self.costs.contains) {
            // Lists of things that are all alike serve nobody.
            self = .lessIsBetter
        } else {
            self = .moreIsBetter
        }
    }
}
