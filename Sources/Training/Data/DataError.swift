package import Foundation

/// Why ratings or films cannot be read, built or opened.
package enum DataError: Error, Sendable, Equatable {
    case missing(path: String)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case noRatings(folder: String)
    case severalForms(folder: String, files: [String])
    case empty(path: String)
    case badLine(path: String, line: Int, problem: String)
    case tooMany(path: String, what: String)
    case damaged(path: String, reason: String)
    case nothingLeft(reason: String)
}

extension DataError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .missing(let path): "there is no file or folder \(path)."
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)."
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)."
        case .noRatings(let folder): "the folder \(folder) holds no ratings."
        case .severalForms(let folder, let files):
            "the folder \(folder) holds ratings in several forms: \(files.joined(separator: ", "))."
        case .empty(let path): "\(path) holds no rating."
        case .badLine(let path, let line, let problem): "\(path):\(line): \(problem)."
        case .tooMany(let path, let what): "\(path) has more \(what) than fit."
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)."
        case .nothingLeft(let reason): "no interaction is left: \(reason)."
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .missing: "check the path; `mlstack data list` names the datasets there are."
        case .unreadable: "check its permissions."
        case .unwritable: "make room, or mend the folder's permissions."
        case .noRatings: "it should hold ratings.csv, ratings.dat or u.data, as MovieLens has them."
        case .severalForms: "give the path of the file that is meant."
        case .empty: "give a file with lines such as `1,31,2.5,1260759144`."
        case .badLine: "mend the line, or put bad lines aside with --skip-bad-lines."
        case .tooMany: "split the file."
        case .damaged: "remove it; it is made again from the source."
        case .nothingLeft: "lower the limits, or wait for more ratings."
        }
    }
}
