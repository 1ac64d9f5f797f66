import Serving
import Training

/// One line for the terminal when a simulated day has ended.
struct DayReport {
    let day: Day
    let elapsed: Duration
    let slot: ModelSlot
    let latest: QualityPoint?

    var line: String {
        var line = "\(day)"
        if let model = slot.model { line += "  \(model.name) v\(model.version) \(model.recommender.algorithm)" }
        if let latest, latest.date == day.description, let ours = latest.values["ndcg_at_10"] {
            line += "  ndcg@10 \(Decimals.text(ours, 3))"
            if let theirs = latest.values["popularity_ndcg_at_10"] {
                line += " (popularity \(Decimals.text(theirs, 3)))"
            }
        }
        return line + "  \(Decimals.text(elapsed.seconds, 2)) s"
    }
}
