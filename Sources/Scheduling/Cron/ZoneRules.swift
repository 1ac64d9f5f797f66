import Foundation

/// A time zone, by its IANA name, as a list of stretches between changes of its offset.
///
/// Two values of the same name share one table, which grows as moments further away are asked for.
package struct ZoneRules: Sendable, Equatable {
    /// As the person wrote it, e.g. `Asia/Seoul` or `UTC`.
    package let identifier: String
    private let table: ZoneTable

    /// - Throws: `ZoneError.unknown` for anything that is not an IANA name; `GMT+9` and `+09:00` are none.
    package init(identifier: String) throws(ZoneError) {
        guard ZoneNames.isKnown(identifier), let zone = TimeZone(identifier: identifier) else {
            throw .unknown(identifier, nearest: Spelling.nearest(to: identifier, among: ZoneNames.all))
        }
        self.identifier = identifier
        table = ZoneTable.shared(identifier, zone)
    }

    private init(identifier: String, zone: TimeZone) {
        self.identifier = identifier
        table = ZoneTable.shared(identifier, zone)
    }

    package static let utc = ZoneRules(identifier: "UTC", zone: .gmt)

    /// The zone that this machine is set to.
    package static func ofThisMachine() -> ZoneRules { named(.current) }

    /// IANA's name of a zone of Foundation. `TZ=KST-9` gives `GMT+0900` there, which IANA calls `Etc/GMT-9`; a zone
    /// that has no name at all (an offset of half an hour without a place) becomes UTC, and whoever shows the zone
    /// shows that.
    static func named(_ zone: TimeZone) -> ZoneRules {
        if let rules = try? ZoneRules(identifier: zone.identifier) { return rules }
        let hours = zone.secondsFromGMT() / 3600
        guard zone.secondsFromGMT().isMultiple(of: 3600) else { return .utc }
        return (try? ZoneRules(identifier: "Etc/GMT\(hours > 0 ? "-" : "+")\(abs(hours))")) ?? .utc
    }

    /// Seconds east of Greenwich at that moment.
    package func offsetSeconds(at instant: Instant) -> Int { stretch(at: Int(instant.seconds)).offset }

    package static func == (left: Self, right: Self) -> Bool { left.identifier == right.identifier }

    /// The stretch of constant offset that holds a moment, in seconds since 1970.
    func stretch(at seconds: Int) -> ZoneStretch { table.stretch(at: seconds) }

    /// The stretches that touch `range`, in order.
    func stretches(in range: Range<Int>) -> [ZoneStretch] {
        var result: [ZoneStretch] = []
        var moment = range.lowerBound
        while moment < range.upperBound {
            let next = stretch(at: moment)
            result.append(next)
            moment = next.end
        }
        return result
    }

    /// The moment at which clocks in the zone read `local`: the first of two when the clock was set back, the moment
    /// of the change when the reading was jumped over.
    func instant(of local: LocalTime) -> Instant {
        let around = stretches(in: local.seconds - 200_000..<local.seconds + 200_000)
        for stretch in around where local.seconds - stretch.offset < stretch.end {
            return Instant(seconds: Int64(max(local.seconds - stretch.offset, stretch.start)))
        }
        return Instant(seconds: Int64(local.seconds - offsetSeconds(at: Instant(seconds: Int64(local.seconds)))))
    }
}

/// A stretch of time in which a zone keeps one offset.
struct ZoneStretch: Sendable, Hashable {
    /// Seconds since 1970: from `start` up to, and not including, `end`.
    var start: Int
    var end: Int
    /// Seconds east of Greenwich.
    var offset: Int
    /// The offset before `start`; equal to `offset` when nothing changes there.
    var previousOffset: Int
}

package enum ZoneError: Error, Sendable, Equatable {
    case unknown(String, nearest: String?)
}

extension ZoneError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .unknown(let name, let nearest):
            "unknown time zone \"\(name)\"." + (nearest.map { " Did you mean \($0)?" } ?? "")
        }
    }
    package var recoverySuggestion: String? { "write an IANA name such as UTC, Asia/Seoul or Europe/Berlin." }
}
