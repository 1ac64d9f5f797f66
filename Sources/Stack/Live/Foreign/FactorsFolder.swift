import Foundation
import Serving
import Training

/// A version's folder with factors that another program learned, and the `mlstack.json` that says which file is what.
struct FactorsFolder {
    static let manifest = "mlstack.json"
    private static let longestManifest = 1 << 16
    private static let longestIDs = 1 << 29

    let folder: String

    init(_ folder: String) { self.folder = folder }

    /// Opens everything and believes nothing. Blocks.
    /// - Throws: `FactorsError`.
    func model() throws(FactorsError) -> FactorsModel {
        let manifest = try FactorsManifest(try bytes(of: Self.manifest, upTo: Self.longestManifest))
        guard let source = manifest.arrays["item_factors"] else { throw .missingFile("item_factors") }
        var content = FactorsContent(
            items: try ids(manifest.items), itemFactors: try array(source), foldIn: manifest.foldIn)
        if let users = manifest.users { content.users = try ids(users) }
        content.userFactors = try optional("user_factors", manifest)
        content.itemBias = try optional("item_bias", manifest)
        content.userBias = try optional("user_bias", manifest)
        content.popularity = try optional("popularity", manifest)
        return try FactorsModel(content)
    }

    private func optional(_ name: String, _ manifest: FactorsManifest) throws(FactorsError) -> Tensor? {
        guard let source = manifest.arrays[name] else { return nil }
        return try array(source)
    }

    private func array(_ source: FactorsManifest.Source) throws(FactorsError) -> Tensor {
        switch source.file.split(separator: ".").last.map({ $0.lowercased() }) {
        case "npy":
            return try NumPyFile.decode(
                try bytes(of: source.file, upTo: ModelArtifact.tensorBytes), file: source.file)
        case "npz": return try member(source)
        case "safetensors":
            let tensors: [String: Tensor]
            let bytes = try bytes(of: source.file, upTo: ModelArtifact.tensorBytes)
            do throws(ArtifactError) {
                tensors = try SafeTensors.decode(bytes, file: source.file)
            } catch {
                throw .damaged(file: source.file, problem: error.errorDescription ?? "\(error)")
            }
            guard let tensor = tensors[source.array] else { throw Self.noArray(source, Array(tensors.keys)) }
            return tensor
        default:
            throw .badManifest(
                problem: "`\(source.file)` is neither .npy, .npz nor .safetensors.",
                remedy: "save the array with numpy.save, numpy.savez or safetensors.numpy.save_file.")
        }
    }

    /// One array of a `.npz` file, which is a zip archive of `.npy` files.
    private func member(_ source: FactorsManifest.Source) throws(FactorsError) -> Tensor {
        _ = try size(of: source.file, upTo: ModelArtifact.tensorBytes)
        let name = source.array + ".npy"
        do {
            let archive = try ZipArchive(path: "\(folder)/\(source.file)")
            guard let entry = archive.entries.first(where: { $0.path == name }) else {
                throw Self.noArray(source, archive.entries.map { String($0.path.dropLast(4)) })
            }
            // Before a byte of it is unpacked.
            guard entry.bytes <= ModelArtifact.tensorBytes else {
                throw FactorsError.tooLarge(
                    file: "\(source.file)#\(source.array)", bytes: entry.bytes, limit: ModelArtifact.tensorBytes)
            }
            return try NumPyFile.decode(try archive.content(of: entry), file: "\(source.file)#\(source.array)")
        } catch let error as FactorsError {
            throw error
        } catch {
            throw .damaged(file: source.file, problem: Self.withoutPath(ErrorText(error).what, folder))
        }
    }

    private static func noArray(_ source: FactorsManifest.Source, _ present: [String]) -> FactorsError {
        .badManifest(
            problem: "`\(source.file)` has no array `\(source.array)`.",
            remedy: "name one of those that it has behind #: \(present.sorted().joined(separator: ", ")).")
    }

    /// The folder of the server's own is nobody's business.
    private static func withoutPath(_ text: String, _ folder: String) -> String {
        text.replacingOccurrences(of: folder + "/", with: "")
    }

    // MARK: Ids

    /// A JSON list of texts or whole numbers; in any other file one id a line.
    private func ids(_ file: String) throws(FactorsError) -> FactorsContent.IDs {
        let bytes = try bytes(of: file, upTo: Self.longestIDs)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .damaged(file: file, problem: "it is not in UTF-8")
        }
        if file.lowercased().hasSuffix(".json") { return .init(file: file, ids: try Self.listed(text, file)) }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        var ids: [String] = []
        ids.reserveCapacity(lines.count)
        for line in lines {
            var id = line.trimmingCharacters(in: .whitespaces)
            if id.count > 1, id.hasPrefix("\""), id.hasSuffix("\"") { id = String(id.dropFirst().dropLast()) }
            guard !id.isEmpty else { throw .damaged(file: file, problem: "line \(ids.count + 1) is empty") }
            ids.append(id)
        }
        return .init(file: file, ids: ids)
    }

    private static func listed(_ text: String, _ file: String) throws(FactorsError) -> [String] {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONParser.parse(text)
        } catch {
            throw .damaged(file: file, problem: "\(error.message) (byte \(error.offset))")
        }
        guard let list = value.array else { throw .damaged(file: file, problem: "it is no list of ids") }
        var ids: [String] = []
        ids.reserveCapacity(list.count)
        for entry in list {
            guard let id = entry.string ?? entry.integer.map({ "\($0)" }), !id.isEmpty else {
                throw .damaged(file: file, problem: "its entry \(ids.count + 1) is \(entry.kind), not an id")
            }
            ids.append(id)
        }
        return ids
    }

    // MARK: Files

    private func size(of file: String, upTo limit: Int) throws(FactorsError) -> Int {
        let path = "\(folder)/\(file)"
        guard FileManager.default.fileExists(atPath: path) else { throw .missingFile(file) }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular,
            let size = (attributes[.size] as? NSNumber)?.intValue
        else { throw .unreadable(file: file, problem: "it is no ordinary file") }
        if size > limit { throw .tooLarge(file: file, bytes: size, limit: limit) }
        return size
    }

    private func bytes(of file: String, upTo limit: Int) throws(FactorsError) -> [UInt8] {
        _ = try size(of: file, upTo: limit)
        do {
            return Array(try Data(contentsOf: URL(filePath: "\(folder)/\(file)")))
        } catch {
            throw .unreadable(file: file, problem: error.localizedDescription)
        }
    }
}
