/// A typed input of a pipeline, checked before a run exists.
package struct ParamSpec: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case int, float, bool, string, `enum`, datetime, duration
    }
    package var name: String
    package var kind: Kind
    /// Canonical text; nil: the person who starts a run must give it.
    package var defaultValue: String?
    package var min: Double?
    package var max: Double?
    /// The values of an `enum`.
    package var values: [String]
    package var help: String
}
