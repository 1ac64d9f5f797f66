import Testing

@testable import Scheduling

struct PipelineGraphTests {
    private static let source = """
        pipeline: p
        tasks:
          ingest: {uses: replay/ingest}
          end: {needs: [ingest], run: "x", when: run.id != '<b>"', pool: gpu}
          report: {needs: [ingest, end], trigger_rule: none_failed, run: x}
        """

    @Test func `a terminal shows the levels with arrows from what a task needs`() throws {
        #expect(
            PipelineGraph.text(try compiled(Self.source)) == """
                p
                  ingest  replay/ingest
                  ↓
                  end     shell          ← ingest  (when run.id != '<b>"'; pool gpu)
                  ↓
                  report  shell          ← ingest, end  (none_failed)

                """)
    }

    @Test func `Mermaid gets names that are none of its words, and labels that are only text`() throws {
        #expect(
            PipelineGraph.mermaid(try compiled(Self.source)) == """
                flowchart LR
                    t0["ingest<br/>replay/ingest"]
                    t1["end<br/>shell<br/>when run.id #33;#61; #39;#60;b#62;#34;#39;<br/>pool gpu"]
                    t2["report<br/>shell<br/>none_failed"]
                    t0 --> t1
                    t0 --> t2
                    t1 --> t2

                """)
    }
}
