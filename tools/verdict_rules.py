"""A comparison's folder read anew, and the rules of docs/verdict.md over it, by SciPy and scikit-learn.

Nothing here is of src/evidence: `check-summary.py` holds the two against each other.
"""
import json
import math

import numpy as np
from scipy import stats
from sklearn import metrics as sk

CLAIM, MARGIN, SAVES = 0.05, 0.02, 0.95
FEW_ROWS, LEAST_ROWS = 40, 6
MOST_SEEDS, FEWEST_SEEDS = 20, 6
MOST_EXACT = 20


def exact_flips(differences):
    """Two-sided p of every way to flip the signs."""
    d = np.asarray(differences, dtype=float)
    if len(d) == 1:
        return 1.0
    found = stats.permutation_test(
        (d,), lambda x, axis: x.mean(axis=axis), permutation_type="samples", n_resamples=np.inf, vectorized=True
    )
    return float(found.pvalue)


def student(values, confidence):
    if np.ptp(values) == 0:
        return (values.mean(), values.mean())
    return stats.t.interval(confidence, len(values) - 1, values.mean(), stats.sem(values))


def wilson(share, rows, confidence):
    z = stats.norm.isf((1 - confidence) / 2)
    centre = (share + z**2 / (2 * rows)) / (1 + z**2 / rows)
    half = z / (1 + z**2 / rows) * math.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    return max(0.0, centre - half), min(1.0, centre + half)


def matthews(given, truth):
    """Of many sets at once: the last axis is that of the rows."""
    classes = np.union1d(given, truth)
    said, are = given[..., None] == classes, truth[..., None] == classes
    n, right = given.shape[-1], (given == truth).sum(axis=-1)
    p, t = said.sum(axis=-2), are.sum(axis=-2)
    spread = (n**2 - (p**2).sum(-1)) * (n**2 - (t**2).sum(-1))
    with np.errstate(all="ignore"):
        return np.where(spread > 0, (right * n - (p * t).sum(-1)) / np.sqrt(spread.astype(float)), 0.0)


def correlation(given, truth):
    with np.errstate(all="ignore"):
        x, y = given - given.mean(-1, keepdims=True), truth - truth.mean(-1, keepdims=True)
        return (x * y).sum(-1) / np.sqrt((x**2).sum(-1) * (y**2).sum(-1))


def spearman(given, truth):
    return correlation(stats.rankdata(given, axis=-1), stats.rankdata(truth, axis=-1))


class Comparison:
    """A folder of `delta compare` over one data set."""

    def __init__(self, root):
        self._root = root
        self.summary = json.loads((root / "summary.json").read_text())
        self.metric, self.split = self.summary["metric"], self.summary["judgedOn"]
        self.methods = [m for m in self.summary["methods"] if m["seeds"]]
        self.scores, self.answers = {}, {}
        for method in self.methods:
            self._read(method)
        self.several = max(len(m["seeds"]) for m in self.methods) > 1
        pairs = [pair for found in self.answers.values() if found for pair in found]
        self.rows = len(pairs[0][1]) if pairs else None
        labels = [value for pair in pairs for part in pair for value in part]
        self._classes = int(max(labels, default=1)) + 1 if self.metric in ("accuracy", "f1", "matthews") else None

    def _read(self, method):
        name, parts, answers = method["name"], {"train": [], "validation": [], "test": []}, []
        for seed in method["seeds"]:
            folder = self._root / name / f"seed-{seed}"
            folder = folder if folder.is_dir() else self._root / name
            events = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
            told = [e for e in events if e["type"] == "evaluate" and "task" not in e]
            final = [e for e in told if e["split"] != "validation"]
            step = final[-1]["step"] if final else events[-1]["best"]["step"]
            for e in told:
                if e["split"] != "validation" or e["step"] == step:
                    parts[e["split"]].append(e["metrics"][self.metric])
            said = [e for e in events if e["type"] == "answers" and e["split"] == self.split and "task" not in e]
            if said and said[-1]["truth"]:
                answers.append(tuple(np.array(said[-1][part].split(" "), dtype=float) for part in ("given", "truth")))
        self.scores[name] = {part: np.array(values, dtype=float) for part, values in parts.items() if values}
        self.answers[name] = answers if len(answers) == len(method["seeds"]) else None

    def values(self, name):
        return self.scores[name][self.split]

    def tells_rows(self, name):
        return bool(self.answers[name]) and self.metric in ("accuracy", "f1", "matthews", "pearson", "spearman")

    def by_library(self, given, truth):
        """The metric as scikit-learn or SciPy has it."""
        found = {
            "accuracy": lambda: sk.accuracy_score(truth, given),
            "f1": lambda: sk.f1_score(truth, given, average="binary" if self._classes == 2 else "macro", zero_division=0),
            "matthews": lambda: sk.matthews_corrcoef(truth, given),
            "pearson": lambda: stats.pearsonr(given, truth)[0],
            "spearman": lambda: stats.spearmanr(given, truth)[0],
        }
        return float(found[self.metric]())

    def _of(self, given, truth):
        """The same of many sets at once, with the rows along the last axis."""
        if self.metric == "accuracy":
            return (given == truth).mean(axis=-1)
        if self.metric == "f1":
            hits = [((given == c) & (truth == c)).sum(-1) for c in range(self._classes)]
            sizes = [(given == c).sum(-1) + (truth == c).sum(-1) for c in range(self._classes)]
            each = np.array([np.where(s > 0, 2 * h / np.maximum(s, 1), np.nan) for h, s in zip(hits, sizes)])
            return np.nan_to_num(each[1]) if self._classes == 2 else np.nanmean(each, axis=0)
        return {"matthews": matthews, "pearson": correlation, "spearman": spearman}[self.metric](given, truth)

    def _stacked(self, name):
        return tuple(np.array(part) for part in zip(*self.answers[name]))

    def mcnemar(self, name, other):
        (one, truth), (two, _) = self.answers[name][0], self.answers[other][0]
        first, second = ((one == truth) & (two != truth)).sum(), ((two == truth) & (one != truth)).sum()
        return 1.0 if first + second == 0 else float(stats.binomtest(int(first), int(first + second)).pvalue)

    def bootstrap(self, name, other=None):
        """Percentiles over resampled rows of one seed: of the metric, or of its difference to another's."""
        (given, truth), rng = self.answers[name][0], np.random.default_rng(1)
        drawn = rng.integers(0, len(truth), (10_000, len(truth)))
        figures = self._of(given[drawn], truth[drawn])
        if other is not None:
            figures = figures - self._of(self.answers[other][0][0][drawn], truth[drawn])
        return np.percentile(figures[np.isfinite(figures)], (2.5, 97.5))

    def rows_p(self, name, other):
        """p over the rows, the seeds together; None where it is not known. Exact of an accuracy of few rows."""
        if not self.tells_rows(name) or not self.tells_rows(other):
            return None
        (one, truth), (two, _) = self._stacked(name), self._stacked(other)
        if self.metric == "accuracy":
            gains = (one == truth).sum(0).astype(float) - (two == truth).sum(0)
            gains = gains[gains != 0]
            if len(gains) == 0:
                return 1.0
            if len(gains) <= MOST_EXACT:
                return exact_flips(gains) if len(gains) > 1 else 1.0
            rng = np.random.default_rng(1)
            signs = rng.integers(0, 2, (20_000, len(gains))) * 2 - 1
            return self._share_beyond(signs @ gains, gains.sum())
        both = np.concatenate([one, two], axis=1)
        n = truth.shape[1]

        def difference(x, y, axis):
            sides = [self._of(both[:, np.asarray(rows, dtype=int)], np.expand_dims(truth, 1)) for rows in (x, y)]
            return (sides[0] - sides[1]).mean(axis=0)

        rng = np.random.default_rng(1)
        swaps = rng.integers(0, 2, (3000, n))
        first = np.arange(n) + swaps * n
        second = np.arange(n) + (1 - swaps) * n
        found = np.concatenate(
            [difference(first[at : at + 250], second[at : at + 250], -1) for at in range(0, len(swaps), 250)]
        )
        seen = difference(np.arange(n)[None], (np.arange(n) + n)[None], -1)[0]
        return self._share_beyond(found[np.isfinite(found)], seen)

    def rows_interval(self, name, other, confidence):
        """Percentiles over resampled rows of the difference of two means over seeds."""
        if not self.tells_rows(name) or not self.tells_rows(other):
            return None
        drawn, tail = np.random.default_rng(1).integers(0, self.rows, (10_000, self.rows)), 50 * (1 - confidence)
        sides = [[self._of(given[drawn], truth[drawn]) for given, truth in self.answers[one]] for one in (name, other)]
        figures = np.mean(sides[0], axis=0) - np.mean(sides[1], axis=0)
        return np.percentile(figures[np.isfinite(figures)], (tail, 100 - tail))

    @staticmethod
    def _share_beyond(found, seen):
        return float((np.sum(np.abs(found) >= abs(seen) - 1e-12) + 1) / (len(found) + 1))

    def best_constant(self):
        """The best that one class for all judged rows scores."""
        pairs = next((found for found in self.answers.values() if found), None)
        if pairs is None or self._classes is None:
            return None
        truth = pairs[0][1]
        return max(self.by_library(np.full_like(truth, label), truth) for label in np.unique(truth))

    def leaves_out(self, name):
        """Does it leave a class of the rows out of its answers in most seeds?"""
        if self._classes is None or not self.answers[name]:
            return False
        missing = [bool(set(truth) - set(given)) for given, truth in self.answers[name]]
        return sum(missing) > len(missing) / 2


def _learned(c, name, tried):
    values, confidence = c.values(name), 1 - 0.05 / tried
    if c.rows is not None and c.rows < LEAST_ROWS:
        return False
    bars = [bar for bar in [*c.summary["reference"].values(), c.best_constant()] if bar is not None]
    lows = [values[0]]
    if len(values) > 1:
        lows = [student(values, confidence)[0]]
    elif c.tells_rows(name) and c.metric != "accuracy":
        lows = []
    if c.tells_rows(name) and c.metric != "accuracy":
        drawn = np.random.default_rng(1).integers(0, c.rows, (10_000, c.rows))
        figures = np.mean([c._of(given[drawn], truth[drawn]) for given, truth in c.answers[name]], axis=0)
        lows.append(np.nanpercentile(figures, 100 * (1 - confidence) / 2))
    if c.metric == "accuracy" and c.rows:
        lows.append(wilson(values.mean(), c.rows, confidence)[0])
    return all(low > bar for low in lows for bar in bars)


def verdict_of(c):
    """The code, and what it is about, of an accuracy, F1, Matthews or a correlation, where more is better."""
    lost = {m["name"] for m in c.summary["methods"] if m["lost"] or m["failed"] or not m["seeds"]}
    whole = [m for m in c.methods if m["name"] not in lost]
    few = c.rows if c.rows is not None and c.rows < FEW_ROWS else None
    out = {"take": None, "best": None, "other": None, "seedsNeeded": None, "rowsShort": few, "largestP": None, "rows": {}}
    if not whole or c.split is None:
        diverged = not whole and any(m["lost"] for m in c.summary["methods"])
        return out | {"code": "diverged" if diverged else "nothing-learned"}
    names = [m["name"] for m in whole]
    cost = {m["name"]: (m["peakBytes"] or 0) + (m["trainableParameters"] or 0) * 1e-9 for m in whole}
    learned = {name for name in names if _learned(c, name, len(whole))}
    if not learned:
        return out | {"code": "one-class" if all(map(c.leaves_out, names)) else "nothing-learned"}
    ranked = sorted(names, key=lambda name: (-c.values(name).mean(), cost[name], name))
    best = next(name for name in ranked if name in learned)
    rivals = [name for name in ranked if name != best]
    out |= {"best": best, "take": best}
    differences = {name: c.values(name) - c.values(best) for name in rivals}
    if c.several:
        over_seeds = {name: exact_flips(d) for name, d in differences.items()}
        over_rows = {name: c.rows_p(name, best) for name in rivals}
        out["rows"] = {name: p for name, p in over_rows.items() if p is not None}
    else:
        over_seeds = {n: c.mcnemar(n, best) if c.metric == "accuracy" else c.rows_p(n, best) for n in rivals}
        over_rows = dict.fromkeys(rivals)
    # One that is ahead and not shown to have learned is not told from the best.
    behind = {name for name in rivals if c.values(name).mean() < c.values(best).mean()}
    claimed = {name for name in behind if over_seeds[name] is not None and over_seeds[name] < CLAIM}
    equals = [n for n in rivals if n not in claimed or (over_rows[n] is not None and over_rows[n] >= CLAIM)]
    if not equals:
        nxt = rivals[0] if rivals else None
        return out | {"code": "winner", "other": nxt, "largestP": max(over_seeds.values(), default=None)}
    cheaper = sorted(
        (name for name in equals if cost[name] <= SAVES * cost[best]),
        key=lambda name: (cost[name], -c.values(name).mean(), name),
    )
    if not cheaper:
        return out | {"code": "cheaper-equal"}
    confidence = 1 - 0.05 / len(cheaper)
    for name in cheaper:
        low = student(differences[name], confidence)[0] if c.several else c.bootstrap(name, best)[0]
        if c.several and (ends := c.rows_interval(name, best, confidence)) is not None:
            low = min(low, ends[0])
        if few is None and name in learned and low >= -MARGIN:
            return out | {"code": "cheaper-equal", "take": name, "other": name}
    nearest = next(name for name in ranked if name in cheaper)
    out |= {"code": "too-close", "other": nearest}
    if nearest in claimed:
        return out | {"rowsShort": c.rows}
    if few is not None:
        return out
    d = differences[nearest]
    count = (2.8 * d.std(ddof=1) / d.mean()) ** 2 if len(d) > 1 and d.mean() != 0 else 0 if len(d) < 2 else math.inf
    seeds = max(FEWEST_SEEDS, len(d) + 1 if len(d) > 1 else 0, count if math.isinf(count) else math.ceil(count))
    if seeds > MOST_SEEDS:
        return out
    hidden = over_rows[nearest] is not None and over_rows[nearest] >= CLAIM
    return out | {"seedsNeeded": seeds, "rowsShort": c.rows if hidden else None}
