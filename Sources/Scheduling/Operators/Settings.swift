/// One key that an operator's `with:` may hold.
package struct SettingSpec: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case string
        case int(ClosedRange<Int>)
        case float(ClosedRange<Double>)
        case bool
        case choice([String])
        /// A list of strings.
        case list
    }

    package var name: String
    package var kind: Kind
    /// nil: the operator must be given it, unless `isOptional`.
    package var defaultValue: SettingValue?
    package var isOptional: Bool
    package var help: String
    /// The operator stores it: secrets stay places in the text, which whoever uses it fills in; see `Template.storable`.
    package var keepsSecrets: Bool

    package init(
        _ name: String, _ kind: Kind, default defaultValue: SettingValue? = nil, isOptional: Bool = false,
        keepsSecrets: Bool = false, help: String
    ) {
        self.keepsSecrets = keepsSecrets
        (self.name, self.kind, self.defaultValue) = (name, kind, defaultValue)
        (self.isOptional, self.help) = (isOptional, help)
    }
}

package enum SettingValue: Sendable, Equatable {
    case string(String)
    case int(Int)
    case float(Double)
    case bool(Bool)
    case list([String])
}

/// What `with:` held, checked against the operator's specs, interpolated, with the defaults filled in.
///
/// The subscripts trap when asked for a key or a kind that the operator did not declare: that is a mistake in the operator.
package struct Settings: Sendable, Equatable {
    package let values: [String: SettingValue]
    /// What is given and not known before the task starts; of a list the elements that are known already. Empty for `run`.
    package let pending: [String: [String?]]

    package init(values: [String: SettingValue], pending: [String: [String?]] = [:]) {
        (self.values, self.pending) = (values, pending)
    }

    package func string(_ key: String) -> String {
        guard let value = optionalString(key) else { missing(key) }
        return value
    }
    package func int(_ key: String) -> Int {
        guard case .int(let value) = values[key] else { missing(key) }
        return value
    }
    package func float(_ key: String) -> Double {
        switch values[key] {
        case .float(let value): return value
        case .int(let value): return Double(value)
        default: missing(key)
        }
    }
    package func bool(_ key: String) -> Bool {
        guard case .bool(let value) = values[key] else { missing(key) }
        return value
    }
    package func list(_ key: String) -> [String] {
        guard case .list(let value) = values[key] else { missing(key) }
        return value
    }
    package func optionalString(_ key: String) -> String? {
        guard case .string(let value) = values[key] else { return nil }
        return value
    }

    /// Of a list that may be known in part or not at all; nil stands for what is not known yet.
    package func elements(_ key: String) -> [String?] {
        guard case .list(let value) = values[key] else { return pending[key] ?? [] }
        return value
    }

    private func missing(_ key: String) -> Never {
        preconditionFailure(
            "an operator read the setting \(key), which its `settings` do not declare with that kind and a default")
    }
}
