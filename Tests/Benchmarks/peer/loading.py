"""polars reads a ratings file; with `index` it also sorts by time and numbers users and items, each by the fastest way found.

    loading.py RATINGS.CSV read|index

The seconds are without the start of Python and the import of polars.
"""

import sys
import time

import polars
from common import answer


def numbered(table, column):
    ids = table.select(polars.col(column).unique().sort()).with_row_index("number")
    return table.select(column).join(ids, on=column, how="left", maintain_order="left")["number"]


path, work = sys.argv[1:]
began = time.perf_counter()
ratings = polars.read_csv(path)
if work == "index":
    ratings = ratings.sort("timestamp")
    ratings = ratings.with_columns(numbered(ratings, "userId").alias("userId"), numbered(ratings, "movieId").alias("movieId"))
answer(seconds=time.perf_counter() - began, ratings=len(ratings))
