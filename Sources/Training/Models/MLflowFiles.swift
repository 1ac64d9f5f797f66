import Foundation

/// What makes a model's folder one of MLflow's: its description, the environment it needs, and an example of its input.
///
/// Neither a time nor the id of a run or of a logged model stands here: the same model is the same bytes, whoever trains it
/// again and wherever. The registry knows them.
enum MLflowFiles {
    /// The signature names the input as MLflow does: a column `user` of text and, if wanted, one `k`.
    ///
    /// MLflow would hold input to it strictly: no ids that are numbers, no plain lists. `is_signature_from_type_hint` says
    /// that the model checks its input itself, as it does; MLflow's scoring server then wants `{"inputs": …}`. Clients
    /// before 2.20 do not know the word and stay strict. The type `any` is no way out: those clients cannot even open such a
    /// model. No Python version is named, since any will do.
    static func mlmodel(uuid: String) -> String {
        """
        flavors:
          python_function:
            code: code
            env:
              conda: \(ArtifactFile.condaEnvironment)
              virtualenv: \(ArtifactFile.pythonEnvironment)
            loader_module: mlstack_model
        is_signature_from_type_hint: true
        mlflow_version: 2.0.0
        model_uuid: '\(uuid.prefix(32))'
        saved_input_example_info:
          artifact_path: \(ArtifactFile.inputExample)
          pandas_orient: split
          serving_input_path: \(ArtifactFile.servingExample)
          type: dataframe
        signature:
          inputs: '[{"type": "string", "name": "user", "required": true}, {"type": "long", "name":
            "k", "required": false}]'
          outputs: '[{"type": "array", "items": {"type": "string"}, "required": true}]'
          params: '[{"name": "k", "default": 10, "shape": null, "type": "long"}]'
        type_hint_from_example: false

        """
    }

    /// By name.
    /// - Parameter exampleUser: for whom the example asks; nil: the model knows nobody, and a stranger asks.
    static func besides(exampleUser: String?) throws -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let user = exampleUser ?? "nobody"
        func text(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        return [
            ArtifactFile.requirements: "numpy\n",
            ArtifactFile.pythonEnvironment: """
            build_dependencies:
            - pip
            - setuptools
            - wheel
            dependencies:
            - -r \(ArtifactFile.requirements)

            """,
            ArtifactFile.condaEnvironment: """
            channels:
            - conda-forge
            dependencies:
            - python
            - pip
            - pip:
              - numpy
            name: mlflow-env

            """,
            ArtifactFile.inputExample: try text(Frame(columns: ["user"], data: [[user]])),
            ArtifactFile.servingExample: try text(["inputs": [["user": user]]]),
        ]
    }

    /// A data frame in pandas' orientation `split`.
    private struct Frame: Encodable {
        var columns: [String]
        var data: [[String]]
    }
}
