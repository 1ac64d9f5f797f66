import Synchronization

/// Where the server listens, once it does.
final class AddressCell: Sendable {
    private let cell = Mutex<String?>(nil)
    var value: String? { cell.withLock { $0 } }
    func set(_ url: String) { cell.withLock { $0 = url } }
}
