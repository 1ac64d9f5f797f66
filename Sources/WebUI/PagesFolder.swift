#if DEBUG
    import Foundation

    /// Pages from a folder instead of those that are compiled in, so that an edit is seen by loading the page again:
    /// `MLSTACK_PAGES=Sources/CAssets/Web .build/debug/mlstack up`. Only debug builds know it.
    enum PagesFolder {
        private static let folder = ProcessInfo.processInfo.environment["MLSTACK_PAGES"].map { URL(filePath: $0) }

        static var isNamed: Bool { folder != nil }

        /// - Parameter path: as `WebAsset.path`; one that climbs names no file.
        /// - Returns: nil when no folder is named, or it has no such file.
        static func file(at path: String) -> WebAsset? {
            guard let folder, !path.split(separator: "/").contains(".."),
                let data = try? Data(contentsOf: folder.appending(path: path))
            else { return nil }
            let bytes = [UInt8](data)
            return WebAsset(
                path: path, bytes: bytes, contentType: WebAssets.contentType(ofPath: path),
                etag: "\"\(WebAssets.contentHash(of: bytes))\"")
        }
    }
#endif
