/// Invents titles: none is meant to be a film's.
struct FilmTitles {
    private var used: Set<String> = []

    /// Words that sound like their genre, for titles of the form "The Silent Harbour".
    private static let words: [(genre: String, first: [String], second: [String])] = [
        (
            "Action", ["Burning", "Final", "Iron", "Rogue", "Thunder", "Broken", "Last", "Crimson"],
            ["Convoy", "Vendetta", "Squadron", "Bridge", "Ransom", "Voltage", "Pursuit", "Barricade"]
        ),
        (
            "Adventure", ["Lost", "Emerald", "Distant", "Uncharted", "Sunken", "Northern", "Golden", "Forgotten"],
            ["Caravan", "Lagoon", "Compass", "Expedition", "Archipelago", "Summit", "Atlas", "Galleon"]
        ),
        (
            "Animation", ["Little", "Paper", "Bouncing", "Painted", "Tiny", "Singing", "Clockwork", "Velvet"],
            ["Badger", "Teapot", "Lanterns", "Acrobats", "Umbrella", "Orchard", "Penguins", "Marionette"]
        ),
        (
            "Comedy", ["Awkward", "Borrowed", "Accidental", "Unlikely", "Second", "Hopeless", "Double", "Sunday"],
            ["Honeymoon", "Landlord", "Cousins", "Reunion", "Wedding", "Plumbers", "Neighbours", "Roommates"]
        ),
        (
            "Crime", ["Crooked", "Silent", "Stolen", "Midnight", "Marked", "Cold", "Seventh", "Hidden"],
            ["Ledger", "Alibi", "Syndicate", "Informant", "Safehouse", "Verdict", "Getaway", "Docklands"]
        ),
        (
            "Documentary",
            ["Inside", "Counting", "Beyond", "Mapping", "Saving", "Voices of", "Hours of", "Letters from"],
            ["Glaciers", "Typewriters", "Beekeepers", "Trains", "Reefs", "Looms", "Lighthouses", "Deserts"]
        ),
        (
            "Drama", ["Quiet", "Winter", "Falling", "Unspoken", "Fading", "Her", "Autumn", "Grey"],
            ["Inheritance", "Harvest", "Promise", "Daughters", "Windows", "Silence", "Harbour", "Confession"]
        ),
        (
            "Fantasy", ["Enchanted", "Moonlit", "Eternal", "Silver", "Whispering", "Ancient", "Raven", "Starlit"],
            ["Chalice", "Kingdom", "Sorcerer", "Thicket", "Dragonfly", "Oracle", "Mirror", "Tapestry"]
        ),
        (
            "Horror", ["Hollow", "Bleeding", "Nameless", "Rotting", "Pale", "Screaming", "Buried", "Sleepless"],
            ["Cellar", "Parish", "Congregation", "Nursery", "Ritual", "Swamp", "Lullaby", "Asylum"]
        ),
        (
            "Romance", ["Tender", "Summer", "Endless", "Almost", "Secret", "Parisian", "Rainy", "Forever"],
            ["Valentine", "Serenade", "Kisses", "Balcony", "Goodbye", "Courtship", "Waltz", "Rendezvous"]
        ),
        (
            "Sci-Fi", ["Orbital", "Synthetic", "Quantum", "Martian", "Stellar", "Binary", "Zero", "Neon"],
            ["Colony", "Protocol", "Paradox", "Android", "Signal", "Horizon", "Reactor", "Exodus"]
        ),
        (
            "Thriller", ["Fatal", "Vanishing", "Deadly", "Blind", "Paranoid", "Twisted", "Sudden", "Fractured"],
            ["Witness", "Passenger", "Obsession", "Countdown", "Stranger", "Motive", "Deception", "Surveillance"]
        ),
        (
            "War", ["Fallen", "Distant", "Forgotten", "Winter", "Muddy", "Scarlet", "Lonely", "Frozen"],
            ["Regiment", "Trenches", "Armistice", "Battalion", "Frontline", "Bugle", "Beachhead", "Medic"]
        ),
        (
            "Western", ["Dusty", "Lonesome", "Wild", "Dry", "Scorched", "Outlaw", "Prairie", "Copper"],
            ["Canyon", "Saddle", "Stagecoach", "Sheriff", "Gulch", "Mustang", "Homestead", "Railhead"]
        ),
    ]

    static let genres = words.map(\.genre)
    private static let patterns = ["The %1 %2", "%1 %2", "%2", "A %1 %2", "Return of the %2", "%1 %2, Part Two"]

    /// A title that was not given before, with its year as MovieLens writes it.
    mutating func next(genre: Int, year: Int, random: inout SplitMix64) -> String {
        let words = FilmTitles.words[genre]
        var part = 1
        while true {
            let first = words.first[Int(random.next() % UInt64(words.first.count))]
            let second = words.second[Int(random.next() % UInt64(words.second.count))]
            let pattern = FilmTitles.patterns[Int(random.next() % UInt64(FilmTitles.patterns.count))]
            var title = pattern.replacing("%1", with: first).replacing("%2", with: second)
            if part > 20 { title += " \(part / 20 + 1)" }
            part += 1
            let dated = "\(title) (\(year))"
            if used.insert(dated).inserted { return dated }
        }
    }
}
