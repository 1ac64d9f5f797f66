/// What came of the work of an attempt, and what it used whether or not it succeeded.
package struct MeasuredOutputs: Sendable {
    package var result: Result<TaskOutputs, any Error>
    /// nil when the work was never begun.
    package var measures: TaskMeasures?
    /// To be stored together with the success.
    package var messages: [Notification] = []

    package init(_ result: Result<TaskOutputs, any Error>, _ measures: TaskMeasures?) {
        (self.result, self.measures) = (result, measures)
    }

    package init(failure: any Error) { self.init(.failure(failure), nil) }
}
