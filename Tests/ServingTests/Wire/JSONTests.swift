import NIOCore
import Testing

@testable import Serving

@Suite struct JSONTests {
    @Test(
        arguments: [
            ("null", JSONValue.null), ("true", true), ("-0", 0), ("12", 12), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)), ("-9223372036854775809", .number(-9_223_372_036_854_775_809)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5e2", .number(150)), ("\"\"", ""),
            (#""a\u00e9\ud83d\ude00\n\/\\""#, "aé😀\n/\\"), ("[ ]", []), (" [1, [2]] ", [1, [2]]),
            (#"{"a":{"b":null}}"#, .object(["a": .object(["b": .null])])),
        ] as [(String, JSONValue)])
    func `JSON is read`(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru", "01", "1.", ".5", "+1", "1e", "--1", "NaN", "Infinity", "'a'", "\"", "\"\\x\"",
        "\"\\u12\"", "\"\\u+123\"",
        "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\u{1}\"", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}",
        "{\"a\":1,\"a\":2}", "1 2", "[", "{",
        "1e999",
    ])
    func `what is no JSON is refused`(_ text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        let bytes: [UInt8] = [0x22, 0xFF, 0x22]
        #expect(throws: JSONSyntaxError.self) { try bytes.withUnsafeBufferPointer { try JSONParser.parse($0) } }
    }

    @Test func `nesting has a bound`() throws {
        let depth = JSONParser.maximumDepth
        _ = try JSONParser.parse(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        #expect(throws: JSONSyntaxError.self) {
            try JSONParser.parse(String(repeating: "[", count: depth + 1) + String(repeating: "]", count: depth + 1))
        }
    }

    @Test func `an error tells where`() {
        #expect(throws: JSONSyntaxError(message: "a value was expected", offset: 5)) {
            try JSONParser.parse(#"{"a":x}"#)
        }
    }

    @Test(arguments: [1, 12, 13, 14, 500])
    func `of any number of members each is found, and none may come twice`(_ count: Int) throws {
        func text(_ numbers: some Sequence<Int>) -> String {
            "{" + numbers.map { "\"member \($0)\":\($0)" }.joined(separator: ",") + "}"
        }
        let object = try JSONParser.parse(text(0..<count))
        for number in 0..<count { #expect(object["member \(number)"] == .integer(Int64(number))) }
        #expect(object["member \(count)"] == nil && object.object?.count == count)
        #expect(try JSONParser.parse(text((0..<count).reversed())) == object)
        for twice in [0, count - 1] {
            #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text(Array(0..<count) + [twice])) }
        }
    }

    @Test func `what is written can be read back`() throws {
        var json = JSONWriter()
        json.object { json in
            json.member("plain", "text")
            json.member("awkward", "\"\\\n\r\t\u{0}\u{1F}\u{7F}é😀</script>")
            json.member("none", nil as String?)
            json.member("int", Int.min)
            json.member("whole", 3.0)
            json.member("double", 0.1)
            json.member("tiny", Double.leastNonzeroMagnitude)
            json.member("nan", Double.nan)
            json.member("map", ["b": "2", "a\"": "1"])
            json.member(
                "list",
                array: { json in
                    json.bool(true)
                    json.object { _ in }
                    json.array { _ in }
                    json.float(2.5)
                    json.float(.infinity)
                })
        }
        let text = String(buffer: json.buffer)
        #expect(text.contains(#""whole":3,"#))
        #expect(text.contains(#""map":{"a\"":"1","b":"2"}"#))
        #expect(
            try JSONParser.parse(text)
                == .object([
                    "plain": "text", "awkward": "\"\\\n\r\t\u{0}\u{1F}\u{7F}é😀</script>", "none": .null,
                    "int": .integer(.init(Int.min)),
                    "whole": 3, "double": 0.1, "tiny": .number(.leastNonzeroMagnitude), "nan": .null,
                    "map": .object(["b": "2", "a\"": "1"]), "list": [true, .object([:]), [], 2.5, .null],
                ]))
    }
}
