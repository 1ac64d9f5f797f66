/// One rating by the dataset's own ids, as feedback brings it.
package struct Rating: Sendable, Equatable, Codable {
    package var user: String
    package var item: String
    /// 0.5 ... 5; nil for an interaction without a rating, which counts as positive.
    package var stars: Float?
    package var timestampSeconds: Int64
    package init(user: String, item: String, stars: Float?, timestampSeconds: Int64) {
        (self.user, self.item, self.stars, self.timestampSeconds) = (user, item, stars, timestampSeconds)
    }
}
