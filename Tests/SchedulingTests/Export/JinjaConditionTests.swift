import Testing

@testable import Scheduling

struct JinjaConditionTests {
    @Test(arguments: [
        ("params.x > 1", "less(1, given(params['x']))"), ("params.x <= 1", "(not less(1, given(params['x'])))"),
        ("params.x == 'it}}'", #"equal(given(params['x']), 'it\U0000007d\U0000007d')"#),
        ("not params.b and params.x != 2", "((not truth(given(params['b']))) and (not equal(given(params['x']), 2)))"),
        ("params.x in [1, 2]", "contains([1, 2], given(params['x']))"),
        (
            "params.x ?? 3 > 2",
            "less(2, (given(params['x']) if given(params['x']) is not none else 3))"
        ),
    ])
    func `a condition asks Jinja the same`(text: String, expected: String) throws {
        let pipeline = try #require(
            compile(
                "pipeline: p\nparams:\n  x: {type: int, default: 1}\n  b: {type: bool, default: true}\n"
                    + "tasks: {t: {run: echo, when: \"\(text)\"}}\n"
            ).pipeline)
        let condition = try #require(pipeline.tasks[0].when)
        let jinja = JinjaCondition(jinja: JinjaText(pipeline)).text(condition)
        #expect(jinja == "{{ require(\(expected), \(JinjaText.literal(condition.text))) }}")
    }
}
