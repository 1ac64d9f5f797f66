/// A small generator whose streams are cheap to start, so that every row of factors can have a stream of its own and
/// the start of a fit does not depend on who fills which row.
///
/// - Source: Steele, Lea, Flood (2014), "Fast Splittable Pseudorandom Number Generators".
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameter stream: which of the seed's independent streams.
    init(seed: UInt64, stream: UInt64) {
        var mixer = SplitMix64(state: seed)
        state = mixer.next() ^ (stream &* 0xD134_2543_DE82_EF95)
        state = next()
    }

    private init(state: UInt64) { self.state = state }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in -1 ..< 1, of 24 bits: every value is exact in a float.
    mutating func nextSymmetricUnit() -> Float {
        Float(Int64(next() >> 40) - (1 << 23)) * 0x1p-23
    }
}
