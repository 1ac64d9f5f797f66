import Foundation
import Synchronization

/// The changes of one zone's offset, looked up in Foundation's zone once per block of 34 years and kept.
///
/// A cron search crosses every change between two firings, and Foundation takes microseconds for each question.
final class ZoneTable: Sendable {
    private static let tables = Mutex<[String: ZoneTable]>([:])

    static func shared(_ identifier: String, _ zone: TimeZone) -> ZoneTable {
        tables.withLock { tables in
            if let table = tables[identifier] { return table }
            let table = ZoneTable(zone)
            tables[identifier] = table
            return table
        }
    }

    private let zone: TimeZone
    private let blocks = Mutex<[Int: [ZoneStretch]]>([:])
    /// A block is 2^30 seconds.
    private static let blockBits = 30

    private init(_ zone: TimeZone) { self.zone = zone }

    func stretch(at seconds: Int) -> ZoneStretch {
        let block = seconds >> Self.blockBits
        let stretches = blocks.withLock { blocks in
            if let known = blocks[block] { return known }
            let made = makeBlock(block)
            blocks[block] = made
            return made
        }
        // The last stretch that has begun; the first one begins with the block.
        var (low, high) = (0, stretches.count - 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if stretches[middle].start <= seconds { low = middle } else { high = middle - 1 }
        }
        return stretches[low]
    }

    private func makeBlock(_ block: Int) -> [ZoneStretch] {
        // One day earlier, so that a change just before the block is still known as the start of its first stretch.
        let start = block << Self.blockBits - 86_400
        let end = (block + 1) << Self.blockBits
        var offset = offset(at: start)
        var stretches = [ZoneStretch(start: start, end: end, offset: offset, previousOffset: offset)]
        var moment = Date(timeIntervalSince1970: Double(start))
        while let change = zone.nextDaylightSavingTimeTransition(after: moment), change > moment {
            let seconds = Int(change.timeIntervalSince1970.rounded())
            guard seconds < end else { break }
            moment = change
            let changed = self.offset(at: seconds)
            // Some changes alter only the name of the time (EST to CDT) or a flag.
            guard changed != offset else { continue }
            stretches[stretches.count - 1].end = seconds
            stretches.append(ZoneStretch(start: seconds, end: end, offset: changed, previousOffset: offset))
            offset = changed
        }
        return stretches
    }

    private func offset(at seconds: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
    }
}

/// Which names are IANA's.
enum ZoneNames {
    /// Names without a slash that IANA's database has; Foundation also accepts forms such as `GMT+9`, which it has
    /// not.
    private static let withoutSlash: Set<String> = [
        "UTC", "GMT", "UCT", "Zulu", "Universal", "Greenwich", "CET", "CST6CDT", "Cuba", "EET", "EST", "EST5EDT",
        "Egypt",
        "Eire", "GB", "GMT0", "HST", "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya",
        "MET", "MST", "MST7MDT", "NZ", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore",
        "Turkey", "WET",
    ]

    /// For suggestions.
    static let all: [String] = ["UTC"] + TimeZone.knownTimeZoneIdentifiers

    static func isKnown(_ name: String) -> Bool {
        if withoutSlash.contains(name) { return true }
        return name.contains("/") && !name.hasPrefix("SystemV/") && TimeZone(identifier: name)?.identifier == name
    }
}
