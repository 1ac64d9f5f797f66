/// The rule for the names of metrics, params and tags of runs.
///
/// A name consists of Unicode letters and digits, `_ - . : /` and spaces, is at most 250 characters long, and reads as
/// a relative path that says the same after it has been put into its simplest form, because MLflow's file store makes
/// paths of names. So `ndcg@10`, the usual way to write a ranking metric, is refused: the error gives the spelling to use.
package enum KeyName {
    /// - Parameter parameter: what the name is called in the error, e.g. `metrics[0].name`.
    /// - Throws: `.invalid`, with MLflow's phrases.
    package static func check(_ name: String, parameter: String) throws(RegistryError) {
        if name.isEmpty { throw .invalid("Missing value for required parameter '\(parameter)'") }
        try Limits.check(name, named: parameter, atMost: Limits.key)
        guard name.unicodeScalars.allSatisfy(isAllowed) else {
            throw .invalid(
                "Invalid value \"\(name)\" for parameter '\(parameter)' supplied: Names may only contain "
                    + "alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/)."
                    + " For \(name) use \(suggestion(for: name)).")
        }
        if isAmbiguousPath(name) {
            throw .invalid(
                "Invalid value \"\(name)\" for parameter '\(parameter)' supplied: Names may be treated as files in "
                    + "certain cases, and must not resolve to other names when treated as such.")
        }
    }

    /// The nearest name that the rule allows: `ndcg@10` becomes `ndcg_at_10`.
    package static func suggestion(for name: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            if scalar == "@" {
                result.append(contentsOf: "_at_".unicodeScalars)
            } else {
                result.append(isAllowed(scalar) ? scalar : "_")
            }
        }
        return String(result)
    }

    /// Python's `\w`, and `- . : / ` and the space.
    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", " ", ":", "/": return true
        default: break
        }
        guard !scalar.isASCII else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default:
            return scalar.properties.numericType != nil
        }
    }

    /// Whether `posixpath.normpath` would change the name, or it climbs out of its folder.
    static func isAmbiguousPath(_ name: String) -> Bool {
        if name.hasPrefix("/") || name.hasPrefix("..") { return true }
        // Of one component, as most names are.
        if !name.utf8.contains(UInt8(ascii: "/")) { return name.isEmpty || name == "." }
        return name.split(separator: "/", omittingEmptySubsequences: false)
            .contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }
}
