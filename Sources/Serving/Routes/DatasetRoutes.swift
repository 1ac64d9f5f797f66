import Hummingbird

/// The datasets that this home knows.
struct DatasetRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        let ports = surroundings.ports
        table.get("/api/v1/datasets", RouteDocumentation("Datasets", tag: "datasets", answers: "Datasets")) { call in
            try QueryFields(call).finish()
            let datasets = try await ports.datasets.datasets()
            return .json { json in
                json.member("datasets", objects: datasets) { $0.dataset($1) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func dataset(_ facts: DatasetFacts) {
        member("name", facts.name)
        member("active", facts.isActive)
        member("ratings", facts.ratings)
        member("users", facts.users)
        member("items", facts.items)
        member("first_day", facts.firstDay.date)
        member("last_day", facts.lastDay.date)
        member("content_hash", facts.contentHash)
        member("source", facts.source)
    }
}
