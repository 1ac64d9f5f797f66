import Foundation

/// Why somebody else's factors are not taken for a model.
package enum FactorsError: Error, Sendable, Equatable {
    /// What `mlstack.json` says makes no sense.
    case badManifest(problem: String, remedy: String)
    case unknownFormat(String)
    case missingFile(String)
    case unreadable(file: String, problem: String)
    case tooLarge(file: String, bytes: Int, limit: Int)
    /// Truncated, or not of the kind that its name says.
    case damaged(file: String, problem: String)
    /// An array that would have to be unpickled.
    case pickled(file: String)
    case wrongType(file: String, found: String)
    case wrongShape(array: String, found: [Int], expected: String)
    /// NaN, infinite, or too large to be multiplied.
    case badNumber(array: String, row: Int)
    case rowsDiffer(array: String, rows: Int, file: String, ids: Int)
    case repeatedID(file: String, id: String)
}

extension FactorsError: LocalizedError {
    package var errorDescription: String? {
        switch self {
        case .badManifest(let problem, _): "`mlstack.json` cannot be understood: \(problem)"
        case .unknownFormat(let name): "`mlstack.json` names the format `\(name)`; this program knows `factors`"
        case .missingFile(let file): "the model's file `\(file)` is missing"
        case .unreadable(let file, let problem): "`\(file)` cannot be read: \(problem)"
        case .tooLarge(let file, let bytes, let limit): "`\(file)` has \(bytes) bytes; more than \(limit) are not read"
        case .damaged(let file, let problem): "`\(file)` is damaged: \(problem)"
        case .pickled(let file): "`\(file)` holds Python objects (dtype object), which are never unpickled here"
        case .wrongType(let file, let found):
            "`\(file)` holds numbers of the type \(found); float32 and float64, little-endian, are read"
        case .wrongShape(let array, let found, let expected):
            "`\(array)` has the shape (\(found.map { "\($0)" }.joined(separator: ", "))), not \(expected)"
        case .badNumber(let array, let row):
            "row \(row) of `\(array)` holds a value that is not finite or is beyond 1e15"
        case .rowsDiffer(let array, let rows, let file, let ids):
            "`\(array)` has \(rows) rows, and `\(file)` has \(ids) ids"
        case .repeatedID(let file, let id): "`\(file)` names the id \(id.prefix(80)) twice"
        }
    }

    package var recoverySuggestion: String? {
        switch self {
        case .badManifest(_, let remedy): remedy
        case .unknownFormat: "write \"mlstack_format\": \"factors\""
        case .missingFile: "log it beside `mlstack.json`, or correct its name there; then register a new version"
        case .unreadable: "check that the server may read its own artifacts folder"
        case .tooLarge: "use fewer factors, or leave out users and items that nobody asks for"
        case .damaged: "save it again, log the whole folder again, and register a new version"
        case .pickled: "save plain numbers: numpy.save(path, array.astype(\"<f4\"), allow_pickle=False)"
        case .wrongType: "save it as numpy.save(path, array.astype(\"<f4\"))"
        case .wrongShape: "save one row for each id: factors as rows x factors, biases as rows"
        case .badNumber: "train with a larger regularization or a smaller learning rate, and check with numpy.isfinite"
        case .rowsDiffer:
            "write one id for each row, in the order of rows; in .txt and .csv one a line, without a header"
        case .repeatedID: "give each row an id of its own"
        }
    }
}
