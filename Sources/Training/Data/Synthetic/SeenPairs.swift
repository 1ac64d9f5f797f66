/// Who has seen which film, in memory that is fixed by the size asked for and not by what is put in.
///
/// It never forgets a pair. Now and then (about one time in seventy when it is full) it takes a pair for seen that is not, which costs
/// a person one film out of thousands.
/// - Source: Bloom (1970), "Space/Time Trade-offs in Hash Coding with Allowable Errors".
struct SeenPairs {
    private var words: [UInt64]
    private let mask: UInt64

    /// Bits set for each pair: near the best for ten bits a pair, and cheap.
    private static let probes = 4
    private static let fewestBits = 1 << 20

    /// - Parameter pairs: how many will be put in at most.
    init(pairs: Int) {
        var bits = SeenPairs.fewestBits
        while bits < pairs * 10 { bits *= 2 }
        words = Array(repeating: 0, count: bits / 64)
        mask = UInt64(bits - 1)
    }

    mutating func insert(person: Int, film: Int) {
        for bit in SeenPairs.bits(person, film) {
            let place = bit & mask
            words[Int(place / 64)] |= 1 << (place % 64)
        }
    }

    func contains(person: Int, film: Int) -> Bool {
        SeenPairs.bits(person, film).allSatisfy { bit in
            let place = bit & mask
            return words[Int(place / 64)] & (1 << (place % 64)) != 0
        }
    }

    private static func bits(_ person: Int, _ film: Int) -> some Sequence<UInt64> {
        var random = SplitMix64(seed: UInt64(person) << 32 | UInt64(film), stream: 3)
        let (first, step) = (random.next(), random.next() | 1)
        // Kirsch, Mitzenmacher (2006): two hashes are as good as many.
        return (0..<UInt64(probes)).lazy.map { first &+ $0 &* step }
    }
}
