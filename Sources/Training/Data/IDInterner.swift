/// Gives every distinct id a number, in the order they first come; no string is made for a repeated one.
///
/// Ids of up to eight bytes (nearly all) are one word each, found in a table of open addressing; zero bytes fill the word, which is
/// unambiguous since ids hold no control characters.
struct IDInterner {
    private(set) var ids: [String] = []
    private var keys: [UInt64] = Array(repeating: 0, count: 16)
    private var numbers: [UInt32] = Array(repeating: 0, count: 16)
    private var shortCount = 0
    private var long: [String: UInt32] = [:]

    mutating func number(of id: UnsafeRawBufferPointer) -> UInt32 {
        if id.count > 8 { return longNumber(String(decoding: id, as: UTF8.self)) }
        var key: UInt64 = 0
        for byte in id { key = key << 8 | UInt64(byte) }
        var slot = place(key, keys.count - 1)
        while keys[slot] != 0 {
            if keys[slot] == key { return numbers[slot] }
            slot = (slot + 1) & (keys.count - 1)
        }
        let number = UInt32(ids.count)
        ids.append(String(decoding: id, as: UTF8.self))
        (keys[slot], numbers[slot]) = (key, number)
        shortCount += 1
        if shortCount * 2 > keys.count { grow() }
        return number
    }

    mutating func number(of id: String) -> UInt32 {
        var id = id
        return id.withUTF8 { number(of: UnsafeRawBufferPointer($0)) }
    }

    private mutating func longNumber(_ id: String) -> UInt32 {
        if let number = long[id] { return number }
        let number = UInt32(ids.count)
        ids.append(id)
        long[id] = number
        return number
    }

    private mutating func grow() {
        let (oldKeys, oldNumbers) = (keys, numbers)
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        numbers = Array(repeating: 0, count: oldKeys.count * 2)
        for (key, number) in zip(oldKeys, oldNumbers) where key != 0 {
            var slot = place(key, keys.count - 1)
            while keys[slot] != 0 { slot = (slot + 1) & (keys.count - 1) }
            (keys[slot], numbers[slot]) = (key, number)
        }
    }

    /// Multiplicative hashing with the golden ratio (Knuth, volume 3, section 6.4).
    private func place(_ key: UInt64, _ mask: Int) -> Int { Int((key &* 0x9e37_79b9_7f4a_7c15) >> 32) & mask }
}
