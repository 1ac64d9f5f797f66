import Foundation
import Testing

@testable import WebUI

struct WebAssetsTests {
    private var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/CAssets/Web")
            .standardizedFileURL
    }

    @Test func `every file of the pages is embedded, byte for byte`() throws {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        var count = 0
        while let file = files?.nextObject() as? URL {
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            let path = "/" + file.standardizedFileURL.path.dropFirst(folder.path.count).drop { $0 == "/" }
            let asset = try #require(WebAssets.file(at: path), "\(path) has no line in CAssets.c")
            #expect(asset.bytes == Array(try Data(contentsOf: file)))
            count += 1
        }
        #expect(count == WebAssets.all.count)
    }

    @Test func `the root is the page, and what is not there is nothing`() {
        #expect(WebAssets.file(at: "/")?.contentType == "text/html; charset=utf-8")
        #expect(WebAssets.file(at: "/../Package.swift") == nil)
    }

    @Test func `no page, style or script names another host`() {
        for asset in WebAssets.all.values where !asset.path.hasSuffix(".svg") {
            let text = String(decoding: asset.bytes, as: UTF8.self)
            let hosts = text.matches(of: #/https?:\/\/[a-z0-9.]+/#).map { String(text[$0.range]) }
                .filter { !$0.hasPrefix("http://www.w3.org") && !$0.hasPrefix("http://127.0.0.1") }
            #expect(hosts.isEmpty, "\(asset.path) names \(hosts)")
        }
    }

    @Test func `all pages together stay under 200 KB`() {
        #expect(WebAssets.all.values.reduce(0) { $0 + $1.bytes.count } < 200_000)
    }
}
