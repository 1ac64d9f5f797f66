import Dispatch
import NIOCore
import Synchronization
import WebUI

/// The embedded files of the pages, as buffers that answers can share.
enum PageAssets {
    struct Form: Sendable {
        let bytes: ByteBuffer
        let contentType: String
        let etag: String
        let isCompressed: Bool

        fileprivate init(_ asset: WebAsset, isCompressed: Bool) {
            (bytes, contentType, etag) = (ByteBuffer(bytes: asset.bytes), asset.contentType, asset.etag)
            self.isCompressed = isCompressed
        }
    }

    /// Each file in the form that it goes out in to those who take gzip, by its tag: compressed at its first request.
    private static let made = Mutex<[String: Form]>([:])

    /// - Parameter queue: a serial one that may be busy for a moment: files are compressed on it.
    static func file(at path: String, gzip: Bool, queue: DispatchQueue) async -> Form? {
        guard let file = WebAssets.file(at: path) else { return nil }
        guard gzip else { return Form(file, isCompressed: false) }
        if let form = made.withLock({ $0[file.etag] }) { return form }
        return await withCheckedContinuation { continuation in
            queue.async {
                // Another request for it may have waited before this one.
                var form = made.withLock { $0[file.etag] }
                if form == nil {
                    form = file.gzipped().map { Form($0, isCompressed: true) } ?? Form(file, isCompressed: false)
                    made.withLock { $0[file.etag] = form }
                }
                continuation.resume(returning: form)
            }
        }
    }
}
