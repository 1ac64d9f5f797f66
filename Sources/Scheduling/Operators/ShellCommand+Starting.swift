import CPlatform
import Foundation

extension ShellCommand {
    /// - Throws: `ShellFailure`, `TaskOutputError`.
    func prepareFiles() throws {
        var isDirectory = ObjCBool(false)
        let directory = workingDirectory
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw ShellFailure.noWorkingDirectory(directory)
        }
        let status = mls_make_empty(outputFile)
        if status < 0 { throw TaskOutputError.unreadable(reason: SystemText.error(-status)) }
    }

    /// Starts a process that waits until a line comes from `gate`, and then becomes the command.
    /// - Returns: its number, or what went wrong as a negative number of the system.
    func spawn(output: Int32, error: Int32, gate: Int32) -> Int32 {
        let shell = mls_is_executable("/bin/bash") ? "/bin/bash" : "/bin/sh"
        let script = #"IFS= read -r go <&3 || exit 125; exec 3<&-; unset go; exec "$0" -c "$1""#
        let arguments = ["sh", "-c", script, shell, text]
        let environment = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                "/bin/sh".withCString { program in
                    workingDirectory.withCString { directory in
                        var process = mls_process(
                            program: program, arguments: arguments, environment: environment,
                            working_directory: directory, output: output, error: error, gate: gate)
                        return mls_spawn(&process)
                    }
                }
            }
        }
    }
}

/// The texts as C expects a list of them, ended by NULL.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.map { UnsafePointer<CChar>($0) } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else {
            preconditionFailure("a list that ends with NULL has at least one element")
        }
        return body(base)
    }
}
