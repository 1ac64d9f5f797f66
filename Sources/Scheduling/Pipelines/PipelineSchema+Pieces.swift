/// What the schema is made of.
extension PipelineSchema {
    static func object(
        _ properties: [String: JSONValue], _ description: String, required: [String] = [],
        also: [String: JSONValue] = [:]
    ) -> JSONValue {
        var value = also
        value["type"] = "object"
        value["properties"] = .object(properties)
        value["additionalProperties"] = false
        value["description"] = .string(description)
        if !required.isEmpty { value["required"] = .array(required.map(JSONValue.string)) }
        return .object(value)
    }

    static func text(_ description: String) -> JSONValue {
        ["type": "string", "description": .string(description)]
    }

    static func texts(_ description: String) -> JSONValue {
        ["type": "array", "items": ["type": "string"], "description": .string(description)]
    }

    static func scalar(_ description: String) -> JSONValue {
        ["type": ["string", "number", "boolean"], "description": .string(description)]
    }

    static func choice(_ names: [String], _ description: String) -> JSONValue {
        ["enum": .array(names.map(JSONValue.string)), "description": .string(description)]
    }

    static func duration(_ description: String) -> JSONValue {
        [
            "type": "string", "pattern": "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", "minLength": 2,
            "description": .string(description + " 500ms, 90s, 10m, 1h30m, 2d."),
        ]
    }

    static func either(_ first: JSONValue, _ second: JSONValue, _ description: String) -> JSONValue {
        ["anyOf": [first, second], "description": .string(description)]
    }

    static func bool(_ description: String) -> JSONValue {
        ["type": "boolean", "description": .string(description)]
    }

    static func whole(from least: Int, _ description: String) -> JSONValue {
        ["type": "integer", "minimum": .int(least), "description": .string(description)]
    }

    static func map(of value: JSONValue, _ description: String) -> JSONValue {
        ["type": "object", "additionalProperties": value, "description": .string(description)]
    }

    /// Of a dataset, a pool or a webhook; variables may stand in it.
    static func name(_ description: String) -> JSONValue {
        [
            "type": "string", "pattern": "^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|.*\\$\\{.*)$",
            "description": .string(description),
        ]
    }

    static func names(_ description: String) -> JSONValue {
        ["type": "array", "minItems": 1, "items": name(description), "description": .string(description)]
    }
}
