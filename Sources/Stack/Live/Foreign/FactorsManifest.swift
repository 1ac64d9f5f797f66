import Foundation
import Serving
import Training

/// What `mlstack.json` says: which of the files beside it is what.
///
/// - `mlstack_format`: `factors`.
/// - `item_factors` and `items` (required), `user_factors` and `users`, `item_bias`, `user_bias`, `popularity`: each the
///   name of a file in the folder. Of a `.npz` or `.safetensors` file the array of that role's name is taken, or the one
///   behind `#`, as in `model.npz#Q`.
/// - `fold_in`: `regularization`, `unobserved_weight`, `positive_from` of `FactorsFoldIn`.
struct FactorsManifest: Equatable {
    /// An array in a file.
    struct Source: Equatable {
        var file: String
        /// In a file that holds several.
        var array: String
    }

    var arrays: [String: Source]
    var items: String
    var users: String?
    var foldIn: FactorsFoldIn

    static let arrayNames = ["item_factors", "item_bias", "user_factors", "user_bias", "popularity"]
    private static let formatRemedy =
        "see \"Your own model\" in the README; the least is "
        + "{\"mlstack_format\": \"factors\", \"item_factors\": \"item_factors.npy\", \"items\": \"items.json\"}"

    /// - Throws: `FactorsError.badManifest`, `unknownFormat`.
    init(_ bytes: [UInt8]) throws(FactorsError) {
        do {
            var fields = try JSONFields(try JSONParser.parse(String(decoding: bytes, as: UTF8.self)), of: "it")
            let format = try fields.requiredString("mlstack_format")
            guard format == FactorsModel.name else { throw FactorsError.unknownFormat(format) }
            arrays = [:]
            for name in Self.arrayNames {
                guard let text = try fields.string(name) else { continue }
                let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                arrays[name] = Source(file: try Self.checked(parts[0]), array: parts.count > 1 ? parts[1] : name)
            }
            guard arrays["item_factors"] != nil else { throw fields.missing("item_factors") }
            items = try Self.checked(try fields.requiredString("items"))
            users = try fields.string("users").map { try Self.checked($0) }
            foldIn = try Self.foldIn(try fields.object("fold_in"))
            try fields.finish()
        } catch let error as FactorsError {
            throw error
        } catch let error as ServingFailure {
            throw .badManifest(problem: error.message, remedy: Self.formatRemedy)
        } catch let error as JSONSyntaxError {
            throw .badManifest(problem: "\(error.message) (byte \(error.offset)).", remedy: Self.formatRemedy)
        } catch {
            throw .badManifest(problem: "\(error)", remedy: Self.formatRemedy)
        }
        let hasUsers = arrays["user_factors"] != nil
        guard hasUsers == (users != nil), hasUsers || arrays["user_bias"] == nil else {
            throw .badManifest(
                problem: "`user_factors` and `users` go together, and `user_bias` goes with them.",
                remedy: "name both, or neither: without them everybody is described by their history.")
        }
    }

    private static func foldIn(_ members: JSONMembers?) throws -> FactorsFoldIn {
        var foldIn = FactorsFoldIn()
        guard let members else { return foldIn }
        var fields = try JSONFields(.object(members), of: "`fold_in`")
        foldIn.regularization = try fields.double("regularization", in: 1e-6...1e9) ?? foldIn.regularization
        foldIn.unobservedWeight = try fields.double("unobserved_weight", in: 0...1e6) ?? foldIn.unobservedWeight
        foldIn.positiveFrom = try fields.double("positive_from", in: 0...5) ?? foldIn.positiveFrom
        try fields.finish()
        return foldIn
    }

    /// A path that leads nowhere but down.
    private static func checked(_ path: String) throws(FactorsError) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !path.contains("\0") else {
            throw .badManifest(
                problem: "\"\(path.prefix(80))\" is no name of a file in the model's folder.",
                remedy: "name files by their path below `mlstack.json`, such as item_factors.npy.")
        }
        return path
    }
}
