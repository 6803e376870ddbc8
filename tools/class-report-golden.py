"""Writes tests/data/class-report.golden.json: what scikit-learn and SciPy say of seeded predictions.

    pip install scikit-learn scipy
    python tools/class-report-golden.py
"""

import importlib.metadata
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, logsumexp, softmax
from sklearn import metrics

OUT = Path(__file__).parent.parent / "tests" / "data" / "class-report.golden.json"
BINS = 15
rng = np.random.default_rng(13)


def curves(truth, scores):
    """ROC and precision-recall of one class; null where it has no rows, or nothing else has."""
    if truth.min() == truth.max():
        return {"roc": None, "averagePrecision": None}
    fpr, tpr, _ = metrics.roc_curve(truth, scores, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(truth, scores, drop_intermediate=False)
    precision, recall = precision[::-1], recall[::-1]
    # From recall 0 to the first threshold at which it is 1.
    end = int(np.argmax(recall >= 1)) + 1
    return {
        "roc": metrics.roc_auc_score(truth, scores),
        "averagePrecision": metrics.average_precision_score(truth, scores),
        "rocPoints": np.stack([fpr, tpr], 1).tolist(),
        "precisionRecallPoints": np.stack([recall[:end], precision[:end]], 1).tolist(),
    }


def calibration(logits, truth, temperature):
    """Expected calibration error and bins, from their definition (Naeini et al. 2015)."""
    probabilities = softmax(logits / temperature, axis=1)
    confidence, right = probabilities.max(1), probabilities.argmax(1) == truth
    edges = np.linspace(0, 1, BINS + 1)
    ece, bins = 0.0, []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        bins.append([int(inside.sum()), *([confidence[inside].mean(), right[inside].mean()] if inside.any() else [0, 0])])
        if inside.any():
            ece += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return ece, bins


def temperature_of(logits, truth):
    def loss(log_t):
        return -log_softmax(logits / np.exp(log_t), axis=1)[np.arange(len(truth)), truth].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 4), method="bounded", options={"xatol": 1e-12}).x))


def case(classes, rows, bias, scale, absent=None, digits=6):
    logits = rng.normal(size=(rows, classes))
    truth = rng.integers(0, classes, rows)
    if absent is not None:
        truth[truth == absent] = 0
        logits[:, absent] -= 50
    logits[np.arange(rows), truth] += bias
    logits = (logits * scale).round(digits)
    # Ordered as probabilities are, without rounding to 0 or 1; in single precision, so that ties are ties.
    odds = lambda c: (logits[:, c] - logsumexp(np.delete(logits, c, 1), axis=1)).astype(np.float32)
    predicted = logits.argmax(1)
    every = list(range(classes))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(truth, predicted, labels=every, zero_division=0)
    average = lambda kind: [float(v) for v in metrics.precision_recall_fscore_support(truth, predicted, average=kind, zero_division=0)[:3]]
    temperature = temperature_of(logits, truth)
    ece, bins = calibration(logits, truth, 1)
    return {
        "outputs": classes,
        "logits": logits.ravel().tolist(),
        "labels": truth.tolist(),
        "byClass": np.stack([precision, recall, f1, support], 1).tolist(),
        "macro": average("macro"),
        "weighted": average("weighted"),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=every).tolist(),
        "curves": [curves((truth == c).astype(int), odds(c)) for c in (every if classes > 2 else [1])],
        "ece": ece,
        "bins": bins,
        "temperature": temperature,
        "eceAtTemperature": calibration(logits, truth, temperature)[0],
    }


cases = [
    case(2, 80, 0.9, 2.5),
    case(2, 60, 0.4, 1.0, digits=1),
    case(3, 90, 1.0, 0.6),
    case(5, 70, 0.8, 3.0, absent=3),
]
versions = {package: importlib.metadata.version(package) for package in ("scikit-learn", "scipy", "numpy")}
OUT.write_text(json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")) + "\n")
