import Foundation
import Scheduling
import Serving
import Synchronization

/// How much room the home takes, measured at most once a minute, and only when somebody asks.
final class DiskCensus: Sendable {
    private static let age = Duration.seconds(60)

    private struct State {
        var latest: DiskUse?
        var isMeasuring = false
    }

    private let home: Home
    private let clock: any Clock
    private let state = Mutex(State())

    init(home: Home, clock: any Clock) { (self.home, self.clock) = (home, clock) }

    /// What was measured last, nil before the first time. Never waits: what is too old is measured anew for those who ask later.
    var latest: DiskUse? {
        let now = clock.now
        let (latest, mustMeasure) = state.withLock { state in
            let isFresh = state.latest.map { now - $0.measuredAt < DiskCensus.age } ?? false
            let mustMeasure = !isFresh && !state.isMeasuring
            if mustMeasure { state.isMeasuring = true }
            return (state.latest, mustMeasure)
        }
        if mustMeasure { Queues.census.async { self.measure() } }
        return latest
    }

    /// Blocks: walks through every folder of the home.
    private func measure() {
        let places = [
            ("database", home.database), ("ratings", home.ratings), ("artifacts", home.artifacts), ("logs", home.logs),
            ("work", home.work), ("datasets", home.datasets), ("pipelines", home.pipelines),
        ]
        let system = try? FileManager.default.attributesOfFileSystem(forPath: home.path)
        let use = DiskUse(
            measuredAt: clock.now,
            places: places.map { name, path in
                let (bytes, files) = name == "database" ? DiskCensus.database(path) : DiskCensus.folder(path)
                return .init(name: name, path: path, bytes: bytes, files: files)
            },
            freeBytes: (system?[.systemFreeSize] as? NSNumber)?.intValue,
            capacityBytes: (system?[.systemSize] as? NSNumber)?.intValue)
        state.withLock { state in
            state.latest = use
            state.isMeasuring = false
        }
    }

    /// With what SQLite has not put into the file yet.
    private static func database(_ path: String) -> (bytes: Int, files: Int) {
        let sizes = ["", "-wal", "-shm"].compactMap { ending in
            try? FileManager.default.attributesOfItem(atPath: path + ending)[.size] as? NSNumber
        }
        return (sizes.reduce(0) { $0 + $1.intValue }, sizes.count)
    }

    /// No link is followed; what goes away meanwhile counts as gone.
    private static func folder(_ path: String) -> (bytes: Int, files: Int) {
        guard let walk = FileManager.default.enumerator(atPath: path) else { return (0, 0) }
        var (bytes, files) = (0, 0)
        while walk.nextObject() != nil {
            guard let attributes = walk.fileAttributes, attributes[.type] as? FileAttributeType == .typeRegular,
                let size = attributes[.size] as? NSNumber
            else { continue }
            (bytes, files) = (bytes + size.intValue, files + 1)
        }
        return (bytes, files)
    }
}
