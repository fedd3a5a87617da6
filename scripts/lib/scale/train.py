"""train.py RATINGS MODEL BEST: trains Spark MLlib's ALS, and recommends to every thirtieth user, rated items included."""

import json
import sys
import time

from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession

ratings_path, model_path, best_path = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.driver.memory", "2g")
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.sql.shuffle.partitions", "8")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
ratings = spark.read.csv(ratings_path, header=True, inferSchema=True)
began = time.time()
als = ALS(userCol="user", itemCol="item", ratingCol="rating", rank=32, maxIter=10, regParam=0.05, seed=1)
model = als.fit(ratings)
print(f"Spark trained in {time.time() - began:.0f} s")
model.write().overwrite().save(model_path)
visitors = ratings.select("user").distinct().where("user % 30 = 0")
best = model.recommendForUserSubset(visitors, 1500).collect()
with open(best_path, "w") as file:
    json.dump({row.user: [recommendation.item for recommendation in row.recommendations] for row in best}, file)
