/// One line of a model's history: who changed what, when and why.
package struct ModelChange: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// `alias` names `version` now, and named `previousVersion` before; nil: nothing.
        case alias
        /// `version` went from the stage `former` to `present`.
        case stage
        case versionDeleted = "version_deleted"
        /// The model was called `former`, and is called `present`.
        case renamed
        case modelDeleted = "model_deleted"
    }
    package var sequence: Int64
    package var kind: Kind
    package var alias: String?
    package var version: Int?
    package var previousVersion: Int?
    package var former: String?
    package var present: String?
    package var timeMilliseconds: Int64
    /// Who asked: `pipeline:<run>`, `cli:<user>`, `page`, the user's name of an MLflow client, `api`.
    package var actor: String
    package var reason: String

    package init(
        sequence: Int64, kind: Kind, alias: String? = nil, version: Int? = nil, previousVersion: Int? = nil,
        former: String? = nil, present: String? = nil, timeMilliseconds: Int64, actor: String, reason: String
    ) {
        (self.sequence, self.kind, self.alias, self.version) = (sequence, kind, alias, version)
        (self.previousVersion, self.former, self.present) = (previousVersion, former, present)
        (self.timeMilliseconds, self.actor, self.reason) = (timeMilliseconds, actor, reason)
    }
}
