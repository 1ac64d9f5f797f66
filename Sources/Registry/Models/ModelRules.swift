/// MLflow's older way to mark versions, kept in step with the alias `production`.
package enum Stage: String, Sendable, CaseIterable {
    case none = "None"
    case staging = "Staging"
    case production = "Production"
    case archived = "Archived"

    /// Any letter case is understood.
    /// - Throws: `.invalid` for anything but the four stages.
    package init(parsing text: String) throws(RegistryError) {
        guard let stage = Self.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) else {
            throw .invalid(
                "Invalid Model Version stage: \(text). Value must be one of None, Staging, Production, Archived.")
        }
        self = stage
    }
}

/// The rule for aliases.
package enum AliasName {
    /// The alias that serving follows, and that the stage `Production` is kept in step with.
    package static let production = "production"

    /// - Throws: `.invalid` unless `alias` is 1 to 255 of letters, digits, `_` and `-`, and neither `latest` nor `v` with
    ///   a number, which would be taken for a version in `models:/name@…`.
    package static func check(_ alias: String) throws(RegistryError) {
        try checkSpelling(alias)
        let lowercased = alias.lowercased()
        if lowercased == "latest" {
            throw .invalid("'latest' alias name (case insensitive) is reserved. Choose another alias.")
        }
        if lowercased.hasPrefix("v"), lowercased.count > 1, lowercased.dropFirst().allSatisfy(\.isNumber) {
            throw .invalid("Version aliases (e.g. 'v9') are reserved: '\(alias)'. Choose another alias.")
        }
    }

    /// - Throws: `.invalid` unless `alias` is 1 to 255 of letters, digits, `_` and `-`.
    package static func checkSpelling(_ alias: String) throws(RegistryError) {
        if alias.isEmpty { throw .invalid("Missing value for required parameter 'alias'") }
        let isSpelledRight = alias.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isSpelledRight, alias.utf8.count <= Limits.alias else {
            throw .invalid(
                "Invalid alias name: '\(alias)'. Use 1 to \(Limits.alias) letters, digits, underscores and dashes.")
        }
    }
}

extension RegisteredModel {
    /// - Throws: `.invalid` for a name that is empty, too long, or holds `/` or `:`.
    package static func checkName(_ name: String) throws(RegistryError) {
        if name.allSatisfy(\.isWhitespace) {
            throw .invalid("Registered model name cannot be empty. Missing value for required parameter 'name'")
        }
        // Scalars, not characters: a combining mark after `/` makes one character of the two.
        try Limits.check(name, named: "name", atMost: Limits.registeredModelName)
        if name.unicodeScalars.contains(where: { $0 == "/" || $0 == ":" }) {
            throw .invalid("Invalid model name: '\(name)'. Names cannot contain '/' or ':'.")
        }
        if KeyName.isAmbiguousPath(name) {
            throw .invalid(
                "Invalid value \"\(name)\" for parameter 'name' supplied: Names may be treated as files in certain "
                    + "cases, and must not resolve to other names when treated as such.")
        }
        try DisplayName.check(name, parameter: "name")
    }

    /// Tags of registered models and of versions.
    package static func checkTag(_ key: String, value: String?) throws(RegistryError) {
        if key.isEmpty { throw .invalid("Missing value for required parameter 'key'") }
        try KeyName.check(key, parameter: "key")
        if let value { try Limits.check(value, named: "value", atMost: Limits.registryTagValue) }
    }

    /// The tag that marks a prompt of MLflow's generative tools, which searches of models leave out.
    package static let promptTag = "mlflow.prompt.is_prompt"
}

extension LoggedModel {
    package static let pending = "LOGGED_MODEL_PENDING"
    package static let ready = "LOGGED_MODEL_READY"
    package static let uploadFailed = "LOGGED_MODEL_UPLOAD_FAILED"

    /// The tag that lists the registered versions of a model: `[{"name": "movies", "version": "3"}]`.
    package static let registrationsTag = "mlflow.modelVersions"

    /// - Throws: `.invalid` for a name with `/ : . % " '`.
    package static func checkName(_ name: String) throws(RegistryError) {
        let refused: Set<Unicode.Scalar> = ["/", ":", ".", "%", "\"", "'"]
        try Limits.check(name, named: "name", atMost: Limits.experimentName)
        if name.isEmpty || name.unicodeScalars.contains(where: refused.contains) {
            throw .invalid(
                "Invalid model name ('\(name)') provided. Model name must be a non-empty string and cannot contain "
                    + "the following characters: ('/', ':', '.', '%', '\"', \"'\")")
        }
        try DisplayName.check(name, parameter: "name")
    }
}
