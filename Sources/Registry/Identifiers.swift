/// How records are named, and the shapes those names may have.
package enum Identifiers {
    package static let defaultExperimentID = "0"
    package static let defaultExperimentName = "Default"

    /// 32 hexadecimal digits from 128 random bits.
    package static func hexadecimal(_ random: () -> UInt64) -> String {
        func digits(_ word: UInt64) -> String {
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return digits(random()) + digits(random())
    }

    package static func loggedModelID(_ random: () -> UInt64) -> String { "m-" + hexadecimal(random) }

    /// - Throws: `.invalid` unless `id` is the decimal text of a number from 0.
    package static func experimentNumber(_ id: String) throws(RegistryError) -> Int64 {
        if let number = Int64(id), number >= 0, String(number) == id { return number }
        throw .invalid("Invalid experiment ID: '\(id)'. Experiment IDs are decimal numbers, such as 0 for Default.")
    }

    /// - Throws: `.invalid` unless `id` is a letter or digit followed by at most 255 of letters, digits, `_` and `-`.
    package static func checkRunID(_ id: String) throws(RegistryError) {
        func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        let bytes = id.utf8
        guard let first = bytes.first, isWord(first), bytes.count <= 256,
            bytes.allSatisfy({ isWord($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") })
        else {
            throw .invalid("Invalid value \"\(id)\" for parameter 'run_id' supplied: it is no run id.")
        }
    }
}
