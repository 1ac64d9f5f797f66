/// Placeholders until the reading side is merged.
extension Condition { func verdict(in scope: RenderScope) throws(RenderError) -> Verdict { Verdict(holds: true, shown: "") } }
extension ForEach { func items(in scope: RenderScope) throws(RenderError) -> [String] { [] } }
extension TaskSpec { var modelReferences: [[String]] { [] } }
