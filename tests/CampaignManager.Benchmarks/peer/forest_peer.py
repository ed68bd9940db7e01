"""scikit-learn's random forest at a causal forest's depth and leaves: rows x trees a second.

usage: forest_peer.py FILE TREES DEPTH MIN_LEAF [THREADS]

FILE as in uplift_peer.py. It regresses the transformed outcome y(t - e)/(e(1 - e)), e the treated share, on half of the rows a tree and a third of the
features a split, as causal forests do. Prints one JSON line.
"""
import json
import sys
import time

from sklearn.ensemble import RandomForestRegressor

from uplift_peer import peak_megabytes, qini, read


def main():
    (x, t, y), (x_test, t_test, y_test) = read(sys.argv[1])
    trees, depth, leaf = (int(argument) for argument in sys.argv[2:5])
    threads = int(sys.argv[5]) if len(sys.argv) > 5 else None
    share = float(t.mean())
    target = y * (t - share) / (share * (1 - share))
    forest = RandomForestRegressor(n_estimators=trees, max_depth=depth, min_samples_leaf=leaf, max_samples=0.5, max_features=1 / 3, n_jobs=threads or -1, random_state=1)
    started = time.perf_counter()
    forest.fit(x, target)
    fitted = time.perf_counter()
    score = forest.predict(x_test)
    scored = time.perf_counter()
    print(json.dumps(dict(learner="forest", rows=len(y), fit_s=fitted - started, score_s=scored - fitted,
                          peak_mb=peak_megabytes(), qini=qini(y_test, t_test, score),
                          rows_trees_per_s=len(y) * trees / (fitted - started))))


if __name__ == "__main__":
    main()
