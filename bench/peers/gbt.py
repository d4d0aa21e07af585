"""Fits one peer on a Gyre frame file and prints one JSON line: fit seconds and hold-out ROC AUC.

usage: gbt.py PEER TRAIN.frame TEST.frame TREES DEPTH THREADS
"""

import json
import struct
import sys
import time

import numpy as np


def read_frame(path):
    data = open(path, "rb").read()
    assert data[:8] == b"GYRFRM1\n"
    (length,) = struct.unpack_from("<I", data, 8)
    header = json.loads(data[12 : 12 + length])
    start = (12 + length + 7) // 8 * 8
    kinds = {"float32": "<f4", "float64": "<f8", "levels": "<i4"}
    return [
        (c["name"], c["kind"], np.frombuffer(data, kinds[c["kind"]], header["nRows"], start + c["offset"]))
        for c in header["columns"]
    ]


def matrix(columns):
    features = [c for c in columns if c[0] != "label"]
    x = np.ascontiguousarray(np.stack([c[2].astype(np.float32) for c in features], axis=1))
    label = next(c[2] for c in columns if c[0] == "label")
    return x, label, [i for i, c in enumerate(features) if c[1] == "levels"]


def fit_lightgbm(x, y, categories, trees, depth, threads):
    import lightgbm

    settings = dict(objective="binary", learning_rate=0.1, max_depth=depth, num_leaves=2**depth, lambda_l2=1.0,
                    min_sum_hessian_in_leaf=1.0, max_bin=255, num_threads=threads, verbosity=-1, seed=7)
    data = lightgbm.Dataset(x, y, categorical_feature=categories, free_raw_data=True)
    model = lightgbm.train(settings, data, trees)
    return model.predict


def fit_xgboost(x, y, categories, trees, depth, threads):
    import xgboost

    types = ["c" if i in categories else "q" for i in range(x.shape[1])]
    data = xgboost.QuantileDMatrix(x, y, feature_types=types, enable_categorical=True, max_bin=255, nthread=threads)
    settings = dict(objective="binary:logistic", eta=0.1, max_depth=depth, tree_method="hist", max_bin=255, nthread=threads, seed=7)
    model = xgboost.train(settings, data, trees)
    return lambda t: model.predict(xgboost.DMatrix(t, feature_types=types, enable_categorical=True))


def fit_sklearn(x, y, categories, trees, depth, threads):
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(max_iter=trees, max_depth=depth, max_leaf_nodes=2**depth, learning_rate=0.1,
                                           l2_regularization=1.0, max_bins=255, early_stopping=False,
                                           categorical_features=categories, random_state=7)
    model.fit(x, y)
    return lambda t: model.predict_proba(t)[:, 1]


def auc(labels, scores):
    from scipy.stats import rankdata

    ranks = rankdata(scores)
    positives = labels == 1
    n1 = positives.sum()
    n0 = len(labels) - n1
    return (ranks[positives].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)


def main():
    peer, train, test, trees, depth, threads = sys.argv[1:]
    x, y, categories = matrix(read_frame(train))
    fit = {"lightgbm": fit_lightgbm, "xgboost": fit_xgboost, "sklearn": fit_sklearn}[peer]
    fit(x[:2000], y[:2000], categories, 2, int(depth), int(threads))  # imports and thread pools are not the fit
    started = time.perf_counter()
    predict = fit(x, y, categories, int(trees), int(depth), int(threads))
    seconds = time.perf_counter() - started
    x_test, y_test, _ = matrix(read_frame(test))
    print(json.dumps({"fitSeconds": seconds, "auc": float(auc(y_test, predict(x_test)))}))


if __name__ == "__main__":
    main()
