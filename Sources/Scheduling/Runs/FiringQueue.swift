/// What is to be looked at and when, the earliest first.
///
/// A binary heap that knows the place of each key, so that one among many thousands is moved or taken out in O(log n).
/// What is due at one moment comes in the order of the keys.
/// - Source: Williams (1964), "Algorithm 232: Heapsort".
struct FiringQueue<Key: Hashable & Comparable & Sendable>: Sendable {
    private struct Entry {
        var at: Instant
        var key: Key
        static func < (left: Self, right: Self) -> Bool { (left.at, left.key) < (right.at, right.key) }
    }
    private var heap: [Entry] = []
    private var places: [Key: Int] = [:]

    var count: Int { heap.count }
    var isEmpty: Bool { heap.isEmpty }
    /// The earliest moment.
    var next: Instant? { heap.first?.at }

    /// When a key is to be looked at; nil: never.
    subscript(key: Key) -> Instant? {
        get { places[key].map { heap[$0].at } }
        set {
            guard let newValue else { return remove(key) }
            if let place = places[key] {
                heap[place].at = newValue
                settle(place)
            } else {
                heap.append(Entry(at: newValue, key: key))
                places[key] = heap.count - 1
                settle(heap.count - 1)
            }
        }
    }

    /// Takes out what is due at a moment.
    mutating func takeDue(at now: Instant) -> [Key] {
        var due: [Key] = []
        while let first = heap.first, first.at <= now {
            due.append(first.key)
            remove(first.key)
        }
        return due
    }

    private mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key) else { return }
        let last = heap.removeLast()
        if place == heap.count { return }
        heap[place] = last
        places[last.key] = place
        settle(place)
    }

    /// Moves an entry that may be out of order up or down.
    private mutating func settle(_ start: Int) {
        var place = start
        while place > 0, heap[place] < heap[(place - 1) / 2] {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            if least == place { return }
            swap(place, least)
            place = least
        }
    }

    private mutating func swap(_ one: Int, _ other: Int) {
        heap.swapAt(one, other)
        places[heap[one].key] = one
        places[heap[other].key] = other
    }
}
