import Foundation

/// What an object store refused, or why it could not be asked.
package enum BucketError: Error, Equatable, Sendable {
    case badPlace(text: String, reason: String)
    /// - Parameter missing: names of environment variables.
    case noCredentials(missing: [String])
    case unknownKey(keyID: String, server: String)
    case wrongSecret(keyID: String)
    case expiredToken
    /// - Parameter action: `read`, `write`, …
    case forbidden(action: String, place: String)
    case noBucket(name: String, server: String)
    /// - Parameter right: as the store says; nil when it does not.
    case wrongRegion(bucket: String, asked: String, right: String?)
    /// - Parameter secondsBehind: of this machine's clock behind the store's; nil when the store's is not known.
    case skewedClock(secondsBehind: Int?)
    case notFound(key: String)
    /// Another object has taken its place since its first piece was read.
    case changed(key: String)
    /// An upload in parts that has been finished or given up already.
    case noUpload(key: String)
    /// Still so after several attempts.
    case unavailable(server: String, status: Int, code: String)
    case unreachable(server: String, TransferError)
    case refused(status: Int, code: String, message: String)
    /// An answer that no object store gives.
    case unexpected(server: String, what: String)
    case oldLibrary(version: String)
}

extension BucketError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .badPlace(let text, let reason): "\"\(text)\" is no place for artefacts: \(reason)."
        case .noCredentials(let missing):
            "artefacts are to be kept in a bucket, and \(missing.joined(separator: " and ")) "
                + "\(missing.count == 1 ? "is" : "are") not in the environment."
        case .unknownKey(let keyID, let server): "\(server) does not know the access key \(keyID)."
        case .wrongSecret(let keyID): "the secret does not belong to the access key \(keyID): the signature is wrong."
        case .expiredToken: "the session token of the access key has expired, or is not its own."
        case .forbidden(let action, let place): "the access key may not \(action) \(place)."
        case .noBucket(let name, let server): "there is no bucket \(name) at \(server)."
        case .wrongRegion(let bucket, let asked, let right):
            "the bucket \(bucket) is not in the region \(asked)\(right.map { ", but in \($0)" } ?? "")."
        case .skewedClock(let seconds?):
            "this machine's clock is \(abs(seconds)) s \(seconds < 0 ? "ahead of" : "behind") the object store's."
        case .skewedClock(nil): "this machine's clock and the object store's are too far apart."
        case .notFound(let key): "there is no object \(key)."
        case .changed(let key): "the object \(key) was replaced while it was read."
        case .noUpload(let key): "the upload of \(key) has been ended by somebody else."
        case .unavailable(let server, let status, let code):
            "\(server) goes on answering with status \(status)\(code.isEmpty ? "" : " (\(code))")."
        case .unreachable(_, let error): error.errorDescription
        case .refused(let status, let code, let message):
            "the object store refused with status \(status)\(code.isEmpty ? "" : " (\(code))")"
                + (message.isEmpty ? "." : ": \(message)\(message.hasSuffix(".") ? "" : ".")")
        case .unexpected(let server, let what): "\(server) does not answer as an object store does: \(what)."
        case .oldLibrary(let version): "libcurl \(version) cannot sign requests as object stores want them."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .badPlace: "write `artifacts: s3://bucket/prefix` in mlstack.yaml."
        case .noCredentials: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where mlstack is started."
        case .unknownKey: "check AWS_ACCESS_KEY_ID, and whether `endpoint` in mlstack.yaml names the right store."
        case .wrongSecret: "check AWS_SECRET_ACCESS_KEY; a space or line end copied along makes it another one."
        case .expiredToken: "ask for new keys, and set AWS_SESSION_TOKEN together with them."
        case .forbidden: "give the key the rights to list the bucket, and to read, write and delete objects in it."
        case .noBucket: "make the bucket, or correct `artifacts` in mlstack.yaml."
        case .wrongRegion(_, _, let right):
            "write `region: \(right ?? "…")` under `artifacts` in mlstack.yaml, or set AWS_REGION."
        case .skewedClock: "set this machine's clock, best by a time service (`timedatectl set-ntp true`)."
        case .notFound: "look at what is in the bucket."
        case .changed, .noUpload: "try again."
        case .unavailable: "try again later; look at the store's state if it stays so."
        case .unreachable(_, let error):
            (error.recoverySuggestion ?? "try again.") + " The address is `endpoint` under `artifacts` in mlstack.yaml."
        case .refused: "look at what the object store's own documentation says of that code."
        case .unexpected: "check `endpoint` in mlstack.yaml: an S3-compatible store's API, not its web page."
        case .oldLibrary: "install libcurl 7.88 or later, or keep artefacts in the home."
        }
    }
}

extension BucketError {
    /// What a refusal means.
    /// - Parameters:
    ///   - action: what was to be done, for messages.
    ///   - key: the object; empty: the bucket itself.
    init(_ reply: HTTPReply, at place: BucketPlace, by keyID: String, action: String, key: String) {
        let answer = BucketXML(reply.body)
        let code = answer?["Code"] ?? ""
        switch (code, reply.status) {
        case ("InvalidAccessKeyId", _): self = .unknownKey(keyID: keyID, server: place.server)
        case ("SignatureDoesNotMatch", _): self = .wrongSecret(keyID: keyID)
        case ("ExpiredToken", _), ("InvalidToken", _), ("TokenRefreshRequired", _): self = .expiredToken
        case ("RequestTimeTooSkewed", _): self = .skewedClock(secondsBehind: Self.secondsBehind(reply))
        case ("NoSuchBucket", _): self = .noBucket(name: place.bucket, server: place.server)
        case ("NoSuchUpload", _): self = .noUpload(key: key)
        case ("PermanentRedirect", _), ("TemporaryRedirect", _), ("AuthorizationHeaderMalformed", _),
            ("IncorrectEndpoint", _), (_, 301), (_, 307):
            let right = answer?["Region"] ?? reply.header("x-amz-bucket-region")
            self = .wrongRegion(bucket: place.bucket, asked: place.region, right: right)
        case (_, 412): self = .changed(key: key)
        case ("NoSuchKey", _), ("", 404): self = .notFound(key: key)
        case ("AccessDenied", _), ("AllAccessDisabled", _), ("", 401), ("", 403):
            self = .forbidden(action: action, place: "s3://\(place.bucket)\(key.isEmpty ? "" : "/" + key)")
        // 500 and 501 among them may be for good; after some attempts it makes no difference.
        case (_, 500...), (_, 429), (_, 408), ("RequestTimeout", _), ("SlowDown", _), ("OperationAborted", _):
            self = .unavailable(server: place.server, status: reply.status, code: code)
        case ("", _) where !reply.body.isEmpty && answer == nil:
            self = .unexpected(server: place.server, what: "status \(reply.status) without an error code")
        default:
            // The message is the store's; a line is enough of it.
            let message = (answer?["Message"] ?? "").prefix { !$0.isNewline }.prefix(300)
            self = .refused(status: reply.status, code: String(code.prefix(100)), message: String(message))
        }
    }

    /// Whether the same request may be answered a moment later.
    package var isPassing: Bool {
        switch self {
        case .unavailable(_, let status, _): status != 501
        case .unreachable(_, let error):
            switch error {
            case .cutOff, .stalled, .timedOut, .connectionRefused, .cannotConnect, .cannotResolve, .failed: true
            default: false
            }
        default: false
        }
    }

    private static func secondsBehind(_ reply: HTTPReply) -> Int? {
        guard let text = reply.header("Date") else { return nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { Int($0.timeIntervalSinceNow.rounded()) }
    }
}
