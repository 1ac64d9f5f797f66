import CKernels

/// The digest that artefacts are checked by.
///
/// - Source: FIPS 180-4, "Secure Hash Standard", sections 5.1.1 (padding) and 6.2.
enum SHA256 {
    /// 64 lower-case hexadecimal digits.
    static func hex(of bytes: [UInt8]) -> String { bytes.withUnsafeBytes { hex(of: $0) } }

    /// The same of bytes that stay where they are, such as a mapped file.
    static func hex(of bytes: UnsafeRawBufferPointer) -> String {
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
        ]
        let whole = bytes.count / 64
        if whole > 0, let start = bytes.baseAddress {
            mls_sha256_blocks(&state, start.assumingMemoryBound(to: UInt8.self), whole)
        }
        var tail = Array(bytes[(whole * 64)...])
        tail.append(0x80)
        while tail.count % 64 != 56 { tail.append(0) }
        let bits = UInt64(bytes.count) * 8
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
}
