import Registry
import Testing

struct ArtifactPathTests {
    @Test(arguments: [
        "/etc/passwd", "/", "..", ".", "a/..", "../a", "a/../b", "a//b", "a/", "a/.", "./a", "a\\b", "..\\a", "a\0b",
        "a\nb",
        "a\u{7F}", "a\u{85}b", "%2e%2e", "%2E%2E/a", "a/%2e%2e/b", "%252e%252e/a", "%25252e%25252e", "%2fetc",
        "a%2f%2fb",
        "a%00b", "a%5cb", "a%0ab", "%2e", "a/%2e/b", "a%2f..%2fb", String(repeating: "a", count: 256),
        Array(repeating: "abcdefgh", count: 300).joined(separator: "/"),
    ])
    func `a path that could leave the root or be read in two ways is refused`(_ text: String) {
        #expect(throws: RegistryError.self) { try ArtifactPath(text) }
    }

    @Test(arguments: [
        "", "a", "0/abc/artifacts/model/MLmodel", "a b/c", "...", "..a", "a..", "naïve/模型.json", "100%", "50% off",
        "a%zz",
        ".hidden", "-rf", "a:b", "~", "$HOME", "a%20b", "%41",
    ])
    func `an ordinary path stays as it was given`(_ text: String) throws {
        #expect(try ArtifactPath(text).description == text)
    }

    @Test func `no mixture of hostile pieces makes a path that climbs, however often it is decoded`() {
        let pieces = [
            "..", ".", "/", "\\", "%2e", "%2f", "%5c", "%25", "%00", "25", "2e", "a", "\0", "é", " ", "\u{202E}",
        ]
        var random = SplitMix(state: 7)
        var accepted = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined()
            guard let path = try? ArtifactPath(text) else { continue }
            accepted += 1
            var decoded = path.description
            while true {
                let parts = decoded.split(separator: "/", omittingEmptySubsequences: false)
                #expect(!decoded.hasPrefix("/"), "\(text)")
                #expect(!parts.contains { $0 == ".." || $0 == "." || $0.isEmpty }, "\(text)")
                #expect(!decoded.contains("\\") && !decoded.unicodeScalars.contains { $0.value < 32 }, "\(text)")
                guard let next = decoded.removingEscapes, next != decoded else { break }
                decoded = next
            }
        }
        #expect(accepted > 1000)
    }

    @Test func `a refusal shows control characters as escapes`() {
        #expect(throws: RegistryError.invalid("Invalid path: 'a\\u{a}b': it holds a control character.")) {
            try ArtifactPath("a\nb")
        }
    }

    @Test func `an artifact URI and its path say the same`() throws {
        let path = try ArtifactPath(artifactURI: "mlflow-artifacts:/1/abc/artifacts")
        #expect(path.description == "1/abc/artifacts")
        #expect(path.artifactURI == "mlflow-artifacts:/1/abc/artifacts")
        #expect(try path.appending("model/MLmodel").description == "1/abc/artifacts/model/MLmodel")
        #expect(try ArtifactPath.root.appending("a") == ArtifactPath("a"))
    }

    @Test(arguments: ["mlflow-artifacts://host/1", "s3://bucket/a", "1/abc", "mlflow-artifacts:/../a", "file:/etc"])
    func `a URI of another store is refused`(_ uri: String) {
        #expect(throws: RegistryError.self) { try ArtifactPath(artifactURI: uri) }
    }

    @Test func `inside means below, not merely beginning alike`() throws {
        let folder = try ArtifactPath("1/abc")
        #expect(try ArtifactPath("1/abc/d").isInside(folder))
        #expect(folder.isInside(folder) && folder.isInside(.root))
        #expect(try !ArtifactPath("1/abcd").isInside(folder))
        #expect(!ArtifactPath.root.isInside(folder))
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        let bits = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return bits ^ (bits >> 27)
    }
}

extension String {
    /// An independent decoder, so that the test does not share the mistakes of the code.
    fileprivate var removingEscapes: String? {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16),
                rest.first != UInt8(ascii: "+")
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
