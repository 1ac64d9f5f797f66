/// The facts and tensors that make up a model: all that its artefact holds, and all that `Trainer.restore` needs.
package struct ArtifactContent: Sendable, Equatable {
    /// The `Trainer.name` that made it.
    package var algorithm: String
    package var settings: Hyperparameters
    package var users: IDTable
    package var items: IDTable
    /// How many interactions training saw.
    package var interactionCount: Int
    package var tensors: [String: Tensor]

    package init(
        algorithm: String, settings: Hyperparameters, users: IDTable, items: IDTable, interactionCount: Int,
        tensors: [String: Tensor]
    ) {
        (self.algorithm, self.settings, self.users, self.items) = (algorithm, settings, users, items)
        (self.interactionCount, self.tensors) = (interactionCount, tensors)
    }
}

/// Numbers in row-major order under a shape.
package struct Tensor: Sendable, Equatable {
    /// The numbers, of one of the types that an artefact holds.
    package enum Values: Sendable, Equatable {
        case float32([Float])
        case int32([Int32])
        case int64([Int64])

        var count: Int {
            switch self {
            case .float32(let values): values.count
            case .int32(let values): values.count
            case .int64(let values): values.count
            }
        }
    }

    package var shape: [Int]
    package var values: Values
    package init(shape: [Int], values: Values) { (self.shape, self.values) = (shape, values) }
}

extension ArtifactContent {
    /// A tensor of finite numbers of the given shape.
    /// - Throws: `ArtifactError.missingTensor`, `wrongShape`, `nonFinite`.
    func floats(_ name: String, shape: [Int]) throws(ArtifactError) -> [Float] {
        guard case .float32(let values) = try tensor(name, shape: shape) else {
            throw .wrongShape(tensor: name, found: "not F32", expected: "F32 \(shape)")
        }
        guard values.allSatisfy(\.isFinite) else { throw .nonFinite(tensor: name) }
        return values
    }

    /// Rows of ascending items, as `SeenItems.tensors` gives them.
    /// - Parameter count: how many entries there are; nil: as many as the tensor says.
    /// - Parameter rowCount: nil: one for each user.
    func itemRows(_ name: String, count: Int? = nil, rowCount: Int? = nil) throws(ArtifactError) -> SeenItems {
        let (offsetsName, itemsName) = ("\(name)_offsets", "\(name)_items")
        let length = count ?? tensors[itemsName]?.values.count ?? 0
        guard case .int64(let offsets) = try tensor(offsetsName, shape: [(rowCount ?? users.count) + 1]),
            case .int32(let columns) = try tensor(itemsName, shape: [length])
        else {
            throw .wrongShape(tensor: offsetsName, found: "other types", expected: "I64, and I32 for \(itemsName)")
        }
        guard let rows = SeenItems(offsets: offsets, columns: columns, itemCount: items.count) else {
            throw .corrupt(
                file: ArtifactFile.tensors, problem: "`\(offsetsName)` and `\(itemsName)` are no rows of items")
        }
        return rows
    }

    /// Ascending places in the catalogue.
    func places(_ name: String) throws(ArtifactError) -> [Int32] {
        guard case .int32(let values) = try tensor(name, shape: [tensors[name]?.values.count ?? 0]) else {
            throw .wrongShape(tensor: name, found: "not I32", expected: "I32")
        }
        guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }), values.first ?? 0 >= 0,
            values.last ?? -1 < Int32(items.count)
        else { throw .corrupt(file: ArtifactFile.tensors, problem: "`\(name)` are no ascending items") }
        return values
    }

    private func tensor(_ name: String, shape: [Int]) throws(ArtifactError) -> Tensor.Values {
        guard let tensor = tensors[name] else { throw .missingTensor(name) }
        guard tensor.shape == shape else {
            throw .wrongShape(tensor: name, found: "\(tensor.shape)", expected: "\(shape)")
        }
        return tensor.values
    }
}
