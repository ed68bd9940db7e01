"""T-, S- and X-learner on scikit-learn's histogram boosting: what a data scientist would run on the same table.

usage: uplift_peer.py FILE LEARNER [THREADS]

FILE, little-endian: int64 training rows, int64 test rows, int64 features; then training and test rows alike: float32 features row after row,
float32 arm (0/1), float32 outcome (0/1). One learner a process, so that the peak of memory is its own. Prints one JSON line.
"""
import json
import os
import sys
import time

if len(sys.argv) > 3:
    os.environ["OMP_NUM_THREADS"] = sys.argv[3]

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

SETTINGS = dict(max_iter=100, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=200, l2_regularization=1.0, early_stopping=False, random_state=1)


def read(path):
    with open(path, "rb") as file:
        train, test, width = np.fromfile(file, "<i8", 3)
        parts = []
        for rows in (train, test):
            x = np.fromfile(file, "<f4", rows * width).reshape(rows, width)
            t = np.fromfile(file, "<f4", rows)
            y = np.fromfile(file, "<f4", rows)
            parts.append((x, t, y))
    return parts


def classifier(x, y):
    return HistGradientBoostingClassifier(**SETTINGS).fit(x, y)


def chance(model, x):
    return model.predict_proba(x)[:, 1]


def t_learner(x, t, y):
    one, zero = classifier(x[t == 1], y[t == 1]), classifier(x[t == 0], y[t == 0])
    return lambda new: chance(one, new) - chance(zero, new)


def s_learner(x, t, y):
    model = classifier(np.column_stack([x, t]), y)

    def effect(new):
        arms = [chance(model, np.column_stack([new, np.full(len(new), arm, new.dtype)])) for arm in (1, 0)]
        return arms[0] - arms[1]

    return effect


def x_learner(x, t, y):
    treated = t == 1
    one, zero = classifier(x[treated], y[treated]), classifier(x[~treated], y[~treated])
    effect_one = HistGradientBoostingRegressor(**SETTINGS).fit(x[treated], y[treated] - chance(zero, x[treated]))
    effect_zero = HistGradientBoostingRegressor(**SETTINGS).fit(x[~treated], chance(one, x[~treated]) - y[~treated])
    share = float(t.mean())
    return lambda new: share * effect_zero.predict(new) + (1 - share) * effect_one.predict(new)


def peak_megabytes():
    """Not getrusage: started by vfork, its figure begins at the parent's peak."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024 / 1e6


def qini_area(y, t, score):
    """Area between the Qini curve and its chord, ties entering together."""
    order = np.argsort(-score, kind="stable")
    y, t, score = y[order].astype(np.float64), t[order].astype(np.float64), score[order]
    ends = np.append(np.nonzero(np.diff(score))[0], len(score) - 1)
    n1, y1, y0 = np.cumsum(t)[ends], np.cumsum(y * t)[ends], np.cumsum(y * (1 - t))[ends]
    rows = ends + 1.0
    n0 = rows - n1
    height = y1 - np.divide(y0 * n1, n0, out=np.zeros_like(y0), where=n0 > 0)
    rows, height = np.append(0.0, rows), np.append(0.0, height)
    area = float(np.sum(np.diff(rows) * (height[1:] + height[:-1]) / 2))
    return area - rows[-1] * height[-1] / 2


def qini(y, t, score):
    perfect = (y * t - y * (1 - t)).astype(np.float64)
    return qini_area(y, t, score) / qini_area(y, t, perfect)


def main():
    (x, t, y), (x_test, t_test, y_test) = read(sys.argv[1])
    name = sys.argv[2]
    started = time.perf_counter()
    effect = {"t": t_learner, "s": s_learner, "x": x_learner}[name](x, t, y)
    fitted = time.perf_counter()
    score = effect(x_test)
    scored = time.perf_counter()
    print(json.dumps(dict(learner=name, rows=len(y), fit_s=fitted - started, score_s=scored - fitted,
                          peak_mb=peak_megabytes(), qini=qini(y_test, t_test, score))))


if __name__ == "__main__":
    main()
