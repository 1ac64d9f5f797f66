import CYaml

struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd, listEnd, mapEnd
        case alias(String)
        case scalar(String, isPlain: Bool, tag: String?, anchor: String?)
        case listStart(tag: String?, anchor: String?)
        case mapStart(tag: String?, anchor: String?)
    }
    var kind: Kind
    var start: SourcePosition
    var end: SourcePosition
}

/// libyaml's parser over bytes that it owns, one event at a time.
///
/// A class, because the parser holds pointers into itself and must not move.
final class EventStream {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ source: [UInt8]) {
        bytes = .allocate(capacity: source.count)
        _ = bytes.initialize(from: source)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { preconditionFailure("libyaml found no memory for its parser") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deinitialize(count: 1)
        parser.deallocate()
        bytes.deallocate()
    }

    func next() throws(YAMLProblem) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(
            kind: Self.kind(of: event), start: Self.position(event.start_mark), end: Self.position(event.end_mark))
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_SEQUENCE_END_EVENT: return .listEnd
        case YAML_MAPPING_END_EVENT: return .mapEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            return .listStart(tag: text(data.tag), anchor: text(data.anchor))
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            return .mapStart(tag: text(data.tag), anchor: text(data.anchor))
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let value = String(decoding: UnsafeBufferPointer(start: data.value, count: data.length), as: UTF8.self)
            let isPlain = data.style == YAML_PLAIN_SCALAR_STYLE
            return .scalar(value, isPlain: isPlain, tag: text(data.tag), anchor: text(data.anchor))
        default: return .streamEnd
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    /// libyaml counts from 0, and columns in Unicode scalars.
    private static func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }

    private var problem: YAMLProblem {
        let parser = parser.pointee
        var sentence = parser.problem.map { String(cString: $0) } ?? "the text is not YAML"
        if let context = parser.context { sentence += " (\(String(cString: context)))" }
        // The reader finds bytes before there is a mark; the mark of the parser is near.
        let mark = parser.error == YAML_READER_ERROR ? parser.mark : parser.problem_mark
        // It looks ahead, and so may find more depth than it has handed out.
        if sentence.contains("nesting level") {
            return YAMLProblem(kind: .tooDeep, sentence: "values are nested too deep", position: Self.position(mark))
        }
        return YAMLProblem(kind: .syntax, sentence: sentence, position: Self.position(mark))
    }
}
