import CPlatform
import Foundation

/// What the process has taken of the machine's memory.
enum Memory {
    /// Gives back what is freed.
    ///
    /// Left alone, glibc gives every thread a heap of its own, up to eight for each core, and puts ever larger blocks into
    /// them: a replay over years then ends with three times the memory that it works with. Threads allocate little here
    /// while they compute, and matrices come and go whole.
    static func keepSmall() {
        mls_shape_heap(Int32(clamping: ProcessInfo.processInfo.activeProcessorCount), 256 << 10, 512 << 10)
    }

    /// The most that was resident at once; nil where the system does not say.
    ///
    /// `VmHWM` of proc(5), where there is one: the `ru_maxrss` of getrusage(2) counts what a parent had before it started us.
    static var peakResidentBytes: Int64? {
        #if os(Linux)
            let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
            return status?.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int64($0.1) }.map { $0 * 1024 }
        #else
            var usage = rusage()
            guard getrusage(RUSAGE_SELF, &usage) == 0 else { return nil }
            return Int64(usage.ru_maxrss)
        #endif
    }
}
