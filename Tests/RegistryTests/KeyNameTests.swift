import Registry
import Testing

struct KeyNameTests {
    @Test(arguments: [
        "loss", "val/loss", "a.b-c_d e:f", "精度", "é1", "x²", "...a".replacing("...", with: "a.."), "a/b/c",
    ])
    func `letters, digits and the six signs are allowed`(_ name: String) throws {
        try KeyName.check(name, parameter: "key")
    }

    @Test(arguments: ["ndcg@10", "a+b", "a\\b", "a,b", "a?b", "a\"b", "a\nb", "क\u{93F}", "😀"])
    func `other characters are refused`(_ name: String) {
        #expect(throws: RegistryError.self) { try KeyName.check(name, parameter: "key") }
    }

    @Test(arguments: ["/a", "a/", "a//b", "./a", "a/.", ".", "..", "../a", "a/../b", "..a"])
    func `a name that would be another path is refused`(_ name: String) {
        #expect(throws: RegistryError.self) { try KeyName.check(name, parameter: "key") }
    }

    @Test func `the refusal of a ranking metric tells the name to use`() {
        let error = #expect(throws: RegistryError.self) { try KeyName.check("ndcg@10", parameter: "metrics[0].name") }
        let text = error?.errorDescription ?? ""
        #expect(text.contains("Invalid value \"ndcg@10\" for parameter 'metrics[0].name' supplied"))
        #expect(text.hasSuffix("For ndcg@10 use ndcg_at_10."))
    }

    @Test func `an empty name is a missing value`() {
        #expect(throws: RegistryError.invalid("Missing value for required parameter 'key'")) {
            try KeyName.check("", parameter: "key")
        }
    }

    @Test func `250 characters are allowed and 251 are not, whatever their bytes`() throws {
        try KeyName.check(String(repeating: "é", count: 250), parameter: "key")
        #expect(throws: RegistryError.self) {
            try KeyName.check(String(repeating: "é", count: 251), parameter: "key")
        }
    }
}
