import Testing

@testable import Stack

struct LineDiffTests {
    @Test func `equal texts differ in nothing`() {
        #expect(LineDiff(from: "a\nb\n", to: "a\nb\n").text(from: "x", to: "y") == "")
    }

    @Test func `a changed line stands with three lines around it`() {
        let old = (1...12).map { "\($0)\n" }.joined()
        let new = old.replacing("\n6\n", with: "\nsix\n")
        #expect(
            LineDiff(from: old, to: new).text(from: "old", to: "new") == """
                --- old
                +++ new
                @@ -3,7 +3,7 @@
                 3
                 4
                 5
                -6
                +six
                 7
                 8
                 9

                """)
    }

    @Test func `changes far from each other are two stretches, and lines are counted on both sides`() {
        let old = (1...20).map { "\($0)\n" }.joined()
        let new = old.replacing("1\n2\n3\n", with: "1\n3\n").replacing("\n20\n", with: "\n20\n21\n")
        let text = LineDiff(from: old, to: new).text(from: "a", to: "b")
        #expect(text.contains("@@ -1,5 +1,4 @@\n"))
        #expect(text.contains("@@ -18,3 +17,4 @@\n"))
    }

    @Test func `a new text is all added`() {
        #expect(
            LineDiff(from: "", to: "a\nb\n").text(from: "/dev/null", to: "f")
                == "--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n")
    }
}
