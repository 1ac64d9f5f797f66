/// SHA-256, for naming a version of a pipeline file by what is in it, and under `MessageAuthentication`.
///
/// Ours, because the cores import no cryptography. It takes as long for every text of a length: nothing branches on its bytes.
/// - Source: FIPS 180-4, section 6.2.
package enum ContentHash {
    /// 64 hexadecimal digits of the text's UTF-8.
    package static func sha256(_ text: String) -> String { hex(digest(Array(text.utf8))) }

    package static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }

    /// 32 bytes.
    package static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var message = bytes
        let bitCount = UInt64(message.count) * 8
        message.append(0x80)
        message.append(contentsOf: repeatElement(0, count: (120 - message.count % 64) % 64))
        message.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> UInt64(56 - 8 * $0)) })
        var state = initial
        var schedule = [UInt32](repeating: 0, count: 64)
        for start in stride(from: 0, to: message.count, by: 64) { update(&state, &schedule, with: message, at: start) }
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
    }

    /// Makes no array of its own: a file of a megabyte has sixteen thousand blocks.
    private static func update(
        _ state: inout [UInt32], _ schedule: inout [UInt32], with message: [UInt8], at start: Int
    ) {
        for index in 0..<16 {
            let place = start + 4 * index
            schedule[index] =
                UInt32(message[place]) << 24 | UInt32(message[place + 1]) << 16 | UInt32(message[place + 2]) << 8
                | UInt32(message[place + 3])
        }
        for index in 16..<64 {
            let (early, late) = (schedule[index - 15], schedule[index - 2])
            let small = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let large = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            schedule[index] = schedule[index - 16] &+ small &+ schedule[index - 7] &+ large
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let choice = (e & f) ^ (~e & g)
            let majority = (a & b) ^ (a & c) ^ (b & c)
            let first =
                h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ constants[index] &+ schedule[index]
            let second = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ majority
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static let primes: [Int] = (2...311).filter { number in
        !(2..<number).contains { $0 * $0 <= number && number.isMultiple(of: $0) }
    }

    /// The first 32 bits of the fractional parts of the square roots of the first eight primes.
    private static let initial = primes.prefix(8).map { fraction(of: $0, power: 2) }
    /// The same of the cube roots of the first 64 primes.
    private static let constants = primes.prefix(64).map { fraction(of: $0, power: 3) }

    /// floor(2^32 * (prime^(1/power))) modulo 2^32, by integers: floating point would have to be trusted in its last
    /// bit.
    private static func fraction(of prime: Int, power: Int) -> UInt32 {
        // The greatest r with r^power <= prime * 2^(32 * power).
        var root: UInt64 = 0
        for bit in (0..<36).reversed() {
            let candidate = root | 1 << UInt64(bit)
            if isAtMost(candidate, power: power, prime: UInt64(prime)) { root = candidate }
        }
        return UInt32(truncatingIfNeeded: root)
    }

    private static func isAtMost(_ root: UInt64, power: Int, prime: UInt64) -> Bool {
        var value = UInt128(root)
        for _ in 1..<power { value *= UInt128(root) }
        return value <= UInt128(prime) << UInt128(32 * power)
    }
}
