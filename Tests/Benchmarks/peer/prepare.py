"""Writes a ratings file as the arrays of a sparse matrix, so that implicit's memory need not be that of a CSV reader.

    prepare.py RATINGS.CSV FOLDER
"""

import sys

import numpy as np
from common import read_ratings

path, folder = sys.argv[1:]
for name, values in read_ratings(path).items():
    np.save(f"{folder}/{name}.npy", values)
