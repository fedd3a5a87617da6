"""A library of Python's as a side of a comparison (bench/lib/side.mjs): the same commands, an epoch at a time.

    start FILE SOLVER FACTORS THREADS BIASES REGULARIZATION LEARNING_RATE      "ready"
    epoch                                                                      its seconds

The library is the first argument. Most libraries train in one call; they are held within their callback of an epoch until
the next command.
"""

import os
import sys
import time

for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = '1'

import numpy as np  # noqa: E402
import scipy.sparse as sparse  # noqa: E402

ENDLESS = 1_000_000


def read(path):
    """The ratings of a columns file (bench/lib/columns-file.mjs): users × items in CSR."""
    with open(path, 'rb') as file:
        users, items, count = np.fromfile(file, np.int32, 3)
        rows, columns = (np.fromfile(file, np.int32, count) for _ in range(2))
        values = np.fromfile(file, np.float32, count)
    return sparse.csr_matrix((values, (rows, columns)), shape=(users, items))


class Turns:
    """Times what happens between two commands `epoch`."""

    def __init__(self):
        self.began = None

    def wait(self, *_, **__):
        """Ends an epoch, if one is under way, and waits for the next command."""
        if self.began is not None:
            print(time.perf_counter() - self.began, flush=True)
        command = sys.stdin.readline().strip()
        if command != 'epoch':
            raise EOFError(command)
        self.began = time.perf_counter()

    def go_on(self, *_):
        """For myFM, which asks whether to stop."""
        self.wait()
        return False, None


def implicit_als(ratings, factors, regularization, turns):
    from implicit.cpu.als import AlternatingLeastSquares

    model = AlternatingLeastSquares(factors=factors, regularization=regularization, iterations=ENDLESS, num_threads=1)
    model.fit(ratings, show_progress=False, callback=turns.wait)


def implicit_bpr(ratings, factors, regularization, turns):
    from implicit.cpu.bpr import BayesianPersonalizedRanking

    model = BayesianPersonalizedRanking(
        factors=factors,
        regularization=regularization,
        iterations=ENDLESS,
        num_threads=1,
        verify_negative_samples=True,
    )
    model.fit(ratings, show_progress=False, callback=turns.wait)


def irspack_ials(ratings, factors, _regularization, turns):
    from irspack import IALSRecommender

    model = IALSRecommender(ratings, n_components=factors, train_epochs=1, n_threads=1)
    model.start_learning()
    while True:
        turns.wait()
        model.run_epoch()


def myfm_gibbs(ratings, factors, _regularization, turns):
    from myfm import MyFMGibbsRegressor

    pairs = ratings.tocoo()
    count = pairs.nnz
    columns = np.stack([pairs.row, pairs.col + ratings.shape[0]], axis=1).ravel()
    shape = (count, sum(ratings.shape))
    design = sparse.csr_matrix((np.ones(2 * count), columns, np.arange(0, 2 * count + 1, 2)), shape=shape)
    groups = list(ratings.shape)
    model = MyFMGibbsRegressor(rank=factors)
    model.fit(design, pairs.data, n_iter=ENDLESS, n_kept_samples=1, group_shapes=groups, callback=turns.go_on)


def surprise_in_turns(algorithm, ratings, turns):
    """Surprise has no callback; its fit of one epoch starts anew, which takes no time beside the epoch."""
    from surprise import Dataset, Reader

    pairs = ratings.tocoo()
    rows = [(int(user), int(item), float(value), None) for user, item, value in zip(pairs.row, pairs.col, pairs.data)]
    data = Dataset(Reader(rating_scale=(pairs.data.min(), pairs.data.max())))
    training = data.construct_trainset(rows)
    while True:
        turns.wait()
        algorithm.fit(training)


def surprise_sgd(ratings, factors, _regularization, turns):
    from surprise import SVD

    surprise_in_turns(SVD(n_factors=factors, n_epochs=1), ratings, turns)


def surprise_svdpp(ratings, factors, _regularization, turns):
    from surprise import SVDpp

    surprise_in_turns(SVDpp(n_factors=factors, n_epochs=1), ratings, turns)


def cmfrec_als(ratings, factors, regularization, turns):
    """cmfrec has no callback: an epoch is what a second iteration takes beside a first."""
    import pandas
    from cmfrec import CMF

    pairs = ratings.tocoo()
    frame = pandas.DataFrame({'UserId': pairs.row, 'ItemId': pairs.col, 'Rating': pairs.data})

    def seconds(iterations):
        model = CMF(
            k=factors,
            lambda_=regularization,
            scale_lam=False,
            method='als',
            use_cg=True,
            finalize_chol=False,
            niter=iterations,
            nthreads=1,
            precompute_for_predictions=False,
            verbose=False,
        )
        began = time.perf_counter()
        model.fit(frame)
        return time.perf_counter() - began

    while True:
        turns.wait()
        epoch = (seconds(4) - seconds(1)) / 3
        turns.began = time.perf_counter() - epoch


LIBRARIES = {
    ('implicit', 'implicit-als'): implicit_als,
    ('implicit', 'bpr'): implicit_bpr,
    ('irspack', 'implicit-als'): irspack_ials,
    ('myfm', 'bayesian'): myfm_gibbs,
    ('surprise', 'sgd'): surprise_sgd,
    ('surprise', 'svd++'): surprise_svdpp,
    ('cmfrec', 'als'): cmfrec_als,
}


def main(library):
    command, path, solver, factors, _threads, _biases, regularization, _rate = sys.stdin.readline().split()
    assert command == 'start', command
    ratings = read(path)
    print('ready', flush=True)
    try:
        LIBRARIES[library, solver](ratings, int(factors), float(regularization), Turns())
    except EOFError:
        pass


main(sys.argv[1])
