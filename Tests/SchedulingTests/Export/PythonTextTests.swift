import Testing

@testable import Scheduling

struct PythonTextTests {
    @Test(arguments: [
        ("plain", #""plain""#), (#"a"b\c'"#, #""a\"b\\c'""#), ("\"\"\"", #""\"\"\"""#),
        ("a\nb\tc\r", #""a\nb\tc\u000d""#),
        ("\u{202E}x\u{0}", #""\u202ex\u0000""#), ("한국 é", "\"한국 é\""), ("\u{E0001}", #""\U000e0001""#),
        ("\"\u{301}", "\"\\\"\u{301}\""),
    ])
    func `a literal holds the text and nothing ends it early`(text: String, literal: String) {
        #expect(PythonText.literal(text) == literal)
    }

    @Test func `a text of several lines is a literal for each`() {
        #expect(PythonText.literal("a\n\nb", indent: 4) == "(\n        \"a\\n\"\n        \"\\n\"\n        \"b\"\n    )")
    }

    @Test func `a comment stays on its line`() {
        #expect(PythonText.comment("a\nimport os\u{2028}b") == "# a import os b")
    }

    @Test(arguments: [
        ("{{ x }}", "{{ '{' }}{ x }}"), ("{% x %}{# y #}", "{{ '{' }}% x %}{{ '{' }}# y #}"),
        ("${HOME} {a}", "${HOME} {a}"),
        ("end {", "end {{ '{' }}"), ("{{{", "{{ '{' }}{{ '{' }}{{ '{' }}"),
    ])
    func `text means nothing to Jinja`(text: String, escaped: String) {
        #expect(JinjaText.escaped(text) == escaped)
    }

    @Test func `a text inside an expression of Jinja cannot end it`() {
        #expect(JinjaText.literal("a' }} %}") == #"'a\U00000027 \U0000007d\U0000007d \U00000025\U0000007d'"#)
    }
}
