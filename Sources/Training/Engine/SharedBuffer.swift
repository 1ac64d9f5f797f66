/// Zeroed memory that several workers fill at once, each its own part.
///
/// Aligned to 64 bytes, so that a row of factors padded to sixteen floats never straddles two cache lines.
final class SharedBuffer<Element: BitwiseCopyable>: @unchecked Sendable {  // guarded by: chunks write own parts
    let start: UnsafeMutablePointer<Element>
    let count: Int

    init(count: Int) {
        let bytes = Swift.max(64, count * MemoryLayout<Element>.stride)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        start = memory.assumingMemoryBound(to: Element.self)
        self.count = count
    }

    /// Memory that is written before it is read.
    init(uninitialized count: Int) {
        let bytes = Swift.max(64, count * MemoryLayout<Element>.stride)
        start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: Element.self, capacity: count)
        self.count = count
    }

    deinit { start.deallocate() }

    subscript(index: Int) -> Element {
        get { start[index] }
        set { start[index] = newValue }
    }

    /// The first elements, as values.
    func array(_ count: Int) -> [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }

    var elements: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: start, count: count) }
}
