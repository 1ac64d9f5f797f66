import Foundation

/// What the process has taken of the machine's memory.
enum Memory {
    /// The most there ever was at once (getrusage(2): `ru_maxrss`, kibibytes on Linux).
    static var peakResidentBytes: Int64 {
        var usage = rusage()
        #if os(Linux)
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return Int64(usage.ru_maxrss) * 1024
        #else
            getrusage(RUSAGE_SELF, &usage)
            return Int64(usage.ru_maxrss)
        #endif
    }
}
