#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif
#if canImport(CDispatch)
    // Holds `timespec` on Linux.
    import CDispatch
#endif

/// How long this process has computed.
enum ProcessTime {
    /// Seconds of all its threads since its start, the kernel's work for it included; nil where the system does not say.
    static var cpuSeconds: Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
