"""implicit's alternating least squares on prepared ratings, or on a ratings file.

    als.py PATH SOLVER FACTORS ITERATIONS ALPHA REGULARIZATION OUTPUT

The first sweep's time is left out: it holds the transposition and the start of the threads. implicit's own loss is not
asked for, as it would be part of the time of a sweep.
"""

import logging
import sys
import time

import numpy as np
from common import answer, arrays_at, confidences, cpu_seconds
from implicit.cpu.als import AlternatingLeastSquares

logging.disable(logging.WARNING)
path, solver, factors, iterations, alpha, regularization, output = sys.argv[1:]
matrix = confidences(arrays_at(path), float(alpha))
model = AlternatingLeastSquares(
    factors=int(factors), regularization=float(regularization), alpha=1.0, use_cg=solver == "cg", iterations=int(iterations),
    num_threads=2, random_state=0)
moments = []
model.fit(matrix, show_progress=False, callback=lambda *_: moments.append((time.perf_counter(), cpu_seconds())))
sweeps = len(moments) - 1
np.save(f"{output}/users.npy", model.user_factors)
np.save(f"{output}/items.npy", model.item_factors)
answer(seconds=(moments[-1][0] - moments[0][0]) / sweeps, cpu_seconds=(moments[-1][1] - moments[0][1]) / sweeps)
