/// One rating by the dataset's own ids, as feedback brings it.
package struct Rating: Sendable, Equatable, Codable {
    package var user: String
    package var item: String
    /// 0.5 ... 5; nil for an interaction without a rating, which counts as positive.
    package var stars: Float?
    package var timestampSeconds: Int64
    /// Taken back: it hides what the user said of the item before, and says nothing itself.
    package var isRetracted = false

    package init(user: String, item: String, stars: Float?, timestampSeconds: Int64, isRetracted: Bool = false) {
        (self.user, self.item, self.stars, self.timestampSeconds) = (user, item, stars, timestampSeconds)
        self.isRetracted = isRetracted
    }

    /// What is written down for later is never one that was taken back.
    private enum CodingKeys: String, CodingKey { case user, item, stars, timestampSeconds }
}
