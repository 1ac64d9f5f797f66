extension ArtifactPath {
    /// The root of the store.
    package static let root = ArtifactPath(proven: "")

    /// The longest file name that the usual file systems take, in bytes.
    package static let longestComponent = 255
    /// Linux refuses paths of 4,096 bytes; the rest is left to the store's own root.
    package static let longestPath = 2_048

    /// - Parameter text: slash-separated and relative, percent escapes already decoded once by whoever read the URL.
    ///   Empty for the root.
    /// - Throws: `RegistryError.invalid` for everything that could leave the root or be read in two ways.
    package init(_ text: String) throws(RegistryError) {
        var bytes = Array(text.utf8)
        if bytes.isEmpty {
            self = .root
            return
        }
        try Self.check(bytes, of: text)
        // Whoever decodes once more must not find a way out either.
        while true {
            let decoded = PercentEscapes.decoded(bytes)
            if decoded == bytes { break }
            bytes = decoded
            try Self.check(bytes, of: text)
        }
        self.init(proven: text)
    }

    /// - Parameter artifactURI: `mlflow-artifacts:/…`, as runs, logged models and versions carry it.
    /// - Throws: `RegistryError.invalid` for another scheme, for a host, and for what `init(_:)` refuses.
    package init(artifactURI: String) throws(RegistryError) {
        let prefix = "mlflow-artifacts:/"
        guard artifactURI.hasPrefix(prefix) else {
            throw .invalid("Invalid artifact URI '\(artifactURI)': this server keeps only \(prefix)… itself.")
        }
        try self.init(String(artifactURI.dropFirst(prefix.count)))
    }

    /// `mlflow-artifacts:/<path>`
    package var artifactURI: String { "mlflow-artifacts:/" + description }

    /// The path of something below this one.
    package func appending(_ text: String) throws(RegistryError) -> ArtifactPath {
        let below = try ArtifactPath(text)
        if below == .root { return self }
        return self == .root ? below : try ArtifactPath(description + "/" + below.description)
    }

    package var components: [String] { description.split(separator: "/").map(String.init) }

    /// Whether this is `folder` or lies below it.
    package func isInside(_ folder: ArtifactPath) -> Bool {
        folder == .root || self == folder || description.utf8.starts(with: (folder.description + "/").utf8)
    }

    private init(proven text: String) { description = text }

    private static func check(_ bytes: [UInt8], of text: String) throws(RegistryError) {
        func refusal(_ why: String) -> RegistryError { .invalid("Invalid path: '\(printable(text))': \(why).") }
        guard bytes.count <= longestPath else { throw refusal("it is longer than \(longestPath) bytes") }
        if bytes.first == UInt8(ascii: "/") { throw refusal("it must be relative") }
        if bytes.contains(UInt8(ascii: "\\")) { throw refusal("it holds a backslash") }
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw refusal("it holds a control character") }
        // Control characters U+0080 to U+009F.
        if zip(bytes, bytes.dropFirst()).contains(where: { $0 == 0xC2 && $1 < 0xA0 }) {
            throw refusal("it holds a control character")
        }
        for component in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if component.isEmpty { throw refusal("it has an empty component") }
            if component.elementsEqual(".".utf8) || component.elementsEqual("..".utf8) {
                throw refusal("it has a component `.` or `..`")
            }
            if component.count > longestComponent {
                throw refusal("a component is longer than \(longestComponent) bytes")
            }
        }
    }

    /// The text with control characters made visible, for a message.
    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return result
    }
}
