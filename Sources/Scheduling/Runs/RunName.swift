/// The ids of runs: the pipeline, then the logical date as the pipeline's zone shows it.
package enum RunName {
    /// Ids name folders too: letters, digits and `. _ : -`, at most 200, no dot in front.
    static func isValid(_ id: String) -> Bool {
        let others: Set<UInt8> = [0x2e, 0x5f, 0x3a, 0x2d]
        return !id.isEmpty && id.utf8.count <= 200 && !id.hasPrefix(".")
            && id.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || others.contains(byte)
            }
    }

    /// Of a scheduled run: the same firing gives the same name, so that it is made once.
    /// - Parameter trigger: position in the file; the triggers after the first that fires at a moment are told apart by it.
    static func scheduled(_ pipelineID: String, _ date: Instant, trigger: Int, isSecond: Bool, zone: ZoneRules)
        -> String
    {
        "\(pipelineID)-\(stamp(date, zone))" + (isSecond ? "-t\(trigger)" : "")
    }

    /// Of a run that somebody started.
    /// - Parameter count: of such starts by this process, so that two in one millisecond differ.
    static func manual(_ pipelineID: String, _ date: Instant, now: Instant, count: Int, zone: ZoneRules) -> String {
        let mark = StableFraction.hex("\(pipelineID)/\(now.milliseconds)/\(count)", digits: 4)
        return "\(pipelineID)-\(stamp(date, zone))-\(mark)"
    }

    /// Of a run that a dataset or the end of another run makes: the same cause gives the same, so that it is made once.
    static func caused(_ pipelineID: String, by cause: String, date: Instant, zone: ZoneRules) -> String {
        "\(pipelineID)-\(stamp(date, zone))-\(StableFraction.hex(cause, digits: 8))"
    }

    /// Of a run that a task starts: a second attempt of the task gets the same.
    package static func started(_ pipelineID: String, by parent: DAGRun, taskID: String) -> String {
        let own = parent.id.dropFirst(parent.pipelineID.count + 1).prefix(15)
        let date =
            own.count == 15 && parent.id.hasPrefix(parent.pipelineID + "-")
            ? String(own) : stamp(parent.logicalDate, .utc)
        return "\(pipelineID)-\(date)-\(StableFraction.hex("\(parent.id)/\(taskID)", digits: 8))"
    }

    /// `20150109T223000`; an hour that a clock shows twice gets its offset the second time: `20151101T013000-0500`.
    static func stamp(_ date: Instant, _ zone: ZoneRules) -> String {
        let offset = zone.offsetSeconds(at: date)
        let text = digits(date.rfc3339(in: zone))
        let dayBefore = zone.offsetSeconds(at: date.advanced(by: .seconds(-86_400)))
        let twin = date.advanced(by: .seconds(offset - dayBefore))
        let isRepeated = dayBefore > offset && zone.offsetSeconds(at: twin) == dayBefore
        if !isRepeated { return String(text.prefix(15)) }
        let minutes = abs(offset) / 60
        let size = String(10_000 + minutes / 60 * 100 + minutes % 60).dropFirst()
        return text.prefix(15) + (offset < 0 ? "-" : "+") + size
    }

    private static func digits(_ text: String) -> String { text.filter { $0 != "-" && $0 != ":" } }
}

extension RunStart {
    /// What a task of the type `pipeline/run` asks for: started twice by the same task, it is the same run.
    package init(pipelineID: String, params: [String: String] = [:], parent: DAGRun, taskID: String) {
        self.init(
            pipelineID: pipelineID, params: params, parent: parent,
            id: RunName.started(pipelineID, by: parent, taskID: taskID))
    }
}
