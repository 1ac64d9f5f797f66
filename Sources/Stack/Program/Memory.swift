import CPlatform
import Foundation

/// What the process has taken of the machine's memory.
enum Memory {
    /// Keeps what is freed together.
    ///
    /// Every new thread may get a heap of its own from glibc, up to eight for each core, and each holds on to what it once
    /// needed: a replay over years then ends with twice the memory that it works with. One heap for each core is enough
    /// here, where threads allocate little while they compute.
    static func keepTogether() {
        mls_limit_arenas(Int32(clamping: ProcessInfo.processInfo.activeProcessorCount))
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
