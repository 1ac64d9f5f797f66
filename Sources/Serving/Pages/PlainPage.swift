import NIOCore

/// Which answers of the API make up the page at an address.
struct PlainPage {
    /// One answer under a heading.
    struct Section {
        var title: String
        /// Of the API, query included.
        var path: String
        /// Sent as JSON, when the route wants one.
        var body: String?
        /// What the answer as a whole is one of, e.g. `pipelines`; decides where its names lead.
        var member = ""
    }

    var title: String
    var sections: [Section]
    /// Of the menu's entry that it belongs to.
    var menuPath: String
    /// The page with scripts that tells the same.
    var liveAddress: String

    static let menu = [
        ("Today", ""), ("Pipelines", "/pipelines"), ("Experiments", "/experiments"), ("Models", "/models"),
        ("Recommend", "/recommend"), ("Data", "/data"), ("System", "/system"),
    ]

    /// - Parameter parts: the components of the address, decoded. Views deeper than are known here are the page they belong to.
    init?(at parts: [String]) {
        let menuPath = parts.isEmpty ? "" : "/\(parts[0])"
        guard let entry = PlainPage.menu.first(where: { $0.1 == menuPath }) else { return nil }
        let name = parts.count > 1 ? parts[1] : nil
        let (folder, id) = parts.count > 3 ? (parts[2], parts[3]) : ("", "")
        self.menuPath = menuPath
        title = entry.0
        liveAddress = "/" + parts.map(PlainPage.component).joined(separator: "/")
        switch (menuPath, name) {
        case ("", _): sections = PlainPage.today
        case ("/pipelines", let name?) where folder == "runs":
            title = id
            sections = [Section(title: "Run", path: PlainPage.api("pipelines", name, "runs", id), member: "runs")]
        case ("/pipelines", let name?):
            title = name
            sections = [
                Section(title: "Runs", path: PlainPage.api("pipelines", name, "runs") + "?limit=100"),
                Section(title: "Pipeline", path: PlainPage.api("pipelines", name), member: "pipelines"),
            ]
        case ("/pipelines", nil): sections = [Section(title: "Pipelines", path: "/api/v1/pipelines")]
        case ("/experiments", _?) where folder == "runs":
            title = id
            sections = [Section(title: "Run", path: "/api/2.0/mlflow/runs/get?run_id=\(PlainPage.component(id))")]
        case ("/experiments", let name?):
            var body = JSONWriter()
            body.object { json in
                json.member("experiment_ids", [name])
                json.member("max_results", 100)
            }
            sections = [
                Section(
                    title: "Experiment",
                    path: "/api/2.0/mlflow/experiments/get?experiment_id=\(PlainPage.component(name))"),
                Section(title: "Runs", path: "/api/2.0/mlflow/runs/search", body: String(buffer: body.buffer)),
            ]
        case ("/experiments", nil):
            sections = [
                Section(title: "Experiments", path: "/api/2.0/mlflow/experiments/search?max_results=1000")
            ]
        case ("/models", let name?):
            title = name
            sections = [Section(title: "Model", path: PlainPage.api("models", name), member: "models")]
        case ("/models", nil): sections = [Section(title: "Models", path: "/api/v1/models")]
        case ("/recommend", let kind?): sections = PlainPage.recommend(kind, parts.dropFirst(2).first)
        case ("/recommend", nil): sections = [PlainPage.people]
        case ("/data", _):
            sections = [
                Section(title: "Datasets", path: "/api/v1/datasets"),
                Section(title: "How the data move", path: "/api/v1/drift?days=30"),
            ]
        default: sections = [Section(title: "Status", path: "/api/v1/status")]
        }
        if sections.isEmpty { return nil }
    }

    private static let today = [
        Section(title: "The clock", path: "/api/v1/replay"),
        Section(title: "Answering now", path: "/api/v1/serving"),
        Section(title: "Pipelines", path: "/api/v1/pipelines"),
        Section(title: "Quality, day by day", path: "/api/v1/quality?days=30"),
    ]

    private static let people = Section(title: "People, most recently active first", path: "/api/v1/users?limit=100")
    /// What is recommended to somebody of whom nothing is known; films without a search have no list of their own.
    private static let films = Section(
        title: "Films that most people like", path: "/api/v1/recommendations", body: #"{"history":[],"k":100}"#)

    private static func recommend(_ kind: String, _ id: String?) -> [Section] {
        guard let id else {
            // What one does there needs scripts; what there is to choose from does not.
            switch kind {
            case "users": return [people]
            case "you", "items": return [films]
            default: return []
            }
        }
        switch kind {
        case "users":
            return [
                Section(
                    title: "Recommended to \(id)", path: api("recommendations", id) + "?k=20&explain=true"),
                Section(title: "Rated lately", path: api("users", id) + "?limit=50"),
            ]
        case "items":
            return [
                Section(title: "Film", path: api("items", id)),
                Section(title: "Similar films", path: api("items", id, "similar") + "?k=20"),
            ]
        default: return []
        }
    }

    private static func api(_ parts: String...) -> String {
        "/api/v1/" + parts.map(component).joined(separator: "/")
    }

    /// One component of a path, or a value of a query, escaped.
    static func component(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return escaped
    }
}
