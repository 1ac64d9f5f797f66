/// A hash that is the same in every process and on every machine, for names and keys; not for security.
/// - Source: Fowler, Noll, Vo: FNV-1a, here with 128 bits (RFC 9923).
enum StableHash {
    static func hex(_ text: String, digits: Int) -> String {
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
        for byte in text.utf8 {
            hash ^= UInt128(byte)
            hash = hash &* prime
        }
        let all = String(hash, radix: 16)
        return String((String(repeating: "0", count: max(0, 32 - all.count)) + all).prefix(digits))
    }
}
