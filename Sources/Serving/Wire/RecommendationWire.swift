import Training

extension JSONWriter {
    /// `name`, `version`, `alias`: which model made an answer.
    mutating func modelReference(_ model: LiveModel) {
        member("name", model.name)
        member("version", model.version)
        member("alias", model.alias)
    }

    /// `items` with their scores, best first.
    mutating func items(_ best: [ScoredItem], of model: LiveModel, catalogue: ItemCatalogue) {
        key("items")
        array { json in
            for scored in best {
                let id = model.recommender.items[scored.item]
                json.object { json in
                    json.itemFacts(id, catalogue[id])
                    json.key("score")
                    json.float(scored.score)
                }
            }
        }
    }

    /// `item`, `title`, `year`, `genres`; the latter null or empty for an item that the catalogue lacks.
    mutating func itemFacts(_ id: String, _ item: Item?) {
        member("item", id)
        member("title", item?.title)
        member("year", item?.year)
        member("genres", item?.genres ?? [])
    }
}
