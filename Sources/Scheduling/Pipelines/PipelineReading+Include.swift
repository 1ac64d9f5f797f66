/// `include`: tasks from files beside the pipeline's, with parameters.
///
/// Such a file has `params` and `tasks`, and its tasks know nothing but each other and those params: what they need
/// of the pipeline comes through `with`, and the tasks that go before them through `needs`.
extension PipelineReading {
    private static let includeLimit = 32

    /// - Returns: the numbers of the files, among `files`.
    mutating func readIncludes(_ pair: YAMLPair?) -> [Int] {
        guard let pair, !pair.value.isNull, let elements = list(pair.value, "include") else { return [] }
        if elements.count > Self.includeLimit {
            report(
                .tooMany, at: pair.value.position,
                "include has \(elements.count) files; at most \(Self.includeLimit) are read")
        }
        return elements.prefix(Self.includeLimit).enumerated().compactMap {
            readInclude($0.element, place: "include \($0.offset + 1)", number: $0.offset + 1)
        }
    }

    private mutating func readInclude(_ node: YAMLNode, place: String, number: Int) -> Int? {
        guard let keys = map(node, place, PipelineKeys.include, place: place) else { return nil }
        guard let pathPair = keys["file"] else {
            report(.missingKey, at: node.position, "\(place) names no file; write file: shared/notify.yaml")
            return nil
        }
        var inclusion = Inclusion()
        if let pair = keys["prefix"], let prefix = text(pair.value, "\(place).prefix") {
            if PipelineNames.isIdentifier(prefix + "x") || prefix.isEmpty {
                inclusion.prefix = prefix
            } else {
                report(
                    .name, at: pair.value.position,
                    "\(place).prefix \"\(prefix)\" is not usable; begin with a letter, go on with letters, digits, _ or -"
                )
            }
        }
        if let pair = keys["needs"] {
            inclusion.needs = (texts(pair.value, "needs of \(place)") ?? []).map {
                (task: $0.text, position: $0.position)
            }
        }
        guard let path = text(pathPair.value, "\(place).file"), let text = includedText(path, at: pathPair.value) else {
            return nil
        }
        let index = files.count
        let folder = files[0].name.lastIndex(of: "/").map { files[0].name[...$0] } ?? ""
        files.append(SourceFile(name: folder + path, text: text, inclusion: inclusion))
        let params = within(index) { reading in reading.readIncludedFile(text) }
        guard let params else { return nil }
        readArguments(keys["with"], params, of: index, place, number: number, at: node.position)
        return index
    }

    private mutating func includedText(_ path: String, at node: YAMLNode) -> String? {
        // Twice the same file is read once.
        if let text = includedTexts[path] { return text }
        do throws(IncludeReader.Failure) {
            if let problem = IncludeReader.problem(of: path) { throw IncludeReader.Failure(reason: problem) }
            let text = try includes.text(path)
            includedTexts[path] = text
            return text
        } catch {
            let name = LogLine.escaped(path.prefix(200))
            report(.includePath, at: node.position, "the file \"\(name)\" \(error.reason)")
            return nil
        }
    }

    /// - Returns: the params that it asks for; nil when the file can't be understood.
    private mutating func readIncludedFile(_ text: String) -> [ParamSpec]? {
        guard let root = root(of: text, "the file is empty; an included file has `tasks`") else { return nil }
        if case .map(let pairs) = root.content, let pair = pairs.first(where: { $0.key == "include" }) {
            report(.includePath, at: pair.keyPosition, "an included file can't include others")
            return nil
        }
        if case .map(let pairs) = root.content, let pair = pairs.first(where: { $0.key == "pipeline" }) {
            report(
                .includePath, at: pair.keyPosition,
                "this is a pipeline of its own; an included file has only `params` and `tasks`")
            return nil
        }
        guard let keys = map(root, "the file", PipelineKeys.included, place: "the included file") else { return nil }
        if let pair = keys["description"] { _ = self.text(pair.value, "description") }
        let (params, names) = paramSpecs(keys["params"])
        files[current].inclusion?.paramNames = names
        files[current].inclusion?.tasks = keys["tasks"]
        if keys["tasks"] == nil { report(.missingKey, at: root.position, "the included file has no `tasks`") }
        return params
    }

    // MARK: - Parameters

    private mutating func readArguments(
        _ pair: YAMLPair?, _ specs: [ParamSpec], of file: Int, _ place: String, number: Int, at position: SourcePosition
    ) {
        var given: [String: String] = [:]
        var nodes: [String: YAMLPair] = [:]
        if let pair, !pair.value.isNull {
            for argument in named(pair.value, "with of \(place)") {
                nodes[argument.key] = argument
                guard let text = scalarText(argument.value, "with.\(argument.key) of \(place)") else { continue }
                check(argument.value, scope: .argument)
                let template = scan(text)
                if let constant = resolved(template, at: argument.value) {
                    given[argument.key] = constant
                } else if template.pieces.count == 1, case .reference(let namespace, let path, _) = template.pieces[0] {
                    files[file].inclusion?.arguments[argument.key] = .reference(namespace: namespace, path: path)
                } else if template.pieces.contains(where: { if case .reference = $0 { true } else { false } }) {
                    report(
                        .includeArgument, at: argument.value.position,
                        "with.\(argument.key) of \(place) mixes text with a value that is filled in later; give the value alone"
                    )
                }
            }
        }
        let later = files[file].inclusion?.arguments ?? [:]
        do {
            // Those that are filled in later take no part: what is left must be right.
            let checked = try ParamSpec.check(given, against: specs.filter { later[$0.name] == nil }, in: zone)
            for (name, value) in checked {
                // No variable has a dot in its name, so this one is new.
                variables["include\(number).\(name)"] = value
                files[file].inclusion?.arguments[name] = .constant("include\(number).\(name)")
            }
        } catch {
            for problem in error.problems where nodes[problem.param] == nil || given[problem.param] != nil {
                let node = nodes[problem.param]
                let isUnknown = !specs.contains { $0.name == problem.param }
                report(
                    .includeArgument, at: (isUnknown ? node?.keyPosition : node?.value.position) ?? position,
                    "\(place): \(problem.sentence)", suggestion: problem.nearest)
            }
        }
        let names = files[file].inclusion?.paramNames ?? []
        for name in later.keys.sorted() where !names.contains(name) {
            let nearest = nearest(to: name, among: names)
            report(
                .includeArgument, at: nodes[name]?.keyPosition ?? position,
                "\(place): unknown parameter \(name)." + Spelling.question(nearest), suggestion: nearest)
        }
    }
}
