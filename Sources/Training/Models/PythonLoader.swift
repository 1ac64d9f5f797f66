/// What lets Python open a model without us: MLflow's description of the folder, and the loader it names.
enum PythonLoader {
    /// No time and no id stand here: the same model is the same bytes. No Python version either: any will do. The
    /// signature leaves the input free, which MLflow would otherwise hold to one of the forms that the loader takes,
    /// and declares `k`.
    static let mlmodel = #"""
        flavors:
          python_function:
            loader_module: mlstack_model
            code: code
        mlflow_version: 2.0.0
        signature:
          inputs: null
          outputs: null
          params: '[{"name": "k", "default": 10, "shape": null, "type": "long"}]'

        """#

    /// Predicts for a data frame, a dict or a list: a column `user` (or `user_id`, `userId`) and optionally `k` (10 unless given).
    static let source = #"""
        """Opens a model that mlstack wrote. Needs numpy alone; made for mlflow.pyfunc.load_model."""
        import json
        import os

        import numpy as np

        TYPES = {"F32": "<f4", "I32": "<i4", "I64": "<i8"}
        USER = ("user", "user_id", "userId")


        class Model:
            def __init__(self, folder):
                def ids(name):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        return json.load(file)

                self.items, self.users = ids("items.json"), {user: row for row, user in enumerate(ids("users.json"))}
                with open(os.path.join(folder, "factors.safetensors"), "rb") as file:
                    header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
                    data = file.read()
                for name, at in header.items():
                    start, end = at["data_offsets"]
                    setattr(self, name, np.frombuffer(data[start:end], TYPES[at["dtype"]]).reshape(at["shape"]))

            def recommend(self, user, k=10):
                """Ids of the k best items that the user has not seen; somebody unknown gets the popular ones."""
                row, scores = self.users.get(str(user)), self.popularity.copy()
                if row is not None and hasattr(self, "user_factors") and self.user_factors[row].any():
                    scores = self.item_factors @ self.user_factors[row]
                if row is not None:
                    scores[self.seen_items[self.seen_offsets[row] : self.seen_offsets[row + 1]]] = -np.inf
                best = np.argsort(-scores, kind="stable")[: int(k)]
                return [self.items[item] for item in best if scores[item] > -np.inf]

            def predict(self, model_input, params=None):
                """One list of item ids for each user, in the order given."""
                k = (params or {}).get("k", 10)
                if hasattr(model_input, "columns") or isinstance(model_input, dict):
                    name = next((name for name in USER if name in model_input), None)
                    if name is None:
                        raise ValueError(f"no column of users among {list(model_input)}: name one of them `user`")
                    users = model_input[name]
                    users = [users] if isinstance(users, (str, int)) else list(users)
                    counts = model_input["k"] if "k" in model_input else k
                    counts = [counts] * len(users) if isinstance(counts, (str, int)) else list(counts)
                    return [self.recommend(user, count) for user, count in zip(users, counts)]
                rows = [row if isinstance(row, dict) else {"user": row} for row in model_input]
                return [self.recommend(row["user"], row.get("k", k)) for row in rows]


        def _load_pyfunc(path):
            return Model(path)

        """#
}
