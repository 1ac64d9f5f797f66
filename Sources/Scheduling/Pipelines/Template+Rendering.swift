extension Template {
    package enum Quoting: Sendable {
        /// Each value becomes plain data in a shell command, whatever quotes stand around it; `!raw` opts out.
        case shell
        case plain
    }

    /// The text with every place filled in.
    package func render(_ scope: RenderScope, quoting: Quoting) throws(RenderError) -> String {
        var result = ""
        var scanner = ShellScanner()
        for piece in pieces {
            switch piece {
            case .text(let text):
                result += text
                if quoting == .shell { scanner.read(text) }
            case .reference(let namespace, let path, let raw):
                let value = try scope.value(namespace, path)
                switch quoting {
                case .plain: result += value
                case .shell where raw: result += value
                case .shell:
                    guard let quoted = ShellQuoting.quote(value, at: scanner.place) else {
                        throw .notQuotable(
                            reference: ([namespace] + path).joined(separator: "."), place: Self.refusal(scanner.place))
                    }
                    result += quoted
                }
                scanner.skipValue()
            }
        }
        return result
    }

    private static func refusal(_ place: ShellScanner.Place) -> String {
        if case .refused(let reason) = place { reason } else { "because it holds a NUL character" }
    }

    /// The places of a shell command where a value could become a command, by their number among the references.
    func refusedPlaces() -> [(reference: Int, reason: String)] {
        var scanner = ShellScanner()
        var refused: [(Int, String)] = []
        var number = 0
        for piece in pieces {
            switch piece {
            case .text(let text): scanner.read(text)
            case .reference(_, _, let raw):
                if !raw, case .refused(let reason) = scanner.place { refused.append((number, reason)) }
                scanner.skipValue()
                number += 1
            }
        }
        return refused
    }
}
