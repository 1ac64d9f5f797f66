import Training

/// Whether a challenger takes the champion's place.
struct PromotionPolicy: Equatable {
    let isPromoted: Bool
    let reason: String

    static let names = ["newest", "best", "challenger"]
    static let first = PromotionPolicy(isPromoted: true, reason: "the first version there is")
    static let newest = PromotionPolicy(isPromoted: true, reason: "the newest version")

    /// `best`: when its score is at least the champion's, so that a tie goes to the newest.
    static func best(metric: String, challenger: Double?, champion: Double?) -> PromotionPolicy {
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

    /// `challenger`: when it beats the champion on the same people and the whole interval lies above zero: what might be chance
    /// changes nothing.
    static func challenge(_ challenge: Challenge) -> PromotionPolicy {
        guard let gain = challenge.gain, let ours = challenge.challenger, let theirs = challenge.champion else {
            let left = challenge.remembered > 0 ? " (\(challenge.remembered) were left out: a target was learned)" : ""
            return PromotionPolicy(
                isPromoted: false, reason: "fewer than two people are held out to compare it with production\(left)")
        }
        let facts =
            "\(challenge.metric.key) \(Decimals.text(ours, 4)) against production's \(Decimals.text(theirs, 4)) on the "
            + "same \(gain.count) people"
        let interval = "95 % interval of the gain \(signed(gain.lower)) to \(signed(gain.upper))"
        return gain.isAboveZero
            ? PromotionPolicy(isPromoted: true, reason: "\(facts); \(interval)")
            : PromotionPolicy(isPromoted: false, reason: "\(facts); the \(interval) does not lie above zero")
    }

    private static func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + Decimals.text(value, 4) }
}
