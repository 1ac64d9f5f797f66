/// The rule for the names of experiments, registered models and logged models, which people choose by eye: nothing in them
/// may be invisible, turn the direction of reading around, or pass for a letter of another alphabet.
package enum DisplayName {
    /// - Throws: `.invalid` for control, bidirectional and invisible characters, for full-width forms, and for a word that
    ///   mixes Latin letters with Greek or Cyrillic ones.
    package static func check(_ name: String, parameter: String) throws(RegistryError) {
        func refusal(_ why: String) -> RegistryError {
            .invalid("Invalid value \"\(visible(name))\" for parameter '\(parameter)' supplied: \(why).")
        }
        var alphabets: Set<Alphabet> = []
        for scalar in name.unicodeScalars {
            if isInvisible(scalar) {
                throw refusal("it holds U+\(String(scalar.value, radix: 16, uppercase: true)), which cannot be seen")
            }
            if (0xFF01...0xFF5E).contains(scalar.value) || (0x1D400...0x1D7FF).contains(scalar.value) {
                throw refusal("it holds letters that only look like plain ones")
            }
            if let alphabet = Alphabet(scalar) {
                alphabets.insert(alphabet)
                if alphabets.count > 1 { throw refusal("a word in it mixes letters of several alphabets") }
            } else if !scalar.properties.isAlphabetic, !scalar.properties.isDiacritic {
                alphabets = []
            }
        }
    }

    /// Those whose letters are taken for each other's.
    private enum Alphabet {
        case latin, greek, cyrillic

        init?(_ scalar: Unicode.Scalar) {
            switch scalar.value {
            case 0x41...0x5A, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x1E00...0x1EFF: self = .latin
            case 0x370...0x3FF, 0x1F00...0x1FFF: self = .greek
            case 0x400...0x52F: self = .cyrillic
            default: return nil
            }
        }
    }

    /// Joiners stay: Persian and emoji need them.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C, 0x200D: false
        case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800: true
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
            default: false
            }
        }
    }

    /// At most a line of it, with what cannot be seen written out.
    private static func visible(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars.prefix(100) {
            result += isInvisible(scalar) ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return result
    }
}
