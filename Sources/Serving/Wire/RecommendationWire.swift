import Training

extension JSONWriter {
    /// `name`, `version`, `alias`: which model made an answer.
    mutating func modelReference(_ model: LiveModel) {
        member("name", model.name)
        member("version", model.version)
        member("alias", model.alias)
    }

    /// `items` with their scores, best first; with `explained` before them, and `because` in each, when reasons were asked
    /// for.
    mutating func items(
        _ best: Recommendation, explains: Bool, of model: LiveModel, catalogue: ItemCatalogue
    ) {
        if explains { member("explained", best.reasons != nil) }
        key("items")
        array { json in
            for (place, scored) in best.items.enumerated() {
                let id = model.recommender.items[scored.item]
                json.object { json in
                    json.itemFacts(id, catalogue[id])
                    json.key("score")
                    json.float(scored.score)
                    if explains { json.because(best.reasons?[place] ?? [], of: model, catalogue: catalogue) }
                }
            }
        }
    }

    private mutating func because(_ reasons: [ScoredItem], of model: LiveModel, catalogue: ItemCatalogue) {
        key("because")
        array { json in
            for reason in reasons {
                let id = model.recommender.items[reason.item]
                json.object { json in
                    json.member("item", id)
                    json.member("title", catalogue[id]?.title)
                    json.key("weight")
                    json.float(reason.score)
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
