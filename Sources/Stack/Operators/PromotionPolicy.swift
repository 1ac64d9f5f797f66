/// Whether a challenger takes the champion's place.
struct PromotionPolicy: Equatable {
    let isPromoted: Bool
    let reason: String

    /// `newest`: always. `best`: when its score is at least the champion's, so that a tie goes to the newest.
    static func decide(
        _ policy: String, metric: String, challenger: Double?, champion: Double?, hasChampion: Bool
    ) -> PromotionPolicy {
        if !hasChampion { return PromotionPolicy(isPromoted: true, reason: "the first version there is") }
        if policy == "newest" { return PromotionPolicy(isPromoted: true, reason: "the newest version") }
        guard let champion else {
            return PromotionPolicy(isPromoted: true, reason: "production was never measured by \(metric)")
        }
        guard let challenger else {
            return PromotionPolicy(isPromoted: false, reason: "it was not measured by \(metric)")
        }
        let (ours, theirs) = (Decimals.text(challenger, 4), Decimals.text(champion, 4))
        return challenger >= champion
            ? PromotionPolicy(isPromoted: true, reason: "\(metric) \(ours), production had \(theirs)")
            : PromotionPolicy(isPromoted: false, reason: "\(metric) \(ours) is below production's \(theirs)")
    }
}
