import Hummingbird
import Scheduling
import Training

/// The ratings themselves: what each day brought, what lies on the disk, what was left out, and what clients sent.
struct DataRoutes: RouteFamily {
    let surroundings: Surroundings

    func register(in table: inout RouteTable) {
        guard let data = surroundings.ports.data else { return }
        table.get(
            "/api/v1/data",
            RouteDocumentation(
                "What the store has of the dataset that is replayed: files, sizes, licence", tag: "datasets",
                answers: "Data", failures: [503])
        ) { call in
            try QueryFields(call).finish()
            let holdings = try await data.holdings()
            return .json { $0.holdings(holdings) }
        }
        table.get(
            "/api/v1/data/days",
            RouteDocumentation(
                "What each day of the whole dataset brought, in columns from `first_day` on; days after the clock have not "
                    + "arrived yet",
                tag: "datasets", answers: "DataDays")
        ) { call in
            try QueryFields(call).finish()
            let days = try await data.days()
            return .json(capacity: 256 + 32 * days.count) { $0.days(days) }
        }
        table.get(
            "/api/v1/data/rejected",
            RouteDocumentation(
                "Lines of the source that were no ratings, with their numbers and what is wrong", tag: "datasets",
                query: [.init("limit", .integer, "How many lines are told, up to 1000; 50 when absent.")],
                answers: "RejectedData", failures: [422])
        ) { call in
            var fields = try QueryFields(call)
            let limit = try fields.int("limit", in: 0...1000) ?? 50
            try fields.finish()
            let rejected = try await data.rejected(limit: limit)
            return .json { $0.rejected(rejected) }
        }
        table.get(
            "/api/v1/data/available",
            RouteDocumentation(
                "Datasets that a name finds here, and the public ones that can be fetched", tag: "datasets",
                answers: "AvailableDatasets")
        ) { call in
            try QueryFields(call).finish()
            let offers = try await data.available()
            return .json { json in
                json.member("datasets", objects: offers) { $0.offer($1) }
            }
        }
        table.get(
            "/api/v1/feedback",
            RouteDocumentation(
                "The queue of feedback events: what is stored, what waits for a simulated day, which days took up what",
                tag: "feedback", answers: "FeedbackQueue")
        ) { call in
            try QueryFields(call).finish()
            let queue = try await data.feedback()
            return .json { $0.feedback(queue) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func holdings(_ holdings: DataHoldings) {
        member("dataset", holdings.dataset)
        member("form", holdings.form)
        member("ratings", holdings.ratings)
        member("users", holdings.users)
        member("items", holdings.items)
        member("days", holdings.days)
        member("content_hash", holdings.contentHash)
        member("source_files", array: { $0.files(holdings.sourceFiles) })
        member("log_folder", holdings.logFolder)
        member("log_files", array: { $0.files(holdings.logFiles) })
        licence(holdings.licence)
        member("readme", holdings.readme)
    }

    private mutating func files(_ files: [DataHoldings.File]) {
        for file in files {
            object { json in
                json.member("path", file.path)
                json.member("bytes", file.bytes)
            }
        }
    }

    private mutating func licence(_ licence: DatasetLicence?) {
        key("licence")
        guard let licence else { return null() }
        object { json in
            json.member("name", licence.name)
            json.member("terms", licence.terms)
        }
    }

    fileprivate mutating func days(_ days: RatingDays) {
        member("first_day", Instant(seconds: days.firstDaySeconds).date)
        member("ratings", integers: days.ratings)
        member("users", integers: days.users)
        member("new_users", integers: days.newUsers)
        member("items", integers: days.items)
        member("new_items", integers: days.newItems)
        // Four places: nobody reads more, and thousands of days have as many digits to carry.
        member(
            "rating_mean",
            array: { json in for mean in days.ratingMeans { json.double((mean * 1e4).rounded() / 1e4) } })
    }

    private mutating func member(_ name: StaticString, integers: [Int]) {
        member(name, array: { json in for number in integers { json.int(number) } })
    }

    fileprivate mutating func rejected(_ rejected: RejectedData) {
        member("rejected", rejected.count)
        member("total", rejected.total)
        member("path", rejected.path)
        member("lines", objects: rejected.lines) { json, line in
            json.member("line", line.line)
            json.member("problem", line.problem)
            json.member("text", line.text)
        }
    }

    fileprivate mutating func offer(_ offer: DatasetOffer) {
        member("name", offer.name)
        member("path", offer.path)
        member("ratings", offer.ratings)
        member("megabytes", offer.megabytes)
        licence(offer.licence)
        member("can_be_fetched", offer.canBeFetched)
    }

    fileprivate mutating func feedback(_ queue: FeedbackQueue) {
        member("stored", queue.stored)
        member("waiting", queue.waiting)
        member("arriving", queue.arriving)
        member("arriving_limit", queue.arrivingLimit)
        member("accepted", queue.accepted)
        member("duplicates", queue.duplicates)
        member("last_received_at", queue.lastReceivedAt)
        member("closed_days", queue.closedDayCount)
        member("days", objects: queue.closedDays) { json, day in
            json.member("date", day.day.date)
            json.member("closed_at", day.closedAt)
            json.member("events", day.events)
        }
    }
}
