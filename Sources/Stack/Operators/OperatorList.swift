import Scheduling

/// The built-in task types: one line each.
enum OperatorList {
    typealias Making = @Sendable (Later<Workshop>, Later<any Orchestrator>) -> OperatorCatalogue

    @Sendable static func catalogue(_ workshop: Later<Workshop>, _ orchestrator: Later<any Orchestrator>)
        -> OperatorCatalogue
    {
        OperatorCatalogue([
            IngestOperator(place: workshop),
            TestProductionOperator(place: workshop),
            DriftOperator(place: workshop),
            MatrixOperator(place: workshop),
            TrainOperator(place: workshop),
            EvaluateOperator(place: workshop),
            RegisterOperator(place: workshop),
            PromoteOperator(place: workshop),
            DeployOperator(place: workshop),
            FileRegisterOperator(place: workshop),
            HTTPRequestOperator(place: workshop),
            NotifyOperator(place: workshop),
            PipelineRunOperator(place: orchestrator),
        ])
    }

    /// The task types as a pipeline file sees them: their names and settings, with nothing behind.
    static var descriptions: [any Operator] { catalogue(Later(), Later()).all }
}
