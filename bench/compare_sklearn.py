"""Answers the cases that compare-sklearn.ts wrote, with scikit-learn, NumPy and SciPy."""
import json
import sys
import warnings

import numpy as np
import scipy
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")


def delong(y, a, b):
    """Difference b - a of two areas and its variance, by DeLong's definition over all pairs."""
    placements = []
    for s in (a, b):
        pos, neg = s[y == 1], s[y == 0]
        wins = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
        placements.append((wins.mean(axis=1), wins.mean(axis=0)))
    (a10, a01), (b10, b01) = placements
    if len(a10) < 2 or len(a01) < 2:
        return b10.mean() - a10.mean(), None
    d10, d01 = b10 - a10, b01 - a01
    return d10.mean(), np.var(d10, ddof=1) / len(d10) + np.var(d01, ddof=1) / len(d01)


def calibration_error(y, s, w):
    bins = np.minimum((s * 10).astype(int), 9)
    gap = [abs(np.sum(w[bins == k] * (s[bins == k] - y[bins == k]))) for k in range(10)]
    return sum(gap) / w.sum()


def binary(case):
    y, s = np.array(case["y"]), np.array(case["score"])
    given = case.get("weight")
    w = None if given is None else np.array(given)
    ones = np.ones(len(y)) if w is None else w
    decided = s >= 0.5
    clipped = np.clip(s, 1e-15, 1 - 1e-15)
    other = (s + s[(np.arange(len(s)) * 7) % len(s)]) / 2
    paired, variance = delong(y, other, s)
    zero = {"sample_weight": w, "zero_division": 0}
    return {
        "rocAuc": m.roc_auc_score(y, s, sample_weight=w),
        "averagePrecision": m.average_precision_score(y, s, sample_weight=w),
        "logLoss": m.log_loss(y, clipped, sample_weight=w),
        "brier": m.brier_score_loss(y, s, sample_weight=w),
        "accuracy": m.accuracy_score(y, decided, sample_weight=w),
        "precision": m.precision_score(y, decided, **zero),
        "recall": m.recall_score(y, decided, **zero),
        "f1": m.f1_score(y, decided, **zero),
        "matthews": m.matthews_corrcoef(y, decided, sample_weight=w),
        "balancedAccuracy": m.balanced_accuracy_score(y, decided, sample_weight=w),
        "positiveRate": np.average(y, weights=ones),
        "meanScore": np.average(s, weights=ones),
        "expectedCalibrationError": calibration_error(y, s, ones),
        "pairedDifference": paired,
        "pairedVariance": variance,
    }


def regression(case):
    y, p = np.array(case["y"]), np.array(case["score"])
    given = case.get("weight")
    w = None if given is None else np.array(given)
    return {
        "mae": m.mean_absolute_error(y, p, sample_weight=w),
        "mse": m.mean_squared_error(y, p, sample_weight=w),
        "rmse": m.root_mean_squared_error(y, p, sample_weight=w),
        "meanError": np.average(p - y, weights=w),
        "r2": m.r2_score(y, p, sample_weight=w),
        "mape": m.mean_absolute_percentage_error(y, p, sample_weight=w),
        "medianAbsoluteError": m.median_absolute_error(y, p, sample_weight=w),
        "pinball90": m.mean_pinball_loss(y, p, alpha=0.9, sample_weight=w),
    }


def multiclass(case):
    k = case["nClasses"]
    y = np.array(case["y"])
    p = np.array(case["score"]).reshape(-1, k)
    decided = p.argmax(axis=1)
    labels = list(range(k))
    return {
        "accuracy": m.accuracy_score(y, decided),
        "logLoss": m.log_loss(y, np.clip(p, 1e-15, 1 - 1e-15), labels=labels),
        "f1Macro": m.f1_score(y, decided, average="macro", zero_division=0),
        "f1Micro": m.f1_score(y, decided, average="micro", zero_division=0),
        "f1Weighted": m.f1_score(y, decided, average="weighted", zero_division=0),
        "precisionMacro": m.precision_score(y, decided, average="macro", zero_division=0),
        "recallMacro": m.recall_score(y, decided, average="macro", zero_division=0),
        "rocAucOvrMacro": m.roc_auc_score(y, p, multi_class="ovr", average="macro", labels=labels),
        "rocAucOvoMacro": m.roc_auc_score(y, p, multi_class="ovo", average="macro", labels=labels),
        "matthews": m.matthews_corrcoef(y, decided),
        "kappa": m.cohen_kappa_score(y, decided),
        "top2": m.top_k_accuracy_score(y, p, k=2, labels=labels) if k > 2 else 1.0,
    }


def plain(value):
    return None if value is None or np.isnan(value) else float(value)


def main():
    with open(sys.argv[1]) as file:
        cases = json.load(file)
    answer = {"binary": binary, "regression": regression, "multiclass": multiclass}
    answers = [{key: plain(value) for key, value in answer[case["task"]](case).items()} for case in cases]
    versions = f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, NumPy {np.__version__}"
    with open(sys.argv[2], "w") as file:
        json.dump({"versions": versions, "cases": answers}, file)


main()
