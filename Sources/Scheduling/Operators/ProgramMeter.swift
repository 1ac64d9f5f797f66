import CPlatform
import Synchronization

/// Measures what this program uses while a built-in task runs.
///
/// Time and bytes are differences, so what other tasks and requests of that time used is in them. The peak of memory is exact when the
/// program had never held so much before; otherwise the largest of what was seen, at the beginning, the end and now and then between.
final class ProgramMeter: Sendable {
    private let loop: ProcessLoop
    private let state = Mutex(State())

    private struct State {
        /// The most seen for each task that is running.
        var peaks: [Int: Int64] = [:]
        var nextID = 0
        var isTicking = false
    }

    private static let intervalMilliseconds = 100

    init(loop: ProcessLoop) { self.loop = loop }

    func measure(_ work: @Sendable () async throws -> TaskOutputs) async -> MeasuredOutputs {
        let before = Self.use()
        let id = begin(before.resident_bytes)
        let result: Result<TaskOutputs, any Error>
        do {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        let after = Self.use()
        let seen = max(state.withLock { $0.peaks.removeValue(forKey: id) ?? 0 }, after.resident_bytes)
        let isRecord = after.peak_memory_bytes > before.peak_memory_bytes
        func difference(_ before: Int64, _ after: Int64) -> Int64? { before < 0 || after < 0 ? nil : after - before }
        return MeasuredOutputs(
            result,
            TaskMeasures(
                scope: .program, cpuSeconds: max(0, after.cpu_seconds - before.cpu_seconds),
                peakMemoryBytes: isRecord ? after.peak_memory_bytes : seen,
                readBytes: difference(before.read_bytes, after.read_bytes),
                writtenBytes: difference(before.written_bytes, after.written_bytes)))
    }

    private static func use() -> mls_own_use {
        var use = mls_own_use()
        mls_measure_own_use(&use)
        return use
    }

    private func begin(_ resident: Int64) -> Int {
        let (id, mustStart) = state.withLock { state in
            state.nextID += 1
            state.peaks[state.nextID] = resident
            defer { state.isTicking = true }
            return (state.nextID, !state.isTicking)
        }
        if mustStart { loop.async { self.tickLater() } }
        return id
    }

    private func tickLater() { loop.after(Self.intervalMilliseconds) { [self] in tick() } }

    private func tick() {
        let resident = mls_own_resident_bytes()
        let goesOn = state.withLock { state in
            for (id, peak) in state.peaks where resident > peak { state.peaks[id] = resident }
            state.isTicking = !state.peaks.isEmpty
            return state.isTicking
        }
        if goesOn { tickLater() }
    }
}
