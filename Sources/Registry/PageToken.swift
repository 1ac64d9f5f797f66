import Foundation

/// Where the next page of a search begins: base64 of `{"offset": N}`, as MLflow writes it, and for logged models also of
/// what is searched.
package enum PageToken {
    private struct Content: Codable {
        var offset: Int
        var search: String?
    }

    /// - Parameter search: what the page is part of, where a token must not be used for another search.
    package static func encode(offset: Int, of search: String? = nil) -> String {
        let binding = search.map { ", \"search\": \"\($0)\"" } ?? ""
        return Data("{\"offset\": \(offset)\(binding)}".utf8).base64EncodedString()
    }

    /// - Returns: 0 for no token, and for an empty one, which is what clients send for the first page.
    /// - Throws: `.invalid` for anything that `encode` cannot have written.
    package static func offset(of token: String?, of search: String? = nil) throws(RegistryError) -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard token.utf8.count <= longest, let data = Data(base64Encoded: token),
            let content = try? JSONDecoder().decode(Content.self, from: data),
            (0...Limits.pageOffset).contains(content.offset)
        else {
            throw .invalid(
                "Invalid page token: \"\(token.prefix(longest))\". Pass back the next_page_token of the page before.")
        }
        guard content.search == search else {
            throw .invalid(
                "The experiment IDs, filter or order of the page token do not match the requested ones: "
                    + "ask every page of a search with the same ones.")
        }
        return content.offset
    }

    private static let longest = 200

    /// A short name for what is searched: the same for the same search, in every process. FNV-1a, 64 bits.
    package static func name(of search: some Encodable) throws(RegistryError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let bytes = try? encoder.encode(search) else { throw .invalid("Invalid search: it has no text.") }
        return String(bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }

    /// - Throws: `.invalid` unless 0 < `maxResults` <= `limit`.
    package static func check(maxResults: Int, atMost limit: Int) throws(RegistryError) {
        guard maxResults > 0, maxResults <= limit else {
            throw .invalid(
                "Invalid value \(maxResults) for parameter 'max_results' supplied: "
                    + "it must be a positive integer of at most \(limit).")
        }
    }
}
