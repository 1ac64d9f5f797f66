import Dispatch
import HTTPTypes
import Hummingbird

/// The files of the pages: whatever no route answers and is no part of the API.
enum PageFiles {
    static func response(to request: Request, _ path: Substring, queue: DispatchQueue) async throws -> Response {
        let missing = ServingFailure.notFound(
            "there is nothing at \(path.prefix(200)).",
            remedy: "see /docs for every path of the API, or / for the pages.")
        guard !path.hasPrefix("/api/"), request.method == .get || request.method == .head else { throw missing }
        let gzip = takesGzip(request.headers[.acceptEncoding] ?? "")
        guard let file = await PageAssets.file(at: String(path), gzip: gzip, queue: queue) else { throw missing }
        var fields: HTTPFields = [.cacheControl: "no-cache", .eTag: file.etag, .vary: "Accept-Encoding"]
        if isKnown(file.etag, to: request) { return Response(status: .notModified, headers: fields) }
        fields[.contentType] = file.contentType
        if file.isCompressed { fields[.contentEncoding] = "gzip" }
        return Response(status: .ok, headers: fields, body: ResponseBody(byteBuffer: file.bytes))
    }

    /// Whether a list of codings (`gzip, deflate, br;q=0.5`) takes gzip: by its name, else by `*`; `q=0` refuses.
    static func takesGzip(_ accepted: String) -> Bool {
        var byStar = false
        for entry in accepted.lowercased().split(separator: ",") {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if parts.first == "gzip" || parts.first == "x-gzip" { return weight > 0 }
            if parts.first == "*" { byStar = weight > 0 }
        }
        return byStar
    }

    private static func isKnown(_ etag: String, to request: Request) -> Bool {
        guard let known = request.headers[.ifNoneMatch] else { return false }
        return known == "*"
            || known.split(separator: ",").contains { tag in
                let tag = tag.drop { $0 == " " }
                return tag == etag || tag == "W/" + etag
            }
    }
}
