/// Cuts a stream of bytes into lines of text.
///
/// `\n`, `\r\n` and a lone `\r` (a progress bar drawing itself again) end a line. Bytes that are not UTF-8 become U+FFFD. A line
/// longer than the limit is cut, so that a stream without line ends cannot fill the memory.
struct LineSplitter {
    static let limitBytes = 64 << 10

    private var open: [UInt8] = []
    private var lastWasReturn = false
    /// The last line that is not blank; nil when it was longer than the limit.
    private(set) var lastLine: String? = nil
    /// The last line that is not blank was cut.
    private(set) var lastLineWasCut = false
    private var isContinued = false

    mutating func append(_ bytes: some Sequence<UInt8>, _ emit: (String) -> Void) {
        for byte in bytes {
            let followsReturn = lastWasReturn
            lastWasReturn = byte == 0x0d
            switch byte {
            case 0x0a:
                if !followsReturn { endLine(emit) }
            case 0x0d: endLine(emit)
            default:
                open.append(byte)
                if open.count >= Self.limitBytes { cut(emit) }
            }
        }
    }

    /// What stands after the last line end is a line too.
    mutating func finish(_ emit: (String) -> Void) {
        if !open.isEmpty { endLine(emit) }
    }

    private mutating func endLine(_ emit: (String) -> Void) {
        let line = String(decoding: open, as: UTF8.self)
        open.removeAll(keepingCapacity: true)
        if isContinued {
            (lastLine, lastLineWasCut, isContinued) = (nil, true, false)
            if !line.isEmpty { emit(line) }
            return
        }
        if line.contains(where: { !$0.isWhitespace }) { (lastLine, lastLineWasCut) = (line, false) }
        emit(line)
    }

    /// Not in the middle of a character, as far as one can tell.
    private mutating func cut(_ emit: (String) -> Void) {
        var end = open.count
        while end > open.count - 4, open[end - 1] & 0xc0 == 0x80 { end -= 1 }
        if open[end - 1] >= 0xc0 { end -= 1 }
        if end < open.count - 3 { end = open.count }
        emit(String(decoding: open[..<end], as: UTF8.self))
        open.removeFirst(end)
        isContinued = true
    }
}
