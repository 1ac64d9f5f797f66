/// Factors that another program learned, as they came from its files: rows in the order of its own lists of ids.
package struct FactorsContent: Sendable {
    /// A list of ids, and what to call it in an error.
    package struct IDs: Sendable {
        package var file: String
        package var ids: [String]
        package init(file: String, ids: [String]) { (self.file, self.ids) = (file, ids) }
    }

    package var items: IDs
    package var itemFactors: Tensor
    package var itemBias: Tensor?
    package var users: IDs?
    package var userFactors: Tensor?
    package var userBias: Tensor?
    /// For the list of those of whom nothing is known.
    package var popularity: Tensor?
    package var foldIn: FactorsFoldIn

    package init(items: IDs, itemFactors: Tensor, foldIn: FactorsFoldIn = FactorsFoldIn()) {
        (self.items, self.itemFactors, self.foldIn) = (items, itemFactors, foldIn)
    }

    package static let longestVector = 1024
    /// So that no sum of products leaves what a Float holds.
    static let largestValue: Float = 1e15
}

/// How somebody is described whom the factors do not know: the x that makes the sum of (x.y - 1)^2 over what they liked,
/// plus `unobservedWeight` times the sum of (x.y)^2 over all items, plus a ridge, least.
package struct FactorsFoldIn: Sendable, Equatable {
    /// In units of the items' mean squared length, so that the same value fits factors of any scale. The default gave,
    /// for factors of the `implicit` library's ALS and BPR on MovieLens, lists near to those of known users.
    package var regularization: Double
    /// 1 is what implicit-feedback ALS minimises; 0, the default, asks nothing of how the model was trained.
    package var unobservedWeight: Double
    /// A rating of at least this many stars counts; what has no rating always does.
    package var positiveFrom: Double
    package init(regularization: Double = 10, unobservedWeight: Double = 0, positiveFrom: Double = 4) {
        (self.regularization, self.unobservedWeight) = (regularization, unobservedWeight)
        self.positiveFrom = positiveFrom
    }
}

extension FactorsContent {
    /// Rows as the model orders its ids.
    struct Ordered {
        var ids: IDTable
        /// By row of the model, the row of the file.
        var source: [Int]

        init(_ list: IDs) throws(FactorsError) {
            ids = IDTable(list.ids)
            if ids.count != list.ids.count {
                var seen: Set<String> = []
                let repeated = list.ids.first { !seen.insert($0).inserted } ?? ""
                throw .repeatedID(file: list.file, id: repeated)
            }
            source = [Int](repeating: 0, count: list.ids.count)
            for (row, id) in list.ids.enumerated() { if let place = ids.index(of: id) { source[place] = row } }
        }
    }

    /// - Parameter width: how long each vector must be; nil: from 1 to `longestVector`.
    static func vectors(
        _ name: String, _ tensor: Tensor, _ list: IDs, width: Int? = nil
    ) throws(FactorsError) -> (values: [Float], width: Int) {
        guard tensor.shape.count == 2, case .float32(let values) = tensor.values,
            width.map({ $0 == tensor.shape[1] }) ?? (1...longestVector).contains(tensor.shape[1])
        else {
            throw .wrongShape(
                array: name, found: tensor.shape,
                expected: "(\(list.ids.count), \(width.map { "\($0)" } ?? "1 to \(longestVector)"))")
        }
        guard tensor.shape[0] == list.ids.count else {
            throw .rowsDiffer(array: name, rows: tensor.shape[0], file: list.file, ids: list.ids.count)
        }
        try check(values, name, width: tensor.shape[1])
        return (values, tensor.shape[1])
    }

    /// One number for each id; a column of them will do.
    static func numbers(_ name: String, _ tensor: Tensor?, _ list: IDs) throws(FactorsError) -> [Float]? {
        guard let tensor else { return nil }
        guard tensor.shape.count == 1 || tensor.shape.count == 2 && tensor.shape[1] == 1,
            case .float32(let values) = tensor.values
        else { throw .wrongShape(array: name, found: tensor.shape, expected: "(\(list.ids.count),)") }
        guard values.count == list.ids.count else {
            throw .rowsDiffer(array: name, rows: values.count, file: list.file, ids: list.ids.count)
        }
        try check(values, name, width: 1)
        return values
    }

    private static func check(_ values: [Float], _ name: String, width: Int) throws(FactorsError) {
        if let place = values.firstIndex(where: { !(abs($0) <= largestValue) }) {
            throw .badNumber(array: name, row: place / width)
        }
    }
}
