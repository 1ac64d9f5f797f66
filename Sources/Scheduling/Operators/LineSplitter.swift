import CPlatform

/// Cuts a stream of bytes into lines of text.
///
/// `\n`, `\r\n` and a lone `\r` (a progress bar drawing itself again) end a line. A line longer than the limit is cut, so that a
/// stream without line ends cannot fill the memory. Nothing is emitted that may be the first part of a secret.
struct LineSplitter {
    static let limitBytes = 64 << 10

    /// Takes a piece of a line as it was written, and whether the line ends with it.
    typealias Emit = (UnsafeRawBufferPointer, Bool) -> Void

    private let masks: SecretMasks
    /// Of the line that has not ended; the first `shown` bytes have been emitted.
    private var open: [UInt8] = []
    private var shown = 0
    private var lastWasReturn = false
    private var last: [UInt8] = []
    /// The last line that is not blank was cut, and is not kept.
    private(set) var lastLineWasCut = false
    private var isContinued = false

    init(masks: SecretMasks = SecretMasks()) { self.masks = masks }

    /// The last line that is not blank, with U+FFFD for bytes that are not UTF-8; nil when there is none or it was cut.
    var lastLine: String? { last.isEmpty ? nil : String(decoding: last, as: UTF8.self) }

    /// Some of a line has come, and not its end.
    private var hasBegun: Bool { !open.isEmpty || isContinued }

    /// Something of the line that has not ended has not been emitted.
    var hasOpenText: Bool { open.count > shown }

    mutating func append(_ bytes: UnsafeRawBufferPointer, _ emit: Emit) {
        guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { return }
        var next = 0
        // Of this chunk, the last line that is whole in it: copied once, however many there are.
        var lastWhole: Range<Int>?
        while next < bytes.count {
            if lastWasReturn, base[next] == 0x0a {
                lastWasReturn = false
                next += 1
                continue
            }
            lastWasReturn = false
            let end = next + Int(mls_line_end(base + next, Int64(bytes.count - next)))
            if end == bytes.count || hasBegun || end - next >= Self.limitBytes {
                add(UnsafeRawBufferPointer(rebasing: bytes[next..<end]), emit)
                if end < bytes.count, endLine(emit) { lastWhole = nil }
            } else {
                emit(UnsafeRawBufferPointer(rebasing: bytes[next..<end]), true)
                if !Self.isBlank(bytes[next..<end]) { lastWhole = next..<end }
            }
            if end < bytes.count { lastWasReturn = base[end] == 0x0d }
            next = end + 1
        }
        if let lastWhole { (last, lastLineWasCut) = (Array(bytes[lastWhole]), false) }
    }

    /// Emits what has come of the open line.
    mutating func show(_ emit: Emit) { emitOpen(upTo: whole(), emit) }

    /// What stands after the last line end is a line too.
    mutating func finish(_ emit: Emit) {
        if hasBegun { endLine(emit) }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer, _ emit: Emit) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = min(rest.count, Self.limitBytes - open.count)
            open.append(contentsOf: rest.prefix(count))
            rest = rest.dropFirst(count)
            if open.count >= Self.limitBytes { cut(emit) }
        }
    }

    /// - Returns: whether it was more than blanks, and so is the last line now.
    @discardableResult
    private mutating func endLine(_ emit: Emit) -> Bool {
        let isText = isContinued || !Self.isBlank(open[...])
        if isText { (last, lastLineWasCut) = (isContinued ? [] : open, isContinued) }
        // A line whose cut ended it by chance has no rest.
        if !isContinued || !open.isEmpty {
            open.withUnsafeBytes { emit(UnsafeRawBufferPointer(rebasing: $0[shown...]), true) }
        }
        open.removeAll(keepingCapacity: true)
        (shown, isContinued) = (0, false)
        return isText
    }

    /// What is cut off is a line of the log by itself.
    private mutating func cut(_ emit: Emit) {
        let end = max(whole(), shown, open.count / 2)
        open.withUnsafeBytes { emit(UnsafeRawBufferPointer(rebasing: $0[shown..<end]), true) }
        open.removeFirst(end)
        (shown, isContinued) = (0, true)
    }

    private mutating func emitOpen(upTo end: Int, _ emit: Emit) {
        if end <= shown { return }
        open.withUnsafeBytes { emit(UnsafeRawBufferPointer(rebasing: $0[shown..<end]), false) }
        shown = end
    }

    /// Where the open line can be broken: neither in the middle of a character, as far as one can tell, nor of a secret.
    private func whole() -> Int {
        var end = open.count
        while end > 0, end > open.count - 4, open[end - 1] & 0xc0 == 0x80 { end -= 1 }
        if end > 0, open[end - 1] >= 0xc0, open.count - end + 1 < Self.length(of: open[end - 1]) {
            end -= 1
        } else {
            end = open.count
        }
        return masks.safeLength(of: open[..<end], after: shown)
    }

    /// Of the character that begins so.
    private static func length(of first: UInt8) -> Int { first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2 }

    private static func isBlank(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { $0 == 0x20 || 0x09...0x0d ~= $0 }
    }
}
