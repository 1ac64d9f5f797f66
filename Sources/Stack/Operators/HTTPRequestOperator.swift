import Foundation
import Scheduling
import Storage
import Transfer

/// `http/request`: asks a server once, and fails unless it answers as expected.
struct HTTPRequestOperator: Operator {
    let place: Later<Workshop>
    private var workshop: Workshop { place.value }

    let name = "http/request"
    let summary = "Sends one HTTP request and checks the status of the answer; redirects are not followed."
    let settings = [
        SettingSpec(
            "method", .choice(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]), default: .string("GET"),
            help: "the request's method"),
        SettingSpec("url", .string, help: "an address of http or https"),
        SettingSpec("headers", .list, default: .list([]), help: "such as \"Accept: application/json\""),
        SettingSpec("body", .string, isOptional: true, help: "what to send"),
        SettingSpec(
            "expect", .string, default: .string("200-299"),
            help: "statuses that are a success, such as 200,404 or 200-299"),
        SettingSpec("timeout_seconds", .float(0.001...3600), default: .float(30), help: "of everything"),
        SettingSpec(
            "save", .string, isOptional: true, help: "a file in this task's folder for the whole answer (up to 64 MiB)"),
    ]

    /// Of the answer, as an output: outputs of one task have 48 KiB together.
    static let excerptBytes = 8 << 10
    private static let longestAnswer = 1 << 20
    private static let longestSaved = 64 << 20

    func run(_ settings: Settings, _ context: TaskContext) async throws -> TaskOutputs {
        let expected = try StatusRanges(settings.string("expect"))
        let file = try settings.optionalString("save").map(Self.fileName)
        let (method, url) = (settings.string("method"), settings.string("url"))
        var headers = try settings.list("headers").map(Self.header)
        if !headers.contains(where: { $0.name.lowercased() == "idempotency-key" }), method != "GET", method != "HEAD" {
            // A server that knows the header does once what a repeated task asks twice.
            headers.append(("Idempotency-Key", "\(context.run.id)/\(context.taskID)"))
        }
        let reply = try await HTTPTransfer(queue: Queues.requests).request(
            method, url, headers: headers, body: settings.optionalString("body").map { Array($0.utf8) },
            timeout: .milliseconds(Int64(settings.float("timeout_seconds") * 1000)),
            maxResponseBytes: file == nil ? Self.longestAnswer : Self.longestSaved, addresses: workshop.addresses)
        context.log.info("\(method): status \(reply.status), \(reply.body.count) bytes")
        guard expected.contains(reply.status) else {
            let excerpt = String(decoding: reply.body.prefix(200), as: UTF8.self)
            throw StackError.usage(
                "the server answered with status \(reply.status), not \(settings.string("expect")): \(excerpt)",
                remedy: "see what it says, or name the status under `expect`.")
        }
        var outputs = ["status": "\(reply.status)", "body": Self.excerpt(reply.body)]
        if let file {
            let path = "\(try context.taskFolder())/\(file)"
            try await Queues.files.perform { try AtomicFile.write(reply.body, to: path) }
            outputs["file"] = path
        }
        return outputs
    }

    /// At most 8 KiB, not cut in the middle of a character.
    static func excerpt(_ body: [UInt8]) -> String {
        var bytes = body.prefix(excerptBytes)
        if bytes.count < body.count {
            while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
            if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Throws: `StackError` for anything but a plain name: what is saved stays in the task's folder.
    static func fileName(_ text: String) throws -> String {
        guard !text.isEmpty, text != ".", text != "..", !text.contains("/"), !text.utf8.contains(0),
            text.utf8.count < 200
        else {
            throw StackError.usage("save is \"\(text)\", which is no file name.", remedy: "write save: answer.json.")
        }
        return text
    }

    private static func header(_ text: String) throws -> (name: String, value: String) {
        guard let colon = text.firstIndex(of: ":") else {
            // Not the text: it may hold a secret.
            throw StackError.usage("a header has no colon.", remedy: "write \"Name: value\".")
        }
        let value = text[text.index(after: colon)...].drop { $0 == " " }
        return (String(text[..<colon]), String(value))
    }
}

/// `200`, `200-299`, `200,404`
struct StatusRanges: Equatable {
    private var ranges: [ClosedRange<Int>] = []

    init(_ text: String) throws {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
                Int($0.trimmingCharacters(in: .whitespaces))
            }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
                (100...599).contains(first),
                (first...599).contains(last)
            else {
                throw StackError.usage(
                    "expect is \"\(text)\", which names no statuses.", remedy: "write 200, 200-299 or 200,404.")
            }
            ranges.append(first...last)
        }
    }

    func contains(_ status: Int) -> Bool { ranges.contains { $0.contains(status) } }
}
