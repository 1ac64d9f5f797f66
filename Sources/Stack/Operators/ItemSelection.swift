import Foundation
import Scheduling
import Training

/// Which items `matrix/build` lets in: by genre, and by lists of ids in the settings or in files.
struct ItemSelection: Codable, Equatable, Sendable {
    var onlyGenres: [String] = []
    var withoutGenres: [String] = []
    /// nil: all.
    var allowItems: [String]?
    var allowItemsFile: String?
    var denyItems: [String] = []
    var denyItemsFile: String?

    private enum CodingKeys: String, CodingKey {
        case onlyGenres = "only_genres"
        case withoutGenres = "without_genres"
        case allowItems = "allow_items"
        case allowItemsFile = "allow_items_file"
        case denyItems = "deny_items"
        case denyItemsFile = "deny_items_file"
    }

    static let settings = [
        SettingSpec("only_genres", .list, isOptional: true, help: "only items that have at least one of these genres"),
        SettingSpec("without_genres", .list, isOptional: true, help: "no item that has one of these genres"),
        SettingSpec("allow_items", .list, isOptional: true, help: "only these items, and those of `allow_items_file`"),
        SettingSpec(
            "allow_items_file", .string, isOptional: true,
            help: "a file with one id a line, its path absolute or below the home"),
        SettingSpec("deny_items", .list, isOptional: true, help: "never these items, nor those of `deny_items_file`"),
        SettingSpec(
            "deny_items_file", .string, isOptional: true,
            help: "a file with one id a line, its path absolute or below the home"),
    ]

    /// nil when nothing is asked for.
    init?(_ settings: Settings) {
        func list(_ key: String) -> [String]? {
            if case .list(let values) = settings.values[key] { values } else { nil }
        }
        onlyGenres = list("only_genres") ?? []
        withoutGenres = list("without_genres") ?? []
        allowItems = list("allow_items")
        allowItemsFile = settings.optionalString("allow_items_file")
        denyItems = list("deny_items") ?? []
        denyItemsFile = settings.optionalString("deny_items_file")
        if onlyGenres.isEmpty, withoutGenres.isEmpty, allowItems == nil, allowItemsFile == nil, denyItems.isEmpty,
            denyItemsFile == nil
        {
            return nil
        }
    }

    /// What is asked for and refused at once.
    static func contradictions(in settings: Settings) -> [SettingProblem] {
        func both(_ asking: String, _ refusing: String, folded: Bool) -> [SettingProblem] {
            let asked = Set(settings.elements(asking).compactMap { folded ? $0?.lowercased() : $0 })
            return settings.elements(refusing).enumerated().compactMap { index, name in
                guard let name, asked.contains(folded ? name.lowercased() : name) else { return nil }
                return SettingProblem(
                    refusing, at: .element(index), "\(name) stands in `\(asking)` too",
                    remedy: "take it out of one of the two.")
            }
        }
        return both("only_genres", "without_genres", folded: true) + both("allow_items", "deny_items", folded: false)
    }

    /// Under the names of the settings. Blocks.
    /// - Throws: `StackError`.
    func filters(_ catalogue: ItemCatalogue, home: Home) throws -> [ItemFilter] {
        var filters: [ItemFilter] = []
        let denied = Set(denyItems).union(try denyItemsFile.map { try Self.ids($0, home) } ?? [])
        if !denied.isEmpty { filters.append(ItemFilter("deny_items") { !denied.contains($0) }) }
        if allowItems != nil || allowItemsFile != nil {
            let allowed = Set(allowItems ?? []).union(try allowItemsFile.map { try Self.ids($0, home) } ?? [])
            filters.append(ItemFilter("allow_items") { allowed.contains($0) })
        }
        if !withoutGenres.isEmpty {
            let genres = try Self.known(withoutGenres, "without_genres", catalogue)
            filters.append(ItemFilter("without_genres") { id in !Self.has(catalogue[id], genres) })
        }
        if !onlyGenres.isEmpty {
            let genres = try Self.known(onlyGenres, "only_genres", catalogue)
            filters.append(ItemFilter("only_genres") { id in Self.has(catalogue[id], genres) })
        }
        return filters
    }

    /// Of what is not in the catalogue no genre is known.
    private static func has(_ item: Item?, _ genres: Set<String>) -> Bool {
        item?.genres.contains { genres.contains($0.lowercased()) } ?? false
    }

    /// Lowercased. A genre that no item has is a slip of the pen, which would leave out everything or nothing in silence.
    private static func known(_ genres: [String], _ setting: String, _ catalogue: ItemCatalogue) throws -> Set<String> {
        let all = catalogue.genres
        let folded = Set(all.map { $0.lowercased() })
        let list = "there are: \(all.joined(separator: ", "))."
        if let unknown = genres.first(where: { !folded.contains($0.lowercased()) }) {
            throw StackError.usage(
                "`\(setting)` names the genre \(unknown), which no item has.",
                remedy: all.isEmpty
                    ? "the dataset has no genres; name items by id instead."
                    : (Spelling.nearest(to: unknown, among: all).map { "did you mean \($0)? " } ?? "") + list)
        }
        return Set(genres.map { $0.lowercased() })
    }

    private static func ids(_ file: String, _ home: Home) throws -> [String] {
        // What lies outside is no part of a backup, and `..` means another place in each home.
        guard file.hasPrefix("/") || !file.split(separator: "/").contains("..") else {
            throw StackError.usage(
                "the file of ids \(file) leads out of the home.",
                remedy: "put it below \(home.path) and name it from there, or give its absolute path.")
        }
        let path = file.hasPrefix("/") ? file : "\(home.path)/\(file)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw StackError.usage(
                "there is no file of ids \(path).", remedy: "put it there, one id a line, or correct the name.")
        }
        let content: Data
        do {
            content = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw StackError.unreadable(path: path, reason: "it is a folder, or closed to this user")
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw StackError.usage("\(path) is no text in UTF-8.", remedy: "write one id a line, as text.")
        }
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
    }
}
