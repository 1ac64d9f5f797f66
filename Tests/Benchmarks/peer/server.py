"""What people serve implicit with: a FastAPI application under uvicorn, one worker, titles beside the ids.

    server.py FOLDER PORT rest|thread      serves; `thread`: trains in a loop beside it, in the same process
    server.py FOLDER PORT process          trains in a loop, and serves nothing

The first half of the ratings is learned, as mlstack does before its first simulated day. The route is `async`, which is
the faster form here, and nothing is logged.
"""

import csv
import logging
import sys
import threading

import uvicorn
from common import confidences, read_ratings
from fastapi import FastAPI, HTTPException
from implicit.cpu.als import AlternatingLeastSquares

logging.disable(logging.WARNING)
folder, port, work = sys.argv[1:]
arrays = read_ratings(f"{folder}/ratings.csv", share=0.5)
matrix = confidences(arrays, 1)
with open(f"{folder}/movies.csv", newline="", encoding="utf-8") as file:
    titles = {int(row["movieId"]): row["title"] for row in csv.DictReader(file)}
items = [(str(item), titles.get(int(item), "")) for item in arrays["items"]]
users = {str(user): row for row, user in enumerate(arrays["users"])}


def trained():
    model = AlternatingLeastSquares(factors=64, regularization=10, alpha=1.0, iterations=10, random_state=0)
    model.fit(matrix, show_progress=False)
    return model


app = FastAPI()
app.state.model = trained()


@app.get("/recommendations/{user}")
async def recommendations(user: str, k: int = 10):
    row = users.get(user)
    if row is None:
        raise HTTPException(status_code=404, detail="nobody of that name")
    found, scores = app.state.model.recommend(row, matrix[row], N=k, filter_already_liked_items=True)
    chosen = [(*items[item], score) for item, score in zip(found.tolist(), scores.tolist())]
    return {"user": user, "items": [{"item": item, "title": title, "score": score} for item, title, score in chosen]}


def train_on():
    while True:
        app.state.model = trained()


if work == "process":
    train_on()
if work == "thread":
    threading.Thread(target=train_on, daemon=True).start()
uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning", access_log=False)
