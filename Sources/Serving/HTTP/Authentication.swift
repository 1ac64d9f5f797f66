import HTTPTypes
import Hummingbird

/// Whether a request shows the token, when one is configured.
///
/// Three ways: `Authorization: Bearer TOKEN`; `Authorization: Basic`, the token as the password (what the MLflow client sends);
/// and for the page a cookie, given to whoever opened it once with `?token=TOKEN`. The cookie holds a word of this process's own, not
/// the token, so a copied cookie is worth nothing after a restart.
struct Authentication: Sendable {
    /// The query parameter that carries the token into the page.
    static let queryName = "token"
    private static let cookieName = "mlstack_session"

    private let token: [UInt8]?
    private let session: String

    /// - Parameter token: nil or empty: everybody may.
    init(token: String?) {
        self.token = token.flatMap { $0.isEmpty ? nil : Array($0.utf8) }
        var random = SystemRandomNumberGenerator()
        session = (0..<4).map { _ in String(UInt64.random(in: .min ... .max, using: &random), radix: 16) }.joined()
    }

    var isRequired: Bool { token != nil }

    func admits(_ request: Request) -> Bool {
        guard let token else { return true }
        if let credentials = request.headers[.authorization] {
            let parts = credentials.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return false }
            switch parts[0].lowercased() {
            case "bearer": return Authentication.equal(Array(parts[1].utf8), token)
            case "basic": return Authentication.password(parts[1]).map { Authentication.equal($0, token) } ?? false
            default: return false
            }
        }
        return request.headers[values: .cookie].contains { cookie in
            cookie.split(separator: ";").contains { pair in
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == Authentication.cookieName else {
                    return false
                }
                return Authentication.equal(Array(parts[1].utf8), Array(session.utf8))
            }
        }
    }

    /// The answer to a page's address that carries the right token: a cookie, and the same address without the token.
    func login(_ path: Substring, query: Substring) -> Response? {
        guard let token, !query.isEmpty else { return nil }
        var kept: [Substring] = []
        var isRight = false
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts[0] == Authentication.queryName else {
                kept.append(pair)
                continue
            }
            let given = parts.count > 1 ? PercentEncoding.decode(parts[1], plusIsSpace: true) : nil
            if let given, Authentication.equal(Array(given.utf8), token) { isRight = true }
        }
        // A path that begins with two slashes would be read as another host.
        guard isRight, !path.hasPrefix("//") else { return nil }
        let address = path + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
        return Response(
            status: .seeOther,
            headers: [
                .location: String(address), .cacheControl: "no-store",
                .setCookie: "\(Authentication.cookieName)=\(session); Path=/; HttpOnly; SameSite=Strict",
            ])
    }

    static var refusal: ServingFailure {
        ServingFailure(
            status: 401, code: "token_required", message: "this server asks for its token.",
            remedy: "send Authorization: Bearer TOKEN, or open the page once with ?token=TOKEN.")
    }

    /// Takes as long for a wrong word as for the right one of that length.
    static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The name in `Authorization: Basic`, whatever its password is worth.
    static func user(of request: Request) -> String? {
        let parts = request.headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        guard parts.count == 2, parts[0].lowercased() == "basic", let bytes = Base64.decode(parts[1].utf8) else {
            return nil
        }
        return bytes.firstIndex(of: UInt8(ascii: ":")).map { String(decoding: bytes[..<$0], as: UTF8.self) }
    }

    /// The part after the first colon of the decoded credentials.
    private static func password(_ base64: Substring) -> [UInt8]? {
        guard let bytes = Base64.decode(base64.utf8), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            return nil
        }
        return Array(bytes[(colon + 1)...])
    }
}

/// RFC 4648, section 4.
enum Base64 {
    /// - Returns: nil for what is no base64.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        var isPadding = false
        for character in text {
            let value: UInt8
            switch character {
            case 65...90: value = character - 65
            case 97...122: value = character - 71
            case 48...57: value = character + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                isPadding = true
                continue
            default: return nil
            }
            if isPadding { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
