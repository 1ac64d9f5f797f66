import Foundation
import Scheduling
import Serving
import Training

/// The datasets a name would find, with the figures of the one that is being replayed.
struct DatasetList: DatasetSourceList {
    let name: String
    let source: String
    let arrivals: Arrivals

    init(name: String, source: String, arrivals: Arrivals) {
        (self.name, self.source, self.arrivals) = (name, source, arrivals)
    }

    func datasets() async throws -> [DatasetFacts] {
        let log = arrivals.log
        return [
            DatasetFacts(
                name: name, isActive: true, ratings: log.count, users: log.users.count, items: log.items.count,
                firstDay: Day(containingSeconds: log.firstTimestampSeconds).start,
                lastDay: Day(containingSeconds: log.lastTimestampSeconds).start, contentHash: log.contentHash,
                source: source)
        ]
    }
}
