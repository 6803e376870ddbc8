"""Writes tests/data/metrics.golden.json: metrics of seeded predictions, each from its definition in NumPy
(PyTorch for the losses).

    python tools/metrics-golden.py
"""

import json
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).parent.parent / "tests" / "data" / "metrics.golden.json"
rng = np.random.default_rng(7)


def f1_of(predicted, truth, c):
    hit = np.sum((predicted == c) & (truth == c))
    precision = hit / max(1, np.sum(predicted == c))
    recall = hit / max(1, np.sum(truth == c))
    return 0.0 if hit == 0 else 2 * precision * recall / (precision + recall)


def matthews(predicted, truth, classes):
    """Covariance of the one-hot codes over the product of their deviations (Gorodkin 2004, eq. 8)."""
    x, y = np.eye(classes)[predicted], np.eye(classes)[truth]
    cov = lambda a, b: np.sum((a - a.mean(0)) * (b - b.mean(0)))
    spread = np.sqrt(cov(x, x) * cov(y, y))
    return 0.0 if spread == 0 else cov(x, y) / spread


def ranks(values):
    """1 + values below + half of the others that are equal."""
    values = np.asarray(values)
    return [(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values]


def classification(classes, rows, bias):
    logits = rng.normal(size=(rows, classes)).round(4)
    truth = rng.integers(0, classes, rows)
    logits[np.arange(rows), truth] += bias
    predicted = logits.argmax(1)
    present = sorted(set(predicted) | set(truth))
    f1 = f1_of(predicted, truth, 1) if classes == 2 else np.mean([f1_of(predicted, truth, c) for c in present])
    loss = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(truth))
    return {
        "outputs": classes,
        "logits": logits.ravel().tolist(),
        "labels": truth.tolist(),
        "metrics": {
            "accuracy": float(np.mean(predicted == truth)),
            "f1": float(f1),
            "matthews": float(matthews(predicted, truth, classes)),
            "loss": loss.item(),
        },
    }


def regression(rows, step):
    truth = (rng.integers(0, 11, rows) / 2).astype(float)
    predicted = (np.round((truth * 0.6 + rng.normal(size=rows)) / step) * step).round(4)
    return {
        "outputs": 1,
        "logits": predicted.tolist(),
        "labels": truth.tolist(),
        "metrics": {
            "pearson": float(np.corrcoef(predicted, truth)[0, 1]),
            "spearman": float(np.corrcoef(ranks(predicted), ranks(truth))[0, 1]),
            "loss": torch.nn.functional.mse_loss(torch.tensor(predicted), torch.tensor(truth)).item(),
        },
    }


golden = {
    "classification": [classification(2, 40, 0.8), classification(3, 60, 1.0), classification(6, 30, 0.3)],
    "regression": [regression(50, 0.0001), regression(50, 1.0)],
}
OUT.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
