/// The module of Python that opens a model without us; the model's `MLmodel` names it.
enum PythonLoader {
    /// Predicts for a data frame, a dict or a list: a column `user` (or `user_id`, `userId`) and optionally `k` (10 unless given).
    /// Ranks known users as this program does, whatever the algorithm; `Tests/mlflow/loader_test.py` compares the two.
    static let source = #"""
        """Opens a model that mlstack wrote. Needs numpy alone; made for mlflow.pyfunc.load_model."""
        import json
        import os

        import numpy as np

        TYPES = {"F32": "<f4", "I32": "<i4", "I64": "<i8"}
        USER = ("user", "user_id", "userId")


        class Model:
            def __init__(self, folder):
                def read(name):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        return json.load(file)

                self.items, self.users = read("items.json"), {user: row for row, user in enumerate(read("users.json"))}
                self.algorithm = read("model.json")["algorithm"]
                with open(os.path.join(folder, "factors.safetensors"), "rb") as file:
                    header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
                    data = file.read()
                for name, at in header.items():
                    start, end = at["data_offsets"]
                    setattr(self, name, np.frombuffer(data[start:end], TYPES[at["dtype"]]).reshape(at["shape"]))

            def row(self, name, user):
                """Of a sparse matrix: the items of one row."""
                offsets = getattr(self, name + "_offsets")
                return getattr(self, name + "_items")[offsets[user] : offsets[user + 1]]

            # For each algorithm: the scores of all items for a known user; None where the popular list is the answer.

            def popularity_scores(self, user):
                return None

            def als_scores(self, user):
                return self.item_factors @ self.user_factors[user] if self.user_factors[user].any() else None

            def als_explicit_scores(self, user):
                if not self.user_factors[user].any():
                    return None
                return self.item_factors @ self.user_factors[user] + (self.mean[0] + self.user_bias[user] + self.item_bias)

            def bpr_scores(self, user):
                return self.item_factors @ self.user_factors[user] if self.row("liked", user).size else None

            def ease_scores(self, user):
                known = np.isin(self.active_items, self.row("liked", user))
                scores = np.zeros(len(self.items), np.float32)
                scores[self.active_items] = self.weights[known].sum(axis=0)
                return scores if known.any() else None

            def item_knn_scores(self, user):
                of = np.repeat(np.arange(len(self.items)), np.diff(self.neighbour_offsets))
                counts = np.isin(self.neighbour_items, self.row("liked", user))
                scores = np.zeros(len(self.items), np.float32)
                np.add.at(scores, of[counts], self.neighbour_weights[counts])
                return scores if counts.any() else None

            def recvae_scores(self, user):
                liked = self.row("liked", user)
                if not liked.size:
                    return None
                outputs = []
                for layer in range(5):
                    if layer == 0:
                        x = self.encoder_first[liked].sum(axis=0) / np.sqrt(np.float32(liked.size))
                    else:
                        x = outputs[-1] @ getattr(self, f"encoder_inner_{layer}")
                    x = x + self.encoder_biases[layer] + sum(outputs)
                    x = x / (1 + np.exp(-x))
                    x = (x - x.mean()) / np.sqrt(x.var() + np.float32(0.1))
                    outputs.append(x * self.encoder_gains[layer] + self.encoder_shifts[layer])
                code = outputs[-1] @ self.encoder_mean + self.encoder_head_biases[0]
                return self.decoder @ code + self.decoder_bias[0]

            def recommend(self, user, k=10):
                """Ids of the k best items that the training did not see of the user; somebody unknown gets the popular ones."""
                user, scores = self.users.get(str(user)), None
                if user is not None:
                    scores = getattr(self, self.algorithm.replace("-", "_") + "_scores")(user)
                scores = self.popularity.copy() if scores is None else scores
                if user is not None:
                    scores[self.row("seen", user)] = -np.inf
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
                    counts = [counts] * len(users) if np.ndim(counts) == 0 else list(counts)
                    return [self.recommend(user, count) for user, count in zip(users, counts)]
                lists = []
                for row in model_input:
                    row = row if isinstance(row, dict) else {"user": row[0] if np.ndim(row) else row}
                    user = next((row[name] for name in USER if name in row), None)
                    lists.append(self.recommend(user, row.get("k", k)))
                return lists


        def _load_pyfunc(path):
            return Model(path)

        """#
}
