extension Double {
    /// The finite number that `text` writes in decimal digits, as `-1.5e3`; nil for anything else, such as `0x10`, `nan` and `1e999`.
    package init?(decimal text: String) {
        let isDecimal = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
        }
        guard isDecimal, let number = Double(text), number.isFinite else { return nil }
        self = number
    }
}
