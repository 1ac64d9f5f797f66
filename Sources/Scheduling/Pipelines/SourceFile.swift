/// A file that is being read, and what its names stand for.
struct SourceFile {
    /// For messages.
    let name: String
    let lines: SourceLines
    /// nil: the pipeline's own file.
    var inclusion: Inclusion?

    init(name: String, text: String, inclusion: Inclusion? = nil) {
        (self.name, self.inclusion) = (name, inclusion)
        lines = SourceLines(text)
    }
}

/// What a file of shared tasks was given by the pipeline that includes it.
struct Inclusion {
    /// What one of its params stands for.
    enum Argument {
        /// The name of the constant that holds it, among the pipeline's variables.
        case constant(String)
        /// Filled in later: what the pipeline names in its place.
        case reference(namespace: String, path: [String])
    }

    /// Before the ids of its tasks.
    var prefix = ""
    var paramNames: [String] = []
    var arguments: [String: Argument] = [:]
    /// As they stand in the file, without the prefix.
    var taskNames: [String] = []
    /// Tasks of the pipeline that come before the first of the file's.
    var needs: [(task: String, position: SourcePosition)] = []
    var tasks: YAMLPair?
}
