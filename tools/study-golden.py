"""Golden values of the study's statistics, from SciPy and NumPy: `python tools/study-golden.py`.

Writes tests/study/statistics.golden.json: mean ranks, Friedman's test (Iman and Davenport's form), Nemenyi's critical
difference and the point at which a curve is 95 % of its end.
"""
import json
from pathlib import Path

import numpy as np
from scipy import stats

OUT = Path(__file__).parent.parent / "tests/study/statistics.golden.json"


def friedman(scores):
    tasks, methods = scores.shape
    chi, _ = stats.friedmanchisquare(*scores.T)
    f = (tasks - 1) * chi / (tasks * (methods - 1) - chi)
    return f, stats.f.sf(f, methods - 1, (methods - 1) * (tasks - 1))


def critical(methods, tasks, level=0.05):
    q = stats.studentized_range.ppf(1 - level, methods, np.inf) / np.sqrt(2)
    return q * np.sqrt(methods * (methods + 1) / (6 * tasks))


def converged(x, y, share=0.95):
    goal = share * y[-1]
    first = int(np.argmax(y >= goal))
    if first == 0:
        raise ValueError("this curve begins there; take another")
    return float(np.interp(goal, [y[first - 1], y[first]], [x[first - 1], x[first]]))


random = np.random.default_rng(5)
samples = []
for tasks, methods, digits in [(2, 3, 3), (6, 5, 3), (12, 5, 1), (20, 8, 2)]:
    scores = np.round(random.normal(0.7, 0.1, (tasks, methods)) + 0.03 * np.arange(methods), digits)
    f, p = friedman(scores)
    ranks = stats.rankdata(-scores, axis=1).mean(axis=0)
    samples.append({"scores": scores.tolist(), "ranks": ranks.tolist(), "statistic": f, "p": p})

curves = []
for points in (3, 8, 30):
    x = np.cumsum(random.integers(1, 50, points)).astype(float)
    y = 0.9 - 0.5 * np.exp(-np.arange(points) / 3) + random.normal(0, 0.01, points)
    curves.append({"x": x.tolist(), "y": y.tolist(), "at": converged(x, y)})

# Demsar (2006), table 5(a): critical values of the two-tailed Nemenyi test at 5 %, by the number of methods.
demsar = {2: 1.960, 3: 2.343, 4: 2.569, 5: 2.728, 6: 2.850, 7: 2.949, 8: 3.031, 9: 3.102, 10: 3.164}
nemenyi = [{"methods": k, "tasks": n, "critical": critical(k, n)} for k in range(2, 11) for n in (2, 12, 100)]
OUT.write_text(json.dumps({"samples": samples, "curves": curves, "demsar": demsar, "nemenyi": nemenyi}) + "\n")
