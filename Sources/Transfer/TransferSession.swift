import CTransfer

/// A connection that requests of one queue share, so that not each of them shakes hands anew.
final class TransferSession: @unchecked Sendable {  // guarded by: the serial queue of its one `HTTPTransfer`
    let pointer: OpaquePointer?

    init() { pointer = mls_transfer_session_open() }

    deinit { mls_transfer_session_close(pointer) }
}
