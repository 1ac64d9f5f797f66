import NIOCore
import WebUI

/// The embedded files of the pages, as buffers that answers can share.
enum PageAssets {
    static func file(at path: String) -> (bytes: ByteBuffer, contentType: String, etag: String)? {
        guard let file = WebAssets.file(at: path) else { return nil }
        return (ByteBuffer(bytes: file.bytes), file.contentType, file.etag)
    }
}
