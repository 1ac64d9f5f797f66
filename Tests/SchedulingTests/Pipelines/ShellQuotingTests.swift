import Dispatch
import Foundation
import Testing

@testable import Scheduling

struct ShellQuotingTests {
    private func render(_ command: String, _ value: String = "v") throws -> String {
        try Template(parsing: command).render(RenderScope(params: ["x": value]), quoting: .shell)
    }

    @Test(arguments: [
        ("echo ${params.x}", "echo 'v'"), ("echo \"a ${params.x} b\"", "echo \"a \"'v'\" b\""),
        ("echo 'a ${params.x}'", "echo 'a ''v'''"),
        ("echo ${params.x!raw}", "echo v"), ("# ${params.x}\nls ${params.x}", "# v\nls 'v'"),
        ("echo \"$(cat ${params.x})\" ${params.x}", "echo \"$(cat 'v')\" 'v'"),
        ("echo \"${HOME}\" ${params.x}", "echo \"${HOME}\" 'v'"),
        ("echo $(( 1 << 2 )) ${params.x}", "echo $(( 1 << 2 )) 'v'"), ("cat <<< ${params.x}", "cat <<< 'v'"),
        ("echo \\' ${params.x}", "echo \\' 'v'"), ("a=${params.x}; f() { echo; }", "a='v'; f() { echo; }"),
        ("case a in b) echo ${params.x};; esac", "case a in b) echo 'v';; esac"),
        ("echo a#b ${params.x}", "echo a#b 'v'"),
        ("(cd /; ls ${params.x})", "(cd /; ls 'v')"), ("echo $'it\\'s' ${params.x}", "echo $'it\\'s' 'v'"),
        ("echo $$'a\\' ${params.x}", "echo $$'a\\' 'v'"),
        ("echo $${params.x}", "echo ${params.x}"), ("echo ${x:-'}'} ${params.x}", "echo ${x:-'}'} 'v'"),
    ])
    func `a value is quoted as its place asks`(command: String, expected: String) throws {
        #expect(try render(command) == expected)
    }

    @Test(arguments: [
        "echo `ls ${params.x}`", "cat <<EOF\n${params.x}\nEOF", "cat << 'EOF'\n${params.x}\nEOF",
        "cat <<-EOF; ls ${params.x}", "cat <<${params.x}",
        "echo \\${params.x}", "echo ${HOME:-${params.x}}", "echo \"${HOME:-${params.x}}\"", "echo $((1+${params.x}))",
        "((x=${params.x}))",
        "echo $'a${params.x}'", "x=\"$(case a in a) echo;; esac)\"; echo ${params.x}",
        "echo \"${y:-it's}\" ${params.x}",
        "cat <<\"A\"\n${params.x}", "x=\"$((${params.x}))\"",
    ])
    func `a place where no quoting is safe is refused`(command: String) throws {
        let template = try Template(parsing: command)
        #expect(template.refusedPlaces().count == 1)
        #expect(throws: RenderError.self) { try template.render(RenderScope(params: ["x": "v"]), quoting: .shell) }
    }

    @Test func `a value that no shell can hold is refused`() {
        #expect(throws: RenderError.self) { try render("echo ${params.x}", "a\0b") }
    }

    private static let hostile = [
        "", " ", "a b", "'", "''", "\"", "\\", "\\'", "$(touch PWNED)", "`touch PWNED`", "'; touch PWNED; '",
        "\"; touch PWNED; \"",
        "$HOME", "${HOME}", "a\nb", "*", "~", "-n", "#x", "!x", "$((1+1))", "\u{301}'\u{301}", "\r\ntouch PWNED",
        "&& touch PWNED",
        "'\"'\"$(touch PWNED)", "x)y", "EOF", "|cat", ">PWNED", "é",
    ]

    private static let places = [
        "printf '%s' ${params.x}", "printf '%s' \"${params.x}\"", "printf '%s' '${params.x}'",
        "printf '%s' \"$(printf '%s.' ${params.x})\"",
        "printf '%s' \"$(printf '%s.' \"${params.x}\")\"", "y=${params.x}; printf '%s' \"$y\"",
        "# ${params.x}\nprintf '%s' \"${params.x}\"",
        "printf '%s' a >/dev/null #b '\nprintf '%s' \"${params.x}\"",
        "printf '%s' \"${UNSET_NAME:-q}\" >/dev/null; printf '%s' ${params.x}",
        "if [ a = b ]; then :; else printf '%s' ${params.x}; fi",
        "printf '%s' \"$(printf '%s' ')\"' \")'\")\" >/dev/null; printf '%s' ${params.x}",
        "printf '%s' \"\\\"${UNSET_NAME}\" >/dev/null; printf '%s' '${params.x}'",
    ]

    /// A real shell runs every value in every place; each must come out as it went in, and no command of a value may
    /// run.
    @Test(arguments: ["/bin/sh", "/bin/bash"].filter(FileManager.default.isExecutableFile))
    func `no value becomes a command, and every value arrives whole`(shell: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "quoting-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var script = ""
        var expected: [String] = []
        for place in Self.places {
            #expect(try Template(parsing: place).refusedPlaces().isEmpty, "\(place)")
            for value in Self.hostile {
                script += try render(place, value) + "\nprintf '\\000'\n"
                // A substitution would drop newlines at the end, were there no point after them.
                expected.append(place.contains("%s.") ? value + "." : value)
            }
        }
        try Data(script.utf8).write(to: folder.appending(path: "all.sh"))
        try await run(shell, "./all.sh", in: folder)
        let output = String(decoding: try Data(contentsOf: folder.appending(path: "out")), as: UTF8.self)
        let found = output.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false)
        #expect(found.count == expected.count + 1)
        for (value, output) in zip(expected, found) {
            #expect(output.elementsEqual(value.unicodeScalars), "\(String(output)) instead of \(value)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "PWNED").path))
    }

    /// On a queue of its own: waiting for a process must not hold a thread of the pool.
    private func run(_ shell: String, _ script: String, in folder: URL) async throws {
        let output = folder.appending(path: "out")
        try Data().write(to: output)
        let handle = try FileHandle(forWritingTo: output)
        let queue = DispatchQueue(label: "shell-quoting-test")
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.async {
                let process = Process()
                process.executableURL = URL(filePath: shell)
                process.arguments = [script]
                process.currentDirectoryURL = folder
                process.standardOutput = handle
                do {
                    try process.run()
                    process.waitUntilExit()
                    continuation.resume()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}
