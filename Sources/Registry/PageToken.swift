import Foundation

/// Where the next page of a search begins: base64 of `{"offset": N}`, as MLflow writes it.
package enum PageToken {
    private struct Content: Codable { var offset: Int }

    package static func encode(offset: Int) -> String {
        Data("{\"offset\": \(offset)}".utf8).base64EncodedString()
    }

    /// - Returns: 0 for no token, and for an empty one, which is what clients send for the first page.
    /// - Throws: `.invalid` for anything that `encode` cannot have written.
    package static func offset(of token: String?) throws(RegistryError) -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard let data = Data(base64Encoded: token),
            let content = try? JSONDecoder().decode(Content.self, from: data), content.offset >= 0
        else {
            throw .invalid("Invalid page token: \"\(token)\". Pass back the next_page_token of the page before.")
        }
        return content.offset
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
