"""implicit's ten items for every user, from factors as they are started: its seconds, a line for each line read.

    recommend.py USERS ITEMS FACTORS THREADS
"""

import os
import sys
import time

os.environ['OPENBLAS_NUM_THREADS'] = sys.argv[4]

import numpy as np  # noqa: E402
import scipy.sparse as sparse  # noqa: E402
from implicit.cpu.als import AlternatingLeastSquares  # noqa: E402

users, items, factors, threads = (int(argument) for argument in sys.argv[1:])
random = np.random.default_rng(1)
model = AlternatingLeastSquares(factors=factors, num_threads=threads)
model.user_factors = random.standard_normal((users, factors), dtype=np.float32)
model.item_factors = random.standard_normal((items, factors), dtype=np.float32)
nothing = sparse.csr_matrix((users, items), dtype=np.float32)
everyone = np.arange(users)
for _ in sys.stdin:
    began = time.perf_counter()
    model.recommend(everyone, nothing, N=10, filter_already_liked_items=False)
    print(time.perf_counter() - began, flush=True)
