"""Makes the files that tests/js/model-import.test.ts reads, by the libraries themselves:

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pyspark implicit libmf safetensors numpy scipy
    /tmp/venv/bin/python tests/golden/foreign/make.py

Spark needs Java 17. Beside each model stand the ratings it learned from and what the library itself says of them.
"""

import ctypes
import glob
import json
import os
import random
import shutil
import tempfile

import numpy
import scipy.sparse

HERE = os.path.dirname(os.path.abspath(__file__))
USERS, ITEMS, FACTORS = 60, 40, 4


def made_up_ratings():
    """(user, item, rating) with ids that are no row numbers: users 1000 and up, items 5, 12, 19, ..."""
    generator = random.Random(7)
    taste = [[generator.gauss(0, 1) for _ in range(2)] for _ in range(USERS + ITEMS)]
    rows = []
    for user in range(USERS):
        for item in sorted(generator.sample(range(ITEMS), generator.randint(4, 16))):
            level = 3.2 + sum(a * b for a, b in zip(taste[user], taste[USERS + item]))
            rows.append((1000 + user, 5 + 7 * item, float(min(5, max(1, round(2 * level) / 2)))))
    return rows


def write_json(name, value):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


def make_spark(rows):
    from pyspark.ml.recommendation import ALS
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.memory", "1g")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    frame = spark.createDataFrame(rows, ["user", "item", "rating"])
    settings = {"spark": {"regParam": 0.05}, "spark-implicit": {"regParam": 0.02, "implicitPrefs": True, "alpha": 2.0}}
    for name, options in settings.items():
        als = ALS(userCol="user", itemCol="item", ratingCol="rating", rank=FACTORS, maxIter=10, seed=1,
                  numUserBlocks=2, numItemBlocks=2, **options)
        model = als.fit(frame)
        folder = os.path.join(HERE, name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        with tempfile.TemporaryDirectory() as saved:
            model.write().overwrite().save(saved)
            for side in ("itemFactors", "userFactors"):
                for place, part in enumerate(sorted(glob.glob(f"{saved}/{side}/part-*.parquet"))):
                    shutil.copy(part, f"{folder}/{side}-{place}.parquet")
        best = model.recommendForAllUsers(ITEMS).collect()
        scores = {row.user: [[r.item, r.rating] for r in row.recommendations] for row in best}
        write_json(f"{name}.json", {"options": options, "scores": scores})
    spark.stop()


def make_implicit(rows):
    from implicit.cpu.als import AlternatingLeastSquares
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    matrix = scipy.sparse.csr_matrix(
        ([r for _, _, r in rows], ([u - 1000 for u, _, _ in rows], [(i - 5) // 7 for _, i, _ in rows])), (USERS, ITEMS)
    )
    models = {
        "implicit-als": AlternatingLeastSquares(
            factors=FACTORS, regularization=0.1, alpha=3.0, iterations=10, random_state=1, num_threads=1
        ),
        "implicit-bpr": BayesianPersonalizedRanking(factors=FACTORS, iterations=50, random_state=1, num_threads=1),
    }
    for name, model in models.items():
        model.fit(matrix, show_progress=False)
        model.save(os.path.join(HERE, f"{name}.npz"))
        scores = (model.user_factors @ model.item_factors.T).tolist()
        write_json(f"{name}.json", {"scores": scores})


def make_libmf(rows):
    from libmf import mf

    numbered = numpy.array([[u - 1000, (i - 5) // 7, r] for u, i, r in rows if i != 12], dtype=numpy.float64)
    model = mf.MF(k=FACTORS, nr_threads=1, quiet=True, lambda_p2=0.05, lambda_q2=0.05, lambda_p1=0.0, lambda_q1=0.0)
    model.fit(numbered)
    mf.mf.mf_save_model(ctypes.byref(model.model), os.path.join(HERE, "libmf.txt").encode())
    mf.mf.mf_predict.restype = ctypes.c_float
    pairs = [[int(user), int(item)] for user, item, _ in numbered[:40]]
    predictions = [mf.mf.mf_predict(ctypes.byref(model.model), user, item) for user, item in pairs]
    write_json("libmf.json", {"pairs": pairs, "predictions": predictions})


def make_safetensors():
    """The factors of implicit's BPR as a PyTorch module would name them, in two types; the last column is the bias."""
    from safetensors.numpy import save_file

    model = numpy.load(os.path.join(HERE, "implicit-bpr.npz"))
    items, users = model["item_factors"], model["user_factors"][:, :-1].astype(numpy.float16)
    tensors = {
        "item_embedding.weight": numpy.ascontiguousarray(items[:, :-1]),
        "item_bias.weight": numpy.ascontiguousarray(items[:, -1:]).astype(numpy.float64),
        "user_embedding.weight": users,
    }
    save_file(tensors, os.path.join(HERE, "factors.safetensors"), {"format": "np"})
    scores = users.astype(numpy.float32) @ items[:, :-1].T + items[:, -1]
    write_json("factors.json", {"scores": scores[:10].tolist()})


if __name__ == "__main__":
    ratings = made_up_ratings()
    write_json("ratings.json", ratings)
    make_spark(ratings)
    make_implicit(ratings)
    make_libmf(ratings)
    make_safetensors()
