import Foundation

/// What the program was made with and runs on.
enum Platform {
    #if DEBUG
        static let build = "debug"
    #else
        static let build = "release"
    #endif

    /// Of the compiler, as far as a program can know it.
    static let swiftVersion: String = {
        #if compiler(>=6.4)
            return "6.4 or later"
        #elseif compiler(>=6.3)
            return "6.3"
        #elseif compiler(>=6.2)
            return "6.2"
        #else
            return "6.1 or earlier"
        #endif
    }()

    /// The system's name, its kernel's and the processor's.
    static let description: String = {
        var names = utsname()
        guard uname(&names) == 0 else { return ProcessInfo.processInfo.operatingSystemVersionString }
        func text<Field>(_ field: Field) -> String {
            withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
        let kernel = "\(text(names.sysname)) \(text(names.release)), \(text(names.machine))"
        return "\(ProcessInfo.processInfo.operatingSystemVersionString) (\(kernel))"
    }()
}
