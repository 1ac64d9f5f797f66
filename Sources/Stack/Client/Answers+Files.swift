extension Answers {
    /// A file that was stored as a version.
    package struct StoredFile: Decodable, Sendable {
        package let name, file, sha256: String
        package let version, bytes: Int
        package let score: Double?
    }
}
