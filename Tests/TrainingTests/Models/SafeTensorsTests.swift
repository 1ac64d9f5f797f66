import Foundation
import Testing

@testable import Training

struct SafeTensorsTests {
    static let tensors: [String: Tensor] = [
        "b": Tensor(shape: [2, 3], values: .float32([1, -2, 3.5, 0, 1e-30, 7])),
        "a": Tensor(shape: [3], values: .int32([1, -1, .max])),
        "c": Tensor(shape: [0], values: .int64([])),
        "d": Tensor(shape: [], values: .int64([-5])),
    ]

    private func file(header: String, data: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
    }

    @Test func `what is encoded is decoded, and its data begin at a multiple of eight`() throws {
        let bytes = try SafeTensors.encode(Self.tensors)
        #expect(try SafeTensors.decode(bytes, file: "f") == Self.tensors)
        #expect(bytes[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) } % 8 == 0)
    }

    @Test func `a file written by the reference implementation's rules is read`() throws {
        // Two floats 1.0 and 2.0, written by hand.
        let bytes = file(
            header: #"{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#,
            data: [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40])
        #expect(try SafeTensors.decode(bytes, file: "f") == ["x": Tensor(shape: [1, 2], values: .float32([1, 2]))])
    }

    @Test func `every truncation is refused`() throws {
        let bytes = try SafeTensors.encode(Self.tensors)
        for length in 0..<bytes.count {
            #expect(throws: ArtifactError.self) { try SafeTensors.decode(Array(bytes[..<length]), file: "f") }
        }
    }

    @Test(arguments: [
        #"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
        #"{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
        #"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
        #"{"x":{"dtype":"F16","shape":[4],"data_offsets":[0,8]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}"#,
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#,
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,7]},"y":{"dtype":"F32","shape":[],"data_offsets":[7,8]}}"#,
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        "[]", "{", "",
    ])
    func `a header that lies about its data is refused`(header: String) {
        #expect(throws: ArtifactError.self) {
            try SafeTensors.decode(file(header: header, data: [UInt8](repeating: 0, count: 8)), file: "f")
        }
    }

    @Test func `a header of absurd length is refused before it is read`() {
        let bytes = [UInt8](repeating: 0xff, count: 64)
        #expect(throws: ArtifactError.tooLarge(file: "f (header)", bytes: .max, limit: 1 << 20)) {
            try SafeTensors.decode(bytes, file: "f")
        }
    }
}
