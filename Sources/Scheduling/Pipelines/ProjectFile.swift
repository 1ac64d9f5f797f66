/// What `mlstack.yaml` says: what holds for all pipelines of a project.
package struct ProjectFile: Sendable, Equatable {
    /// Which webhooks inside the private network may be called.
    package enum PrivateWebhooks: Sendable, Equatable {
        case none, all
        /// Hosts, addresses and networks (`10.0.0.0/8`), as they were written.
        case only([String])
    }

    /// When a change counts as stored.
    package enum Durability: String, Sendable, CaseIterable {
        /// Once no death of the process can take it.
        case normal
        /// Once no loss of power can either: everything waits for the disk.
        case full
    }

    package var privateWebhooks = PrivateWebhooks.none
    /// Slots of each pool by its name.
    package var pools: [String: Int] = [:]
    /// How long runs that have ended are kept, with their tasks and logs; nil: for ever.
    package var keptRuns: Duration?
    package var durability = Durability.normal
    /// Where models and other artefacts are kept; nil: in the home.
    package var artifacts: ArtifactSettings?

    package init() {}

    /// A bucket of an object store, as it was written.
    package struct ArtifactSettings: Sendable, Equatable {
        /// `s3://bucket/prefix`
        package var place: String
        /// nil: as the environment says.
        package var endpoint: String?
        package var region: String?
        package init(place: String, endpoint: String? = nil, region: String? = nil) {
            (self.place, self.endpoint, self.region) = (place, endpoint, region)
        }
    }

    /// Strict: a key that is not known is refused, with the nearest that is.
    /// - Parameters:
    ///   - file: where the text was read; for messages.
    ///   - isNetwork: whether a text with a slash is a network.
    ///   - artifactsProblem: why artefacts cannot be kept there; nil: they can.
    /// - Returns: nil for the file when there is an error.
    package static func read(
        source: String, file: String, isNetwork: (String) -> Bool,
        artifactsProblem: (ArtifactSettings) -> String? = { _ in nil }
    ) -> (file: ProjectFile?, diagnostics: [Diagnostic]) {
        let compiler = PipelineCompiler(operators: [], machineZone: .utc)
        var reading = PipelineReading(compiler: compiler, source: source, file: file, now: nil, includes: .none)
        let project = reading.project(isNetwork: isNetwork, artifactsProblem: artifactsProblem)
        let diagnostics = Set(reading.diagnostics).sorted()
        return (diagnostics.contains { $0.severity == .error } ? nil : project, diagnostics)
    }
}

extension PipelineReading {
    /// An empty file says nothing, which is no mistake.
    mutating func project(
        isNetwork: (String) -> Bool, artifactsProblem: (ProjectFile.ArtifactSettings) -> String?
    ) -> ProjectFile {
        var project = ProjectFile()
        let root: YAMLNode
        do {
            guard let read = try YAMLReader.read(source), !read.isNull else { return project }
            root = read
        } catch {
            report(error.kind.code, at: error.position, error.sentence)
            return project
        }
        guard let keys = map(root, "the file", PipelineKeys.project, place: "mlstack.yaml") else { return project }
        if let pair = keys["allow_private_webhooks"] {
            project.privateWebhooks = privateWebhooks(pair.value, isNetwork: isNetwork)
        }
        if let pair = keys["pools"] {
            for pool in named(pair.value, "pools") where isIdentifier(pool, "pool") {
                project.pools[pool.key] = wholeNumber(pool.value, "the slots of \(pool.key)", least: 1)
            }
        }
        if let pair = keys["durability"] {
            project.durability =
                choice(pair.value, "durability", .choice, as: ProjectFile.Durability.self) ?? .normal
        }
        if let pair = keys["artifacts"], let artifacts = artifacts(pair.value) {
            project.artifacts = artifacts
            if let problem = artifactsProblem(artifacts) { report(.wrongType, at: pair.value.position, problem) }
        }
        if let pair = keys["retention"],
            let retention = map(pair.value, "retention", PipelineKeys.retention, place: "retention"),
            let runs = retention["runs"]
        {
            project.keptRuns = duration(runs.value, "retention.runs")
        }
        return project
    }

    /// A place alone, or with how it is reached.
    private mutating func artifacts(_ node: YAMLNode) -> ProjectFile.ArtifactSettings? {
        if case .scalar = node.content { return text(node, "artifacts").map { .init(place: $0) } }
        guard let keys = map(node, "artifacts", PipelineKeys.artifacts, place: "artifacts") else { return nil }
        guard let place = keys["place"] else {
            report(.missingKey, at: node.position, "artifacts has no place; write `place: s3://bucket/prefix`")
            return nil
        }
        guard let text = text(place.value, "artifacts.place") else { return nil }
        return .init(
            place: text, endpoint: keys["endpoint"].flatMap { self.text($0.value, "artifacts.endpoint") },
            region: keys["region"].flatMap { self.text($0.value, "artifacts.region") })
    }

    private mutating func privateWebhooks(
        _ node: YAMLNode, isNetwork: (String) -> Bool
    ) -> ProjectFile.PrivateWebhooks {
        let key = "allow_private_webhooks"
        switch node.content {
        case .scalar(_, .bool(let isAllowed)): return isAllowed ? .all : .none
        case .list:
            let entries = texts(node, key) ?? []
            for entry in entries where !isUsable(entry.text, isNetwork) {
                report(
                    .wrongType, at: entry.position,
                    "\"\(entry.text)\" is neither a host nor a network; write mattermost.internal or 10.0.0.0/8")
            }
            return .only(entries.map(\.text))
        default:
            wrongType(node, key, "true, false or a list of hosts and networks")
            return .none
        }
    }

    private func isUsable(_ text: String, _ isNetwork: (String) -> Bool) -> Bool {
        if isNetwork(text) { return true }
        // Of a host only its name: a whole URL, a port or a pattern here would quietly allow nothing.
        return !text.isEmpty && text.utf8.count <= 253
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789.-_".unicodeScalars.contains($0)
            }
    }
}
