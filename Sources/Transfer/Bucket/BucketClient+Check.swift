extension BucketClient {
    /// Whether the bucket is there and the key may list, write, read and delete in it: a small object comes and goes.
    ///
    /// While a person waits: a store that does not answer is told after some seconds.
    /// - Throws: `BucketError`.
    package func check(probe key: String) async throws {
        var client = self
        client.patience = .short
        _ = try await client.list(key, isShallow: true, pageLimit: 1)
        let word = Array("mlstack".utf8)
        try await client.put(word, as: key)
        guard try await client.get(key) == word else {
            throw BucketError.unexpected(server: place.server, what: "what was put there did not come back")
        }
        try await client.delete(key)
    }
}
