/// Every family of routes that this target brings.
enum BuiltInRoutes {
    static func families(_ surroundings: Surroundings) -> [any RouteFamily] {
        [
            ProbeRoutes(surroundings: surroundings),
            RecommendationRoutes(surroundings: surroundings),
            InvocationRoutes(surroundings: surroundings),
            ItemRoutes(surroundings: surroundings),
            UserRoutes(surroundings: surroundings),
            FeedbackRoutes(surroundings: surroundings),
            ServingRoutes(surroundings: surroundings),
            ReplayRoutes(surroundings: surroundings),
            QualityRoutes(surroundings: surroundings),
            DriftRoutes(surroundings: surroundings),
            PipelineRoutes(surroundings: surroundings),
            RunHistoryRoutes(surroundings: surroundings),
            PipelineFileRoutes(surroundings: surroundings),
            InstallationRoutes(surroundings: surroundings),
            ExampleRoutes(surroundings: surroundings),
            NotificationRoutes(surroundings: surroundings),
            RunOrderRoutes(surroundings: surroundings),
            ChatRoutes(surroundings: surroundings),
            TaskLogRoutes(surroundings: surroundings),
            ModelRoutes(surroundings: surroundings),
            ModelVersionRoutes(surroundings: surroundings),
            StoredFileRoutes(surroundings: surroundings),
            ExperimentRoutes(surroundings: surroundings),
            DatasetRoutes(surroundings: surroundings),
            DataRoutes(surroundings: surroundings),
            StatusRoutes(surroundings: surroundings),
            SystemRoutes(surroundings: surroundings),
            EventRoutes(surroundings: surroundings),
            MetricsRoutes(surroundings: surroundings),
            DescriptionRoutes(surroundings: surroundings),
            PlainPages(surroundings: surroundings),
        ] + MLflowRoutes.families(surroundings.ports, queue: surroundings.files)
    }
}
