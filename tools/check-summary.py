"""Recomputes what `delta compare` wrote into summary.json from the runs' own files, with SciPy and scikit-learn.

usage: check-summary.py DIR    (a folder of `delta compare`; prints each figure that differs, else how many agree)

Scores come from metrics.jsonl, not from the summary. What is drawn at random is drawn of other numbers here: ends of
bootstrap intervals may differ by a few per cent of their width, p of drawn exchanges by their spread; all else must
agree to nine digits. The verdict is judged anew by the rules of docs/verdict.md (`verdict_rules.py`).
"""
import json
import sys
from pathlib import Path

import numpy as np
from scipy import stats

from verdict_rules import Comparison, exact_flips, student, verdict_of, wilson

checked, wrong = 0, 0


def check(what, seen, expected, within=1e-9):
    global checked, wrong
    checked += 1
    if seen is None or not np.allclose(np.array(seen, dtype=float), expected, rtol=0, atol=within):
        wrong += 1
        print(f"{what}: {seen} in summary.json, {expected} here")


def same(what, seen, expected):
    global checked, wrong
    checked += 1
    if seen != expected:
        wrong += 1
        print(f"{what}: {seen} in summary.json, {expected} here")


def near_p(what, seen, expected, draws=10_000):
    """Two p that were drawn by so many exchanges each: within four of their standard deviations."""
    check(what, seen, expected, 4 * np.sqrt(2 * max(expected * (1 - expected), 1 / draws) / draws))


def check_interval(what, seen, ends, share=0.08):
    low, high = ends
    if seen is not None and np.isfinite(low) and np.isfinite(high):
        check(what, seen, (low, high), share * (high - low) + 1e-9)


def bca(differences):
    if np.ptp(differences) == 0:
        return None
    with np.errstate(all="ignore"):
        found = stats.bootstrap((differences,), np.mean, method="BCa", n_resamples=10_000, rng=1)
    return found.confidence_interval


def of_rounding(metric, given):
    """How far a correlation may be off because answers are kept with six digits (src/train/judged-answers.ts):
    twice the largest rounding over their spread, which is little where a model answers nearly the same to all."""
    if metric not in ("pearson", "spearman"):
        return 0
    given = np.asarray(given, float)
    return 2 * 5e-6 * np.abs(given).max() / given.std()


def check_scores(comparison):
    for method in comparison.methods:
        name, own = method["name"], comparison.scores[method["name"]]
        for part in ("train", "validation", "test"):
            if part in own:
                check(f"{name} {part}", method["scores"][part], own[part])
            else:
                same(f"{name} {part}", method["scores"][part], None)
        values = comparison.values(name)
        check(f"{name} mean", method["mean"], values.mean())
        if "train" in own:
            check(f"{name} gap", method["gap"], np.mean(own["train"]) - values.mean())
        # What the answers row by row come to.
        if comparison.tells_rows(name):
            for value, (given, truth) in zip(values, comparison.answers[name]):
                recomputed = comparison.by_library(given, truth)
                check(f"{name} of its answers", value, recomputed, 1e-9 + of_rounding(comparison.metric, given))
        if len(values) > 1:
            check(f"{name} interval", method["interval"], student(values, 0.95))
        elif comparison.tells_rows(name):
            given, truth = comparison.answers[name][0]
            if comparison.metric == "accuracy":
                check(f"{name} interval", method["interval"], wilson(values[0], len(truth), 0.95))
            else:
                check_interval(f"{name} interval", method["interval"], comparison.bootstrap(name))


def holm(values):
    least, found = 0.0, {}
    for rank, name in enumerate(sorted(values, key=values.get)):
        least = found[name] = max(least, min(1.0, (len(values) - rank) * values[name]))
    return found


def check_differences(comparison):
    """Over seeds sign flips and BCa; of one seed McNemar or drawn exchanges, and the paired bootstrap. Then Holm."""
    base, raw, floors = comparison.summary["baseline"], {}, {}
    for method in comparison.methods:
        name, against = method["name"], method["againstBaseline"]
        if name == base or against is None:
            continue
        differences = comparison.values(name) - comparison.values(base)
        check(f"{name} difference", against["difference"], differences.mean())
        same(f"{name} unit", against["unit"], "seeds" if len(differences) > 1 else "rows")
        if len(differences) > 1:
            raw[name] = exact_flips(differences)
            check(f"{name} p", against["p"], raw[name])
            floors[name] = 2 / 2 ** len(differences)
            check(f"{name} smallest p", against["smallestP"], floors[name])
            ends = bca(differences)
            if ends is not None:
                check_interval(f"{name} BCa", against["interval"], ends)
        elif comparison.tells_rows(name) and comparison.tells_rows(base):
            if comparison.metric == "accuracy":
                raw[name] = comparison.mcnemar(name, base)
                check(f"{name} McNemar", against["p"], raw[name])
            else:
                near_p(f"{name} p over rows", against["p"], comparison.rows_p(name, base))
                raw[name] = against["p"]
            check_interval(f"{name} paired bootstrap", against["interval"], comparison.bootstrap(name, base))
    against = {m["name"]: m["againstBaseline"] for m in comparison.methods}
    for name, adjusted in holm(raw).items():
        check(f"{name} p after Holm", against[name]["pAdjusted"], adjusted)
    for name, adjusted in holm(floors).items():
        check(f"{name} smallest p after Holm", against[name]["smallestAdjusted"], adjusted)


def check_verdict(comparison):
    told = comparison.summary["verdict"]
    own = verdict_of(comparison)
    for field in ("code", "take", "best", "other", "seedsNeeded", "rowsShort"):
        same(f"verdict, {field}", told.get(field), own[field])
    if own["code"] == "winner" and own["largestP"] is not None:
        check("verdict, the largest p", told["largestP"], own["largestP"], 1e-9 if comparison.several else 0.02)
    if own["rows"]:
        print("over the rows, to " + own["best"] + ": " + ", ".join(f"{n} p {p:.3g}" for n, p in own["rows"].items()))


comparison = Comparison(Path(sys.argv[1]))
check_scores(comparison)
check_differences(comparison)
check_verdict(comparison)
verdict = comparison.summary["verdict"]
print(f"{checked - wrong} of {checked} figures agree; verdict {verdict['code']}: {verdict['sentences'][0]}")
sys.exit(1 if wrong else 0)
