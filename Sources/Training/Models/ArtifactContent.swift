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

    /// The interactions that training saw, checked to be rows of ascending items.
    func seenItems() throws(ArtifactError) -> SeenItems {
        guard case .int64(let offsets) = try tensor("seen_offsets", shape: [users.count + 1]),
            case .int32(let columns) = try tensor("seen_items", shape: [interactionCount])
        else {
            throw .wrongShape(tensor: "seen_offsets", found: "other types", expected: "I64, and I32 for seen_items")
        }
        guard let seen = SeenItems(offsets: offsets, columns: columns, itemCount: items.count) else {
            throw .corrupt(file: ArtifactFile.tensors, problem: "`seen_offsets` and `seen_items` are no rows of items")
        }
        return seen
    }

    private func tensor(_ name: String, shape: [Int]) throws(ArtifactError) -> Tensor.Values {
        guard let tensor = tensors[name] else { throw .missingTensor(name) }
        guard tensor.shape == shape else {
            throw .wrongShape(tensor: name, found: "\(tensor.shape)", expected: "\(shape)")
        }
        return tensor.values
    }
}
