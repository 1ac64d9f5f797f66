/// Why the version that the served alias names does not answer.
package struct ModelLoadError: Sendable, Equatable {
    package let model: String
    package let version: Int
    /// One line: what is wrong with the version.
    package let message: String
    package let remedy: String
    package let atMilliseconds: Int64

    /// - Parameter cause: what would mend the version itself.
    package init(model: String, version: Int, message: String, cause: String?, atMilliseconds: Int64) {
        (self.model, self.version, self.atMilliseconds) = (model, version, atMilliseconds)
        self.message = message
        remedy = ModelLoadError.remedy(model: model, cause: cause)
    }

    /// The way back first: it is the one that always ends the trouble at once.
    package static func remedy(model: String, cause: String?) -> String {
        let back = "return to the version before it with `mlstack model rollback \(model)`"
        guard let cause, !cause.isEmpty else { return back + "." }
        return "\(back), or \(cause.hasSuffix(".") ? cause : cause + ".")"
    }
}

extension JSONWriter {
    /// `last_load_error`: null while the served alias names what answers.
    mutating func lastLoadError(_ error: ModelLoadError?) {
        key("last_load_error")
        guard let error else { return null() }
        object { json in
            json.member("model", error.model)
            json.member("version", error.version)
            json.member("message", error.message)
            json.member("remedy", error.remedy)
            json.member("at", timeMilliseconds: error.atMilliseconds)
        }
    }
}
