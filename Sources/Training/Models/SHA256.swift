import CKernels

/// The digest that artefacts are checked by.
///
/// - Source: FIPS 180-4, "Secure Hash Standard", sections 5.1.1 (padding) and 6.2.
package struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    /// Less than a block.
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var start = 0
        if !rest.isEmpty {
            start = min(64 - rest.count, bytes.count)
            rest += bytes[..<start]
            guard rest.count == 64 else { return }
            mls_sha256_blocks(&state, rest, 1)
            rest = []
        }
        let whole = (bytes.count - start) / 64
        if whole > 0, let address = bytes.baseAddress {
            mls_sha256_blocks(&state, address.assumingMemoryBound(to: UInt8.self) + start, whole)
        }
        rest += bytes[(start + whole * 64)...]
    }

    /// 64 lower-case hexadecimal digits of all that came so far.
    package func hex() -> String {
        var (state, tail) = (state, rest)
        tail.append(0x80)
        while tail.count % 64 != 56 { tail.append(0) }
        let bits = byteCount * 8
        for shift in stride(from: 56, through: 0, by: -8) {
            tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        mls_sha256_blocks(&state, tail, tail.count / 64)
        let digits = Array("0123456789abcdef")
        var text = ""
        for word in state {
            for shift in stride(from: 28, through: 0, by: -4) { text.append(digits[Int(word >> UInt32(shift)) & 15]) }
        }
        return text
    }

    package static func hex(of bytes: [UInt8]) -> String { bytes.withUnsafeBytes { hex(of: $0) } }

    /// The same of bytes that stay where they are, such as a mapped file.
    package static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        var digest = SHA256()
        digest.update(bytes)
        return digest.hex()
    }
}
