import Synchronization

/// Places that several workers fill at once, each its own.
final class SharedSlots<Value: Sendable>: Sendable {
    private let values: Mutex<[Value?]>

    init(count: Int) { values = Mutex(Array(repeating: nil, count: count)) }

    func put(_ value: Value, at index: Int) { values.withLock { $0[index] = value } }

    /// - Precondition: the place has been filled.
    func get(_ index: Int) -> Value {
        guard let value = values.withLock({ $0[index] }) else { preconditionFailure("slot \(index) was never filled") }
        return value
    }

    /// Empties the place, so that its memory is free once the value has been used.
    func take(_ index: Int) -> Value {
        let value = get(index)
        values.withLock { $0[index] = nil }
        return value
    }
}

/// Counts what several workers have done.
final class SharedCounter: Sendable {
    private let count = Atomic(0)
    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }
}
