/// Text with `${namespace.path}` places, parsed once when the file is read.
package struct Template: Sendable, Equatable {
    package enum Piece: Sendable, Equatable {
        case text(String)
        /// e.g. namespace `tasks`, path `["train", "outputs", "model"]`; `raw` when marked `!raw`.
        case reference(namespace: String, path: [String], raw: Bool)
    }
    package var pieces: [Piece]
    package init(pieces: [Piece]) { self.pieces = pieces }
}

/// A value of `with:`: a literal already of the right type, or text whose type can be checked only once it is filled in.
package enum SettingTemplate: Sendable, Equatable {
    case literal(SettingValue)
    case template(Template)
    /// A list of which at least one element is filled in later.
    case list([Template])
}
