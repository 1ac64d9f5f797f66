import Foundation
import Testing

@testable import WebUI

struct WebAssetsTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/CAssets/Web", directoryHint: .isDirectory).resolvingSymlinksInPath()

    /// Paths below `Web` of the files on disk.
    private static func filesOnDisk() throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try paths.filter { path in
            try folder.appending(path: path).resourceValues(forKeys: [.isDirectoryKey]).isDirectory == false
        }
    }

    private static func text(_ asset: WebAsset) -> String { String(decoding: asset.bytes, as: UTF8.self) }

    @Test func `every file of the folder Web is embedded, byte for byte, and nothing else`() throws {
        let onDisk = try Self.filesOnDisk()
        #expect(Set(WebAssets.all.map(\.path)) == Set(onDisk))
        for path in onDisk {
            let bytes = try [UInt8](Data(contentsOf: Self.folder.appending(path: path)))
            // Not in the expectation itself: a failure would print both files, byte for byte.
            let isSame = WebAssets.file(at: "/\(path)")?.bytes == bytes
            #expect(isSame, "\(path)")
        }
    }

    @Test func `the root is the index page, and only exact paths name a file`() throws {
        let index = try #require(WebAssets.file(at: "/"))
        #expect(index.path == "index.html")
        #expect(index.contentType == "text/html; charset=utf-8")
        for path in [
            "", "index.html", "/js", "/js/", "/../index.html", "/js/../index.html", "/js%2Fmain.js", "//index.html",
            "//", "//models", "/model", "/Models", "/%6Dodels",
        ] {
            #expect(WebAssets.file(at: path) == nil, "\(path)")
        }
    }

    @Test(arguments: [
        "/models", "/models/", "/models/movies/versions/3", "/pipelines/a%2Fb/runs/x", "/experiments/1/compare",
        "/system",
    ])
    func `the address of a page, however deep, is answered with the shell`(path: String) {
        #expect(WebAssets.file(at: path)?.path == "index.html")
    }

    @Test(arguments: [
        ("a.css", "text/css; charset=utf-8"), ("a.svg", "image/svg+xml"), ("b", "application/octet-stream"),
    ])
    func `a content type follows from the name's ending`(path: String, type: String) {
        #expect(WebAssets.contentType(ofPath: path) == type)
    }

    /// Values of RFC 9923's test vectors.
    @Test(arguments: [("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8")])
    func `an entity tag is the FNV-1a hash of the bytes`(text: String, hash: String) {
        #expect(WebAssets.contentHash(of: [UInt8](text.utf8)) == hash)
    }

    @Test func `entity tags are quoted and differ between files`() {
        let tags = WebAssets.all.map(\.etag)
        #expect(Set(tags).count == tags.count)
        #expect(tags.allSatisfy { $0.hasPrefix("\"") && $0.hasSuffix("\"") && $0.count == 18 })
    }

    @Test func `the pages refer to embedded files only, and to no other host`() throws {
        let index = try #require(WebAssets.file(at: "/"))
        let served = ["/", "/docs", "/plain"]
        for match in Self.text(index).matches(of: /\b(?:href|src)="([^"]*)"/) {
            let target = String(match.1)
            let isKnown =
                target.hasPrefix("#") || target.hasPrefix("/api/v1/") || served.contains(target)
                || WebAssets.file(at: target) != nil
            #expect(isKnown, "\(target)")
        }
        for asset in WebAssets.all {
            let named = Self.text(asset).replacing("http://www.w3.org/2000/svg", with: "")
            #expect(named.firstMatch(of: /https?:\/\/|@import|url\(/) == nil, "\(asset.path)")
        }
    }

    @Test func `modules import only modules that are embedded`() {
        for asset in WebAssets.all where asset.path.hasSuffix(".js") {
            for match in Self.text(asset).matches(of: /(?:from |import\()"([^"]*)"/) {
                let base = URL(filePath: "/\(asset.path)").deletingLastPathComponent()
                let target = base.appending(path: String(match.1)).standardizedFileURL.path
                #expect(WebAssets.file(at: target) != nil, "\(asset.path) imports \(match.1)")
            }
        }
    }

    @Test func `a strict content security policy refuses nothing of the pages`() throws {
        let index = Self.text(try #require(WebAssets.file(at: "/")))
        #expect(index.firstMatch(of: /<style|\sstyle=|\son[a-z]+=|javascript:/) == nil)
        #expect(index.matches(of: /<script\b[^>]*>/).allSatisfy { $0.0.contains("src=") })
    }

    @Test func `scripts never make markup out of data`() {
        for asset in WebAssets.all where asset.path.hasSuffix(".js") {
            let markup = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/
            #expect(Self.text(asset).firstMatch(of: markup) == nil, "\(asset.path)")
        }
    }

    @Test func `every text has a Korean one in a table that is there when its page speaks, and no table says more`() {
        var (said, tables): ([String: Set<String>], [String: Set<String>]) = ([:], [:])
        for asset in WebAssets.all where asset.path.hasSuffix(".js") {
            let text = Self.text(asset)
            let names = asset.path.split(separator: "/").dropFirst().map { String($0).replacing(".js", with: "") }
            if names.first == "ko", let table = names.last {
                for match in text.matches(of: /(?m)^\t(?:"((?:[^"\\]|\\.)*)"|(\w+)):/) {
                    let key = String(match.1 ?? match.2 ?? "").replacing("\\\"", with: "\"")
                    #expect(tables.values.allSatisfy { !$0.contains(key) }, "\(key) in \(table) and in another table")
                    tables[table, default: []].insert(key)
                }
            } else {
                said[names.count > 1 ? names[0] : "shell", default: []].formUnion(Self.texts(in: text))
            }
        }
        let always = ["common", "parts", "shell"].reduce(into: Set<String>()) { $0.formUnion(tables[$1] ?? []) }
        for (folder, texts) in said {
            #expect(
                texts.subtracting(always).subtracting(tables[folder] ?? []).sorted() == [], "no Korean in \(folder)")
        }
        let all = said.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        for (table, texts) in tables {
            #expect(texts.subtracting(all).sorted() == [], "\(table) says what nobody says")
        }
        for page in WebAssets.pages { #expect(tables[page.isEmpty ? "today" : String(page)] != nil, "\(page)") }
    }

    /// What stands in the templates t`…`, with `{}` for each value.
    private static func texts(in script: String) -> [String] {
        var found: [String] = []
        for match in script.matches(of: /\bt`/) {
            var (key, depth): (String, Int) = ("", 0)
            var rest = script[match.range.upperBound...]
            while let character = rest.first, depth > 0 || character != "`" {
                if depth == 0, rest.hasPrefix("${") { key += "{}" }
                if rest.hasPrefix("${") || depth > 0 && character == "{" { depth += 1 }
                if depth == 0 { key.append(character) }
                if depth > 0, character == "}" { depth -= 1 }
                rest = rest.dropFirst(depth > 0 && rest.hasPrefix("${") ? 2 : 1)
            }
            found.append(key)
        }
        return found
    }
}
