import Scheduling

extension JSONWriter {
    /// The members of `GET /api/v1/system` that the rest of the program tells.
    mutating func report(_ report: SystemReport) {
        member("peak_memory_bytes", report.peakResidentBytes)
        member(
            "versions",
            object: { json in
                json.member("swift", report.versions.swift)
                json.member("sqlite", report.versions.sqlite)
                json.member("platform", report.versions.platform)
                json.member("build", report.versions.build)
                json.member("cores", report.versions.cores)
                json.member("process_id", Int(report.versions.processID))
            })
        member("subsystems", objects: report.subsystems) { $0.subsystem($1) }
        key("disk")
        if let disk = report.disk { object { $0.disk(disk) } } else { null() }
        member("settings", objects: report.settings) { json, setting in
            json.member("name", setting.name)
            json.member("value", setting.value)
            json.member("origin", setting.origin.rawValue)
            json.member("spelling", setting.spelling)
        }
        key("examination")
        if let examination = report.examination { object { $0.examination(examination) } } else { null() }
    }

    private mutating func subsystem(_ subsystem: Subsystem) {
        member("name", subsystem.name.rawValue)
        member("state", subsystem.state.rawValue)
        member("detail", subsystem.detail)
        member("queues", objects: subsystem.queues) { json, queue in
            json.member("kind", queue.kind.rawValue)
            json.member("name", queue.name)
            json.member("used", queue.used)
            json.member("limit", queue.limit)
            json.member("waiting", queue.waiting)
        }
    }

    private mutating func disk(_ disk: DiskUse) {
        member("measured_at", disk.measuredAt)
        member("free_bytes", disk.freeBytes)
        member("capacity_bytes", disk.capacityBytes)
        member("places", objects: disk.places) { json, place in
            json.member("name", place.name)
            json.member("path", place.path)
            json.member("bytes", place.bytes)
            json.member("files", place.files)
        }
    }

    mutating func examination(_ examination: Examination) {
        member("at", examination.at)
        member("findings", objects: examination.findings) { json, finding in
            json.member("subject", finding.subject)
            json.member("ok", finding.isWell)
            json.member("text", finding.text)
            json.member("remedy", finding.remedy)
        }
    }
}
