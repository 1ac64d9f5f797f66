"""What the programs of the peers share. Each runs in a process of its own, so that memory and CPU time are its own."""

import json
import pathlib
import resource

import numpy as np
from scipy.sparse import csr_matrix

TYPES = {"F32": "<f4", "I32": "<i4", "I64": "<i8"}
ARRAYS = ("offsets", "columns", "stars", "users", "items")


def answer(**facts):
    """The one line that the program that started this one reads."""
    print(json.dumps(facts), flush=True)


def cpu_seconds():
    """Of all threads so far, in user and system mode."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def read_ratings(path, share=1.0):
    """A ratings file, or the first share of it by time, as the arrays of a sparse matrix, users x items."""
    import polars

    table = polars.read_csv(path, columns=["userId", "movieId", "rating", "timestamp"])
    if share < 1:
        table = table.sort("timestamp").head(int(len(table) * share))
    users, rows = np.unique(table["userId"].to_numpy(), return_inverse=True)
    items, columns = np.unique(table["movieId"].to_numpy(), return_inverse=True)
    order = np.lexsort((columns, rows))
    rows, columns = rows[order], columns[order].astype(np.int32)
    if ((rows[1:] == rows[:-1]) & (columns[1:] == columns[:-1])).any():
        raise SystemExit(f"{path} has repeated ratings, of which mlstack keeps the last: choose a file without")
    return {
        "offsets": np.searchsorted(rows, np.arange(len(users) + 1)).astype(np.int32), "columns": columns,
        "stars": table["rating"].to_numpy()[order].astype(np.float32), "users": users, "items": items}


def arrays_at(path):
    """What `prepare.py` wrote into a folder, or else what a ratings file holds."""
    if pathlib.Path(path).is_file():
        return read_ratings(path)
    return {name: np.load(f"{path}/{name}.npy") for name in ARRAYS}


def confidences(arrays, alpha):
    """Users x items, c = 1 + alpha * r: implicit takes a matrix's values for c itself, where its own alpha is 1."""
    shape = (len(arrays["users"]), len(arrays["items"]))
    return csr_matrix((1 + np.float32(alpha) * arrays["stars"], arrays["columns"], arrays["offsets"]), shape=shape)


def factors_of_ours(folder, arrays):
    """Users' and items' factors of a model that mlstack wrote, in the order of the peer's rows."""
    with open(f"{folder}/factors.safetensors", "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    sides = []
    for side in ("users", "items"):
        at = header[f"{side[:-1]}_factors"]
        start, end = at["data_offsets"]
        rows = np.frombuffer(data[start:end], TYPES[at["dtype"]]).reshape(at["shape"])
        ids = np.array(json.loads(pathlib.Path(folder, f"{side}.json").read_text()), dtype=np.int64)
        order = np.argsort(ids)
        if not np.array_equal(ids[order], arrays[side]):
            raise SystemExit(f"the model in {folder} has other {side} than the ratings")
        sides.append(rows[order])
    return sides
