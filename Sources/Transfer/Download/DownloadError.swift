import Foundation

/// Why a file did not come whole, besides what `TransferError` says. What did come is kept for the next attempt.
package enum DownloadError: Error, Equatable, Sendable {
    /// The server's answer was a refusal.
    case refused(url: String, status: Int)
    /// A status of success that is no file, or a piece that nobody asked for.
    case unexpected(url: String, reason: String)
    /// Another process is fetching into the same file.
    case busy(path: String)
    case diskFull(path: String)
    case unwritable(path: String, reason: String)
}

extension DownloadError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .refused(let url, 404), .refused(let url, 410): "there is no file at \(url)."
        case .refused(let url, let status): "\(url) was refused with status \(status)."
        case .unexpected(let url, let reason): "the answer of \(url) is not the file: \(reason)."
        case .busy(let path): "another download into \(path) is under way."
        case .diskFull(let path): "the disk is full; \(path) holds what came so far."
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .refused(_, 404), .refused(_, 410): "check the address."
        case .refused(_, 401), .refused(_, 403): "check whether the server lets everybody in."
        case .refused(_, 407): "give the proxy's user name and password: https_proxy=http://user:password@host:port."
        case .refused(_, let status) where status >= 500 || status == 429: "try again later; it goes on where it was."
        case .refused, .unexpected: "check the address, and whether a proxy or a login page answers in its place."
        case .busy: "wait for it, or end it."
        case .diskFull: "make room and run it again; it goes on where it was."
        case .unwritable: "mend the permissions of its folder, or choose another one."
        }
    }

    /// What the system says of a call that failed just now.
    init(writing path: String, code: Int32 = errno) {
        switch code {
        case ENOSPC, EDQUOT, EFBIG: self = .diskFull(path: path)
        default: self = .unwritable(path: path, reason: String(cString: strerror(code)))
        }
    }
}
