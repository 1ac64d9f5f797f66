/// `triggers` in the schema.
extension PipelineSchema {
    static var trigger: JSONValue {
        let kinds = ["cron", "every", "dataset", "after", "webhook"]
        let dataset: JSONValue = [
            "anyOf": [
                name("A dataset."), names("Datasets that must all have a new version."),
                object(
                    [
                        "name": name("A dataset."), "all": names("Each must have a new version."),
                        "any": names("A new version of one is enough."), "min_new_rows": minNewRows,
                        "debounce": debounce,
                    ], "Which new versions."),
            ],
            "description": "New versions of datasets that tasks produce.",
        ]
        let after: JSONValue = [
            "anyOf": [
                text("A pipeline's id."),
                object(
                    [
                        "pipeline": text("Its id."),
                        "states": [
                            "type": "array", "items": ["enum": ["success", "failed", "cancelled"]],
                            "description": "Default success.",
                        ],
                    ], "Which ends.", required: ["pipeline"]),
            ],
            "description": "The end of another pipeline's run.",
        ]
        return object(
            [
                "cron": text("Five fields or a preset, e.g. \"30 2 * * MON-FRI\" or @daily."),
                "every": duration("Counted from start, at least 1s."),
                "dataset": dataset, "after": after,
                "webhook": name("POST /api/v1/hooks/{name} starts a run."),
                "min_new_rows": minNewRows, "debounce": debounce,
                "clock": choice(ClockName.allCases.map(\.rawValue), "Of cron and every; default wall."),
                "start": text("No firing before: 2015-01-01, 2015-01-01T22:30, or with an offset."),
                "end": text("No firing after."),
                "catchup": choice(Catchup.allCases.map(\.rawValue), "What becomes of missed firings; default none."),
                "params": map(of: scalar("A value; ${event.…} is what the trigger saw."), "For the runs it starts."),
            ], "When it runs.",
            also: ["oneOf": .array(kinds.map { ["required": .array([.string($0)])] })])
    }

    private static var minNewRows: JSONValue { whole(from: 0, "Of a dataset: nothing happens below so many.") }
    private static var debounce: JSONValue { duration("Of a dataset: wait until so long nothing new has come.") }
}
