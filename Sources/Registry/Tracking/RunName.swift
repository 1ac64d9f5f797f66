/// Names for runs that came without one: an adjective, a noun and a number, such as `patient-otter-417`.
package enum RunName {
    /// The tag that holds a run's name and is kept in step with it.
    package static let tag = "mlflow.runName"

    package static func make(_ random: () -> UInt64) -> String {
        // Remainders of 64 random bits by such small numbers are as good as uniform.
        let adjective = adjectives[Int(random() % UInt64(adjectives.count))]
        let noun = nouns[Int(random() % UInt64(nouns.count))]
        return "\(adjective)-\(noun)-\(random() % 1000)"
    }

    static let adjectives = [
        "able", "agile", "amber", "ample", "apt", "bold", "brave", "bright", "brisk", "calm", "candid", "clear",
        "clever", "cosmic", "crisp", "curious", "daring", "dapper", "eager", "early", "fair", "famous", "fancy",
        "fond", "frank", "gentle", "glad", "golden", "grand", "hardy", "honest", "humble", "jolly", "keen", "kind",
        "learned", "light", "lively", "lucky", "mellow", "merry", "mighty", "modest", "nimble", "noble", "patient",
        "placid", "polite", "proud", "quick", "quiet", "rapid", "rare", "serene", "sharp", "silent", "sincere",
        "sleek", "smart", "spry", "steady", "sunny", "swift", "tidy", "upbeat", "valiant", "vivid", "warm", "wise",
        "witty", "zesty",
    ]

    static let nouns = [
        "ant", "auk", "badger", "bat", "bear", "bee", "bird", "boar", "calf", "cat", "cod", "colt", "crab", "crane",
        "crow", "cub", "deer", "doe", "dolphin", "dove", "duck", "eel", "elk", "falcon", "fawn", "finch", "fish",
        "fox", "frog", "gnu", "goat", "goose", "grouse", "gull", "hare", "hawk", "hen", "heron", "horse", "ibis",
        "jay", "kit", "koala", "lamb", "lark", "lynx", "mare", "mink", "mole", "moose", "moth", "mouse", "mule",
        "newt", "otter", "owl", "panda", "perch", "pig", "pike", "puma", "quail", "rat", "raven", "robin", "seal",
        "shark", "sheep", "shrew", "snail", "sow", "squid", "stag", "stoat", "swan", "tern", "toad", "trout",
        "vole", "wasp", "whale", "wolf", "wren", "yak", "zebra",
    ]
}
