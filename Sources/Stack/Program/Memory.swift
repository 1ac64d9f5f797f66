import Foundation

/// What the process has taken of the machine's memory.
enum Memory {
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
