import Training

/// The latest feedback, by user and by item: what is in no run of the database yet.
///
/// It is kept in two blocks. One fills; when it is long enough it is sealed, put into a run of the database (`nextToIndex`,
/// `endIndexing`) and let go, while another fills. So memory holds some two blocks, however much waits to be learned.
struct RecentFeedback {
    struct Event {
        /// The order of arrival; events may be added in another.
        let sequence: Int64
        let rating: Rating
    }

    /// Events in chains: of one person, and of one item.
    private struct Block {
        struct Link {
            let event: Event
            /// Places of the one before; -1: there is none.
            let formerOfUser: Int32
            let formerOfItem: Int32
        }

        var links: [Link] = []
        /// Places of the last.
        var lastOfUser: [String: Int32] = [:]
        var lastOfItem: [String: Int32] = [:]
        var lastSequence: Int64 = 0

        mutating func add(_ event: Event) {
            let place = Int32(links.count)
            links.append(
                Link(
                    event: event, formerOfUser: lastOfUser.updateValue(place, forKey: event.rating.user) ?? -1,
                    formerOfItem: lastOfItem.updateValue(place, forKey: event.rating.item) ?? -1))
            lastSequence = max(lastSequence, event.sequence)
        }

        func events(from last: Int32?, by former: KeyPath<Link, Int32>) -> [Event] {
            var events: [Event] = []
            var place = last ?? -1
            while place >= 0 {
                let link = links[Int(place)]
                events.append(link.event)
                place = link[keyPath: former]
            }
            return events
        }
    }

    /// Two blocks of short ids are some 30 MB; a run of this length is written in a fraction of a second.
    static let blockLength = 131_072
    private static let activePeople = 1000
    private static let stripes = 1 << 16

    /// The last event that is in a run.
    private(set) var indexedThrough: Int64 = 0
    private let blockLength: Int
    private var filling = Block()
    private var sealed: Block?
    private var isIndexing = false
    private var active: [String] = []
    /// Events by a hash of the user: nobody's number stands still when their feedback grows, and there is no row for each person.
    private var changes = [UInt32](repeating: 0, count: stripes)

    init(blockLength: Int = RecentFeedback.blockLength) { self.blockLength = blockLength }

    /// Events in memory.
    var count: Int { filling.links.count + (sealed?.links.count ?? 0) }

    /// Who gave feedback lately; the last is the most recent.
    var activeUsers: ArraySlice<String> { active.suffix(Self.activePeople) }

    mutating func add(_ event: Event) {
        let user = event.rating.user
        changes[Self.stripe(of: user)] &+= 1
        if active.last != user { active.append(user) }
        if active.count >= 2 * Self.activePeople { active.removeFirst(active.count - Self.activePeople) }
        // It was stored before the run was made, and is in it.
        if event.sequence > indexedThrough { filling.add(event) }
    }

    /// A number that changes whenever the user's feedback grows.
    func changeCount(of user: String) -> Int { Int(changes[Self.stripe(of: user)]) }

    /// In the order of arrival, without what runs have.
    func events(of user: String) -> [Rating] { events { $0.events(from: $0.lastOfUser[user], by: \.formerOfUser) } }

    /// In the order of arrival, without what runs have.
    func events(ofItem item: String) -> [Rating] { events { $0.events(from: $0.lastOfItem[item], by: \.formerOfItem) } }

    /// The last event of a block that is long enough to be put into a run, for one caller at a time, who calls `endIndexing`.
    mutating func nextToIndex() -> Int64? {
        if isIndexing { return nil }
        if sealed == nil, filling.links.count >= blockLength { (sealed, filling) = (filling, Block()) }
        isIndexing = sealed != nil
        return sealed?.lastSequence
    }

    /// - Parameter succeeded: whether the run is in the database; if not, the block waits for the next try.
    mutating func endIndexing(succeeded: Bool) {
        isIndexing = false
        if succeeded, let last = sealed?.lastSequence { skip(through: last) }
    }

    /// Says that runs hold everything up to an event.
    mutating func skip(through sequence: Int64) {
        indexedThrough = max(indexedThrough, sequence)
        if let block = sealed, block.lastSequence <= indexedThrough { sealed = nil }
    }

    private func events(_ find: (Block) -> [Event]) -> [Rating] {
        let found = find(filling) + (sealed.map(find) ?? [])
        return found.filter { $0.sequence > indexedThrough }.sorted { $0.sequence < $1.sequence }.map(\.rating)
    }

    private static func stripe(of user: String) -> Int { user.hashValue & (stripes - 1) }
}
