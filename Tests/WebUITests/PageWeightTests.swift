import Testing

@testable import WebUI

/// What the pages cost whoever opens them, in bytes on the wire.
struct PageWeightTests {
    private static func weight(_ asset: WebAsset) -> Int { (asset.gzipped() ?? asset).bytes.count }

    @Test func `all files together weigh under 200 KB, and the Korean texts under 40 KB more`() {
        let weights = WebAssets.all.map { (isKorean: $0.path.hasPrefix("js/ko/"), bytes: Self.weight($0)) }
        #expect(weights.reduce(0) { $1.isKorean ? $0 : $0 + $1.bytes } < 200_000)
        #expect(weights.reduce(0) { $1.isKorean ? $0 + $1.bytes : $0 } < 40_000)
    }

    @Test func `the first page weighs under 60 KB with all that it names`() throws {
        let shell = try #require(WebAssets.file(at: "/"))
        let text = String(decoding: shell.bytes, as: UTF8.self)
        let paths = Set(text.matches(of: /(?:href|src)="(\/(?:js|css|favicon)[^"]*)"/).map { String($0.1) })
        let named = try paths.map { try #require(WebAssets.file(at: $0), "\($0)") }
        #expect(named.reduce(Self.weight(shell)) { $0 + Self.weight($1) } < 60_000)
    }

    @Test(arguments: WebAssets.pages.map(String.init))
    func `a page's shell names every module and style sheet that the page begins with`(page: String) throws {
        let shell = try #require(WebAssets.file(at: "/\(page)"))
        let text = String(decoding: shell.bytes, as: UTF8.self)
        let named = Set(text.matches(of: /rel="modulepreload" href="\/([^"]*)"/).map { String($0.1) })
        #expect(named.contains("js/\(page.isEmpty ? "today" : page)/page.js"))
        for path in named {
            let module = try #require(WebAssets.file(at: "/\(path)"), "\(path)")
            for match in String(decoding: module.bytes, as: UTF8.self).matches(
                of: /(?m)^(?:import|\}).* from "[.\/]*([^"]*)"/)
            {
                #expect(named.contains { $0.hasSuffix(match.1) }, "\(path) imports \(match.1)")
            }
        }
        #expect(text.contains("<link rel=\"stylesheet\" href=\"/css/\(page.isEmpty ? "today" : page).css\">"))
    }

    @Test func `a compressed file is gzip, smaller, and has a tag of its own`() throws {
        let script = try #require(WebAssets.file(at: "/js/dom.js"))
        let gzip = try #require(script.gzipped())
        #expect(gzip.bytes.starts(with: [0x1f, 0x8b, 8]))
        #expect(gzip.bytes.count < script.bytes.count / 2)
        #expect(gzip.etag == script.etag.dropLast() + "-gzip\"")
        let small = WebAsset(path: "a", bytes: [1], contentType: "", etag: "\"\"")
        #expect(small.gzipped() == nil)
    }

    @Test func `what goes out lost its comments and indentation, and nothing else`() throws {
        let script = """
            // What it does.
            /** One line. */
            const a = "// no comment"; // stays
            /**
             * Several.
             */
            \tconst b = /[/*]/;

            """
        let asset = WebAsset(path: "a.js", bytes: [UInt8](script.utf8), contentType: "", etag: "")
        #expect(
            String(decoding: asset.squeezed, as: UTF8.self)
                == "const a = \"// no comment\"; // stays\nconst b = /[/*]/;")
    }

    @Test func `no comment and no text of a script is such that lines could be taken out of it by mistake`() {
        for asset in WebAssets.all where asset.path.hasSuffix(".js") || asset.path.hasSuffix(".css") {
            var isInComment = false
            for (index, line) in String(decoding: asset.bytes, as: UTF8.self).split(separator: "\n").enumerated() {
                let text = line.drop { $0 == "\t" || $0 == " " }
                if isInComment || text.hasPrefix("/*") {
                    let ends = text.contains("*/")
                    #expect(!ends || text.hasSuffix("*/"), "\(asset.path), line \(index + 1): code behind a comment")
                    isInComment = !ends
                } else if !text.hasPrefix("//"), asset.path.hasSuffix(".js") {
                    let marks = text.replacing("\\`", with: "").replacing("\"`\"", with: "").count { $0 == "`" }
                    #expect(marks.isMultiple(of: 2), "\(asset.path), line \(index + 1): a text over several lines")
                }
            }
        }
    }
}
