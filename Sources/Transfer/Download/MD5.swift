import Foundation

/// The checksum that many archives on the net are published with. It finds damage, not malice.
///
/// - Source: RFC 1321.
package struct MD5: Sendable {
    private var state: (UInt32, UInt32, UInt32, UInt32) = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476)
    private var byteCount: UInt64 = 0
    /// Less than a block.
    private var rest: [UInt8] = []

    private static let blockSize = 64
    /// floor(2^32 * abs(sin(i + 1))), as the RFC makes them.
    private static let constants = (0..<64).map { UInt32(4_294_967_296 * abs(sin(Double($0 + 1)))) }

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var start = 0
        if !rest.isEmpty {
            start = min(MD5.blockSize - rest.count, bytes.count)
            rest += bytes[..<start]
            guard rest.count == MD5.blockSize else { return }
            rest.withUnsafeBytes { take($0) }
            rest = []
        }
        while bytes.count - start >= MD5.blockSize {
            take(UnsafeRawBufferPointer(rebasing: bytes[start..<start + MD5.blockSize]))
            start += MD5.blockSize
        }
        rest += bytes[start...]
    }

    /// 32 hexadecimal digits, in lower case.
    package func hex() -> String {
        var last = self
        let padding = (119 - Int(byteCount % 64)) % 64 + 1
        var tail: [UInt8] = [0x80] + [UInt8](repeating: 0, count: padding - 1)
        let bitCount = byteCount &* 8
        tail += (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> ($0 * 8)) }
        tail.withUnsafeBytes { last.update($0) }
        let words = [last.state.0, last.state.1, last.state.2, last.state.3]
        return words.map { word in
            let digits = String(word.byteSwapped, radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }

    /// Of a file that may be far larger than memory. Blocks.
    /// - Throws: what the system says of a file that cannot be read.
    package static func hex(ofFile path: String) throws -> String {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var sum = MD5()
        while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
            piece.withUnsafeBytes { sum.update($0) }
        }
        return sum.hex()
    }

    private mutating func take(_ block: UnsafeRawBufferPointer) {
        var (a, b, c, d) = state
        MD5.constants.withUnsafeBufferPointer { constants in
            for step in 0..<64 {
                var mixed: UInt32
                let word: Int
                switch step / 16 {
                case 0: (mixed, word) = ((b & c) | (~b & d), step)
                case 1: (mixed, word) = ((d & b) | (~d & c), (5 * step + 1) % 16)
                case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) % 16)
                default: (mixed, word) = (c ^ (b | ~d), (7 * step) % 16)
                }
                let value = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))
                mixed = mixed &+ a &+ constants[step] &+ value
                let shift = MD5.shift(step)
                (a, d, c, b) = (d, c, b, b &+ (mixed << shift | mixed >> (32 - shift)))
            }
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
    }

    /// Written out, because a table would be looked up a billion times for one archive.
    private static func shift(_ step: Int) -> UInt32 {
        switch (step / 16, step % 4) {
        case (0, 0): 7
        case (0, 1): 12
        case (0, 2): 17
        case (0, _): 22
        case (1, 0): 5
        case (1, 1): 9
        case (1, 2): 14
        case (1, _): 20
        case (2, 0): 4
        case (2, 1): 11
        case (2, 2): 16
        case (2, _): 23
        case (_, 0): 6
        case (_, 1): 10
        case (_, 2): 15
        default: 21
        }
    }
}
