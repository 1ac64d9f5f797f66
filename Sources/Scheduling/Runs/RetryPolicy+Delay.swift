extension RetryPolicy {
    /// How long the `number`-th retry (1, 2, …) waits: delay × backoff^(number − 1), spread by the jitter, at most `maxDelay`.
    ///
    /// The spread is symmetric around the delay. It comes from a hash and not from chance, so that a replay repeats it.
    /// - Parameter key: what makes this wait its own: pipeline, task and date.
    package func wait(beforeRetry number: Int, key: String) -> Duration {
        let share = StableFraction.of("\(key)#\(number)")
        let factor = 1 + jitter * (2 * share - 1)
        let seconds = Self.seconds(delay) * power(backoff, Swift.max(0, number - 1)) * factor
        let capped = Swift.min(seconds, Self.seconds(maxDelay))
        return .milliseconds(Int64((Swift.max(0, capped) * 1000).rounded()))
    }

    private static func seconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    /// Reaches infinity instead of overflowing; the cap brings it back.
    private func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0
        for _ in 0..<exponent where result.isFinite && result != 0 { result *= base }
        return result
    }
}

/// Numbers and names that depend on a text alone, the same in every process and on every machine; not for security.
/// - Source: Fowler, Noll, Vo: FNV-1a with 64 bits (RFC 9923), finished by the mixer of MurmurHash3, since FNV's upper bits
///   hardly change with the last letters of a short text.
enum StableFraction {
    static func of(_ text: String) -> Double { Double(hash(text) >> 11) * 0x1p-53 }

    static func hex(_ text: String, digits: Int) -> String {
        let all = String(hash(text), radix: 16)
        return String((String(repeating: "0", count: max(0, 16 - all.count)) + all).prefix(digits))
    }

    static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash ^= UInt64(byte)
            hash = hash &* 0x0000_0100_0000_01b3
        }
        hash ^= hash >> 33
        hash = hash &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 33
        hash = hash &* 0xc4ce_b9fe_1a85_ec53
        return hash ^ (hash >> 33)
    }
}
