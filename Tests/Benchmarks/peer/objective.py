"""What both minimise, computed by the same code from the factors that either saved.

    objective.py PREPARED ALPHA REGULARIZATION OURS THEIRS

Sum over all pairs of c (x.y - p)^2 plus the ridge, p = 1 and c = 1 + alpha * r for a rating, p = 0 and c = 1 without.
"""

import sys

import numpy as np
from common import answer, arrays_at, confidences, factors_of_ours
from implicit.cpu import _als

folder, alpha, regularization, ours, theirs = sys.argv[1:]
arrays = arrays_at(folder)
matrix = confidences(arrays, float(alpha))
rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))


def objective(users, items):
    users, items = users.astype(np.float64), items.astype(np.float64)
    # Over all pairs as if nothing were rated: the sum of (x.y)^2 is the inner product of the two Gram matrices.
    total = np.sum((users.T @ users) * (items.T @ items))
    for start in range(0, matrix.nnz, 500_000):
        part = slice(start, start + 500_000)
        products = np.einsum("ij,ij->i", users[rows[part]], items[matrix.indices[part]])
        total += np.sum(matrix.data[part].astype(np.float64) * (products - 1) ** 2 - products**2)
    return total + float(regularization) * (np.sum(users**2) + np.sum(items**2))


mine = objective(*factors_of_ours(ours, arrays))
peers = [np.load(f"{theirs}/{side}.npy") for side in ("users", "items")]
value = objective(*peers)
# implicit's own loss is the mean over all pairs by confidence: it says whether this code computes what implicit minimises.
weight = matrix.data.sum(dtype=np.float64) + matrix.shape[0] * matrix.shape[1] - matrix.nnz
own = _als.calculate_loss(matrix, *peers, float(regularization)) * weight
if abs(own / value - 1) > 1e-3:
    sys.exit(f"implicit minimises something else: {own} by its own code, {value} by this")
answer(ours=mine, theirs=value, observed=matrix.nnz)
