import Foundation

/// Tensors in one file that any language can read and that holds no code. F64 is read, as floats; what is written here is F32, I32
/// and I64.
///
/// - Format: the header's length (8 bytes, little-endian), the header (a JSON object from each tensor's name to its
///   type, shape and place in the data, padded with spaces to a multiple of 8), the data: here little-endian, in the
///   order of names, without gaps.
/// - Source: https://github.com/huggingface/safetensors, "Format".
package enum SafeTensors {
    private static let longestHeader = 1 << 20

    private struct Place: Codable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    /// The same bytes for the same tensors.
    static func encode(_ tensors: [String: Tensor]) throws -> [UInt8] {
        var places: [String: Place] = [:]
        var end = 0
        let ordered = tensors.sorted { $0.key < $1.key }
        for (name, tensor) in ordered {
            let bytes = tensor.values.count * tensor.values.bytesPerElement
            places[name] = Place(dtype: tensor.values.dtype, shape: tensor.shape, data_offsets: [end, end + bytes])
            end += bytes
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var header = Array(try encoder.encode(places))
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        var file: [UInt8] = []
        file.reserveCapacity(8 + header.count + end)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { file.append(contentsOf: $0) }
        file.append(contentsOf: header)
        for (_, tensor) in ordered { tensor.values.append(to: &file) }
        return file
    }

    /// - Throws: `ArtifactError.corrupt` for anything that the format does not allow: every byte must belong to
    ///   exactly one tensor.
    package static func decode(_ bytes: [UInt8], file: String) throws(ArtifactError) -> [String: Tensor] {
        guard bytes.count >= 8 else { throw .corrupt(file: file, problem: "it is shorter than its own header") }
        let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(longestHeader) else {
            throw .tooLarge(file: "\(file) (header)", bytes: Int(clamping: length), limit: longestHeader)
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= bytes.count else {
            throw .corrupt(file: file, problem: "it ends inside its header")
        }
        let places: [String: Place]
        do {
            places = try JSONDecoder().decode([String: Place].self, from: Data(bytes[8..<dataStart]))
        } catch {
            throw .corrupt(file: file, problem: "its header is no JSON object of tensors")
        }
        var tensors: [String: Tensor] = [:]
        var end = 0
        // An empty tensor begins where the next one does: the end decides between them.
        let inOrder = places.sorted { $0.value.data_offsets.lexicographicallyPrecedes($1.value.data_offsets) }
        for (name, place) in inOrder {
            guard place.data_offsets.count == 2, place.data_offsets[0] == end, place.data_offsets[1] >= end,
                place.data_offsets[1] <= bytes.count - dataStart
            else { throw .corrupt(file: file, problem: "the data of tensor `\(name)` are truncated or overlap others") }
            let data = bytes[(dataStart + end)..<(dataStart + place.data_offsets[1])]
            guard let values = Tensor.Values(dtype: place.dtype, bytes: data) else {
                throw .corrupt(file: file, problem: "tensor `\(name)` has the type \(place.dtype)")
            }
            let width = place.dtype == "F64" ? 8 : values.bytesPerElement
            guard elements(of: place.shape) == values.count, values.count * width == data.count else {
                throw .wrongShape(
                    tensor: name, found: "\(place.shape)", expected: "a shape of \(values.count) elements")
            }
            tensors[name] = Tensor(shape: place.shape, values: values)
            end = place.data_offsets[1]
        }
        guard dataStart + end == bytes.count else {
            throw .corrupt(file: file, problem: "\(bytes.count - dataStart - end) bytes belong to no tensor")
        }
        return tensors
    }

    /// - Returns: nil when a dimension is negative or the product does not fit.
    private static func elements(of shape: [Int]) -> Int? {
        var product = 1
        for dimension in shape {
            guard dimension >= 0 else { return nil }
            let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            product = next
        }
        return product
    }
}

extension Tensor.Values {
    var dtype: String {
        switch self {
        case .float32: "F32"
        case .int32: "I32"
        case .int64: "I64"
        }
    }

    var bytesPerElement: Int {
        switch self {
        case .float32, .int32: 4
        case .int64: 8
        }
    }

    /// - Returns: nil for a type that models do not hold.
    fileprivate init?(dtype: String, bytes: ArraySlice<UInt8>) {
        switch dtype {
        case "F32": self = .float32(Self.load(bytes))
        case "F64": self = .float32((Self.load(bytes) as [Double]).map { Float($0) })
        case "I32": self = .int32(Self.load(bytes))
        case "I64": self = .int64(Self.load(bytes))
        default: return nil
        }
    }

    fileprivate func append(to file: inout [UInt8]) {
        switch self {
        case .float32(let values): values.withUnsafeBytes { file.append(contentsOf: $0) }
        case .int32(let values): values.withUnsafeBytes { file.append(contentsOf: $0) }
        case .int64(let values): values.withUnsafeBytes { file.append(contentsOf: $0) }
        }
    }

    /// Whole elements only. Every machine that this program is built for is little-endian, as the format is.
    private static func load<Element: BitwiseCopyable>(_ bytes: ArraySlice<UInt8>) -> [Element] {
        let count = bytes.count / MemoryLayout<Element>.stride
        return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[0..<count * MemoryLayout<Element>.stride]))
            }
            initialized = count
        }
    }
}
