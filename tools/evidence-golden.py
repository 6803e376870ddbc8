"""Expected values of src/evidence, by SciPy: python tools/evidence-golden.py > tests/evidence/statistics.golden.json"""

import json

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(11)


def samples():
    for n in (2, 3, 5, 6, 10, 12):
        yield (0.8 + 0.05 * rng.standard_normal(n)).round(4).tolist()
    yield [0.5, 0.5, 0.5]
    yield [0.1, 0.1, 0.9, 0.1]


def interval(values):
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=stats.sem(values))
    return [low, high]


def flips():
    """Differences and the two-sided p of every flip of signs."""
    for n in (1, 2, 3, 5, 6, 8, 10, 12):
        values = (0.01 + 0.02 * rng.standard_normal(n)).round(3).tolist()
        p = stats.permutation_test(
            (values,), np.mean, permutation_type="samples", n_resamples=np.inf, alternative="two-sided",
            vectorized=False,
        ) if n > 1 else None
        both = sum(
            abs(sum(v * s for v, s in zip(values, signs))) >= abs(sum(values)) * (1 - 1e-14)
            for signs in np.array(np.meshgrid(*[[1, -1]] * n)).T.reshape(-1, n)
        ) / 2**n
        if p is not None:
            assert abs(p.pvalue - both) < 1e-12, (p.pvalue, both)
        yield {"differences": values, "p": both}
    yield {"differences": [0.0, 0.0, 0.0], "p": 1.0}
    yield {"differences": [0.1, 0.1, 0.1, -0.1], "p": 10 / 16}


def bca():
    """The bootstrap distribution itself is recorded, so that the same one gives the same interval."""
    for n, skew in ((5, 0.1), (6, 1), (12, 1), (30, 2)):
        values = np.exp(skew * rng.standard_normal(n)).round(4)
        found = stats.bootstrap((values,), np.mean, n_resamples=400, method="BCa", random_state=rng)
        jackknife = [float(np.mean(np.delete(values, i))) for i in range(n)]
        yield {
            "values": values.tolist(),
            "distribution": found.bootstrap_distribution.tolist(),
            "jackknife": jackknife,
            "interval": list(found.confidence_interval),
        }


def wilson():
    for right, rows in ((0, 10), (10, 10), (7, 10), (812, 872), (1, 1000)):
        low, high = stats.binomtest(right, rows).proportion_ci(0.95, method="wilson")
        yield {"right": right, "rows": rows, "interval": [low, high]}


def mcnemar():
    for first, second in ((0, 0), (1, 0), (5, 1), (10, 10), (40, 20), (100, 130)):
        p = stats.binomtest(min(first, second), first + second, 0.5).pvalue if first + second else 1.0
        yield {"first": first, "second": second, "p": p}


def holm(values):
    """Written out after Holm (1979): step down, then made monotone."""
    order = np.argsort(values, kind="stable")
    out = np.empty(len(values))
    least = 0.0
    for rank, index in enumerate(order):
        least = max(least, min(1.0, (len(values) - rank) * values[index]))
        out[index] = least
    return out.tolist()


golden = {
    "scipy": scipy.__version__,
    "student": [{"values": values, "interval": interval(values)} for values in samples() if np.std(values) > 0],
    "signFlip": list(flips()),
    "bca": list(bca()),
    "wilson": list(wilson()),
    "mcnemar": list(mcnemar()),
    "holm": [
        {"values": v, "adjusted": holm(v)}
        for v in ([0.01, 0.04, 0.03], [0.5, 0.6, 0.02, 0.02], [0.03125], [0.25, 0.25, 1.0])
    ],
}
print(json.dumps(golden))
