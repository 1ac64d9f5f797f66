"""implicit recommends ten items to one person at a time, the seen ones left out, with random factors.

    recommend.py ITEMS FACTORS

`microseconds` is the call alone; `with_row_microseconds` takes the person's row out of the matrix first, as its callers do.
"""

import statistics
import sys
import time

import numpy as np
from common import answer
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix

items, factors = map(int, sys.argv[1:])
users, seen = 1_000, 100
random = np.random.default_rng(0)
model = AlternatingLeastSquares(factors=factors, num_threads=1)
model.user_factors = random.standard_normal((users, factors), dtype=np.float32)
model.item_factors = random.standard_normal((items, factors), dtype=np.float32)
columns = np.concatenate([np.sort(random.choice(items, seen, replace=False)) for _ in range(users)])
matrix = csr_matrix((np.ones(users * seen, np.float32), columns, np.arange(users + 1) * seen), shape=(users, items))


def microseconds(call):
    call(0)
    taken = []
    for user in range(users):
        began = time.perf_counter()
        call(user)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1e6


rows = [matrix[user] for user in range(users)]
answer(
    microseconds=microseconds(lambda user: model.recommend(user, rows[user], N=10, filter_already_liked_items=True)),
    with_row_microseconds=microseconds(lambda user: model.recommend(user, matrix[user], N=10, filter_already_liked_items=True)))
