import Testing

@testable import Transfer

@Suite struct MD5Tests {
    /// RFC 1321, appendix A.5.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ])
    func `the RFC's examples come out`(_ text: String, _ expected: String) {
        #expect(Self.hex(Array(text.utf8)) == expected)
    }

    @Test func `the pieces in which bytes come do not matter`() {
        for count in 0..<200 {
            let bytes = (0..<count).map { UInt8($0) }
            var pieces = MD5()
            for start in stride(from: 0, to: count, by: 7) {
                bytes[start..<min(start + 7, count)].withUnsafeBytes { pieces.update($0) }
            }
            #expect(pieces.hex() == Self.hex(bytes))
        }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        var sum = MD5()
        bytes.withUnsafeBytes { sum.update($0) }
        return sum.hex()
    }
}
