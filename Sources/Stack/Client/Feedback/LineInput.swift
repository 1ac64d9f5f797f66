import CPlatform
import Foundation

/// One line of the input, without its end.
struct InputLine: Sendable, Equatable {
    /// From 1.
    var number: Int
    var bytes: [UInt8]
    /// Whether the line is longer than any event; `bytes` is then its beginning.
    var isTooLong = false
}

/// Lines that come over a descriptor, a few at a time, never more in memory than one batch and one line.
///
/// Blocks; all calls on one serial queue.
final class LineInput: @unchecked Sendable {  // guarded by: the serial queue on which `next` is called
    private let descriptor: Int32
    private let wake: Int32
    private var pending: [UInt8] = []
    /// Whether what comes up to the next line end belongs to a line that was too long, and has been told of.
    private var isSkipping = false
    private var number = 0
    private(set) var hasEnded = false

    /// Several times what an event can have.
    static let longestLine = 64 << 10
    private static let pieceSize = 64 << 10
    /// What a pipe may still hold when the end was asked for.
    private static let drainBytes = 1 << 20

    /// - Parameter wake: becomes readable when no more is to be read than is there already.
    init(descriptor: Int32, wake: Int32) { (self.descriptor, self.wake) = (descriptor, wake) }

    /// Waits for a line, and then a little longer for others.
    /// - Returns: at least one line unless the input has ended or nothing came but blank lines.
    /// - Throws: `StackError.unreadable`.
    func next(most: Int, within milliseconds: Int32) throws -> [InputLine] {
        var lines: [InputLine] = []
        takeLines(&lines, most)
        let start = ContinuousClock.now
        while !hasEnded, lines.count < most {
            let spent = (ContinuousClock.now - start) / .milliseconds(1)
            let patience = lines.isEmpty ? -1 : max(0, milliseconds - Int32(min(spent, 1e6)))
            var ready = [false, false]
            let found = mls_wait_readable([descriptor, wake], &ready, 2, patience)
            if found < 0 { throw failure(-found) }
            if ready[1] {
                try drain()
                takeLines(&lines, .max)
                hasEnded = true
            } else if ready[0] {
                if try read() == 0 { end(&lines) } else { takeLines(&lines, most) }
            } else if !lines.isEmpty {
                break
            }
        }
        return lines
    }

    /// Everything up to the last line end that is there now.
    private func drain() throws {
        var drained = 0
        var ready = [false]
        while drained < LineInput.drainBytes, mls_wait_readable([descriptor], &ready, 1, 0) > 0 {
            let count = try read()
            if count == 0 { break }
            drained += count
        }
    }

    private func read() throws -> Int {
        var piece = [UInt8](repeating: 0, count: LineInput.pieceSize)
        let count = mls_read(descriptor, &piece, Int64(piece.count))
        if count < 0 { throw failure(Int32(-count)) }
        pending += piece[..<Int(count)]
        return Int(count)
    }

    private func failure(_ code: Int32) -> StackError {
        .unreadable(path: "standard input", reason: String(cString: strerror(code)))
    }

    private func takeLines(_ lines: inout [InputLine], _ most: Int) {
        var start = 0
        while lines.count < most, let end = pending[start...].firstIndex(of: 10) {
            add(Array(pending[start..<end]), to: &lines)
            start = end + 1
        }
        pending.removeFirst(start)
        if lines.count < most, pending.count > LineInput.longestLine {
            if !isSkipping { add(pending, to: &lines) }
            (isSkipping, pending) = (true, [])
        }
    }

    /// The last line may lack its end.
    private func end(_ lines: inout [InputLine]) {
        if !pending.isEmpty { add(pending, to: &lines) }
        (pending, hasEnded) = ([], true)
    }

    private func add(_ bytes: [UInt8], to lines: inout [InputLine]) {
        if isSkipping {
            isSkipping = false
            return
        }
        number += 1
        if bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { return }
        let isTooLong = bytes.count > LineInput.longestLine
        lines.append(
            InputLine(number: number, bytes: Array(bytes.prefix(LineInput.longestLine)), isTooLong: isTooLong))
    }
}
