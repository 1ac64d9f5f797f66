/// An array as `numpy.save` writes it: float32 or float64, little-endian, in either order of axes.
///
/// Nothing is ever unpickled: an array of Python objects is refused by its type.
/// - Format: `\x93NUMPY`, the version (2 bytes), the header's length (2 bytes, from version 2 on 4), the header (a Python
///   dictionary with `descr`, `fortran_order` and `shape`), the numbers.
/// - Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
package enum NumPyFile {
    private static let mark: [UInt8] = [0x93] + Array("NUMPY".utf8)
    private static let longestHeader = 1 << 16

    /// - Parameter file: what to call it in an error.
    /// - Returns: row-major floats, whatever the file holds; what does not fit becomes infinite.
    package static func decode(_ bytes: [UInt8], file: String) throws(FactorsError) -> Tensor {
        guard bytes.starts(with: mark), bytes.count >= 10 else {
            throw .damaged(file: file, problem: "it is no .npy file")
        }
        let isLong = bytes[6] >= 2
        let start = isLong ? 12 : 10
        guard bytes.count >= start else { throw .damaged(file: file, problem: "it ends inside its header") }
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard (1...3).contains(bytes[6]), length <= longestHeader, start + length <= bytes.count else {
            throw .damaged(file: file, problem: "it ends inside its header, or has one that is not known here")
        }
        let header = try NumPyHeader(String(decoding: bytes[start..<start + length], as: UTF8.self), file: file)
        let data = bytes[(start + length)...]
        guard let count = header.count, let size = header.bytesPerElement.multiplying(count), size == data.count else {
            throw .damaged(
                file: file, problem: "\(data.count) bytes of numbers do not fill the shape \(header.shape)")
        }
        let values =
            header.bytesPerElement == 8 ? floats(data, Double.self) { Float($0) } : floats(data, Float.self) { $0 }
        return Tensor(shape: header.shape, values: .float32(header.isFortran ? rowMajor(values, header.shape) : values))
    }

    /// Every machine that this program is built for is little-endian, as the files are.
    private static func floats<Element: BitwiseCopyable>(
        _ data: ArraySlice<UInt8>, _ type: Element.Type, _ float: (Element) -> Float
    ) -> [Float] {
        let width = MemoryLayout<Element>.stride
        return [Float](unsafeUninitializedCapacity: data.count / width) { buffer, count in
            data.withUnsafeBytes { source in
                for place in 0..<data.count / width {
                    buffer[place] = float(source.loadUnaligned(fromByteOffset: place * width, as: Element.self))
                }
            }
            count = data.count / width
        }
    }

    /// Of a matrix whose columns lie one behind the other; the order of a single axis is the same in both.
    private static func rowMajor(_ values: [Float], _ shape: [Int]) -> [Float] {
        guard shape.count == 2 else { return values }
        let (rows, columns) = (shape[0], shape[1])
        return [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
            for row in 0..<rows {
                for column in 0..<columns { buffer[row * columns + column] = values[column * rows + row] }
            }
            count = values.count
        }
    }
}

/// The dictionary at the head of a .npy file, such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyHeader: Equatable {
    var shape: [Int]
    var isFortran: Bool
    var bytesPerElement: Int

    /// - Throws: `FactorsError.damaged`, `pickled`, `wrongType`, `wrongShape`.
    init(_ text: String, file: String) throws(FactorsError) {
        guard let type = text.firstMatch(of: /'descr':\s*('([^']*)'|\[)/),
            let order = text.firstMatch(of: /'fortran_order':\s*(True|False)/),
            let axes = text.firstMatch(of: /'shape':\s*\(([0-9, ]*)\)/)
        else { throw .damaged(file: file, problem: "its header is not one that numpy writes") }
        let name = type.2.map(String.init) ?? "a record"
        switch name {
        case "<f4": bytesPerElement = 4
        case "<f8": bytesPerElement = 8
        case "|O", "O": throw .pickled(file: file)
        default: throw .wrongType(file: file, found: name)
        }
        isFortran = order.1 == "True"
        shape = []
        for axis in axes.1.split(separator: ",") where !axis.allSatisfy({ $0 == " " }) {
            guard let length = Int(axis.filter { $0 != " " }) else {
                throw .damaged(file: file, problem: "its shape is (\(axes.1))")
            }
            shape.append(length)
        }
        guard shape.count <= 2 else {
            throw .wrongShape(array: file, found: shape, expected: "one or two axes")
        }
    }

    /// nil when it does not fit into a number.
    var count: Int? { shape.reduce(1) { $0?.multiplying($1) } }
}

extension Int {
    fileprivate func multiplying(_ other: Int) -> Int? {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : product
    }
}
