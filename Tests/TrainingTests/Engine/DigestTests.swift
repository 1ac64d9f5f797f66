import CKernels
import Testing

@testable import Training

struct DigestTests {
    /// The examples of FIPS 180-4 and of NIST's test vectors, and the lengths around a block's end.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        ("a", 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
        ("a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `a digest is SHA-256`(text: String, times: Int, digest: String) {
        let bytes = Array(String(repeating: text, count: times).utf8)
        #expect(SHA256.hex(of: bytes) == digest)
        // The same in pieces that fit no block.
        var pieces = SHA256()
        for start in stride(from: 0, to: bytes.count, by: 37) {
            bytes[start..<min(start + 37, bytes.count)].withUnsafeBytes { pieces.update($0) }
        }
        #expect(pieces.hex() == digest)
    }

    @Test func `the processor's own instructions give what plain arithmetic gives`() {
        var random = SplitMix64(seed: 1, stream: 0)
        for blocks in 1...5 {
            let bytes = (0..<64 * blocks).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            var native = (0..<8).map { _ in UInt32(truncatingIfNeeded: random.next()) }
            var plain = native
            mls_sha256_blocks(&native, bytes, blocks)
            mls_sha256_blocks_plain(&plain, bytes, blocks)
            #expect(native == plain)
        }
    }
}
