"""Recomputes what `delta compare` wrote into summary.json from the runs' own files, with SciPy.

usage: check-summary.py DIR    (a folder of `delta compare`; prints each figure that differs, else how many agree)

Scores come from metrics.jsonl, not from the summary. Bootstrap intervals are of other random numbers here, so their
ends may differ by a few per cent of their width; all else must agree to nine digits.
"""
import itertools
import json
import sys
from pathlib import Path

import numpy as np
from scipy import stats

root = Path(sys.argv[1])
summary = json.loads((root / "summary.json").read_text())
metric, split = summary["metric"], summary["judgedOn"]
checked, wrong = 0, 0


def check(what, seen, expected, within=1e-9):
    global checked, wrong
    checked += 1
    if seen is None or not np.allclose(seen, expected, rtol=0, atol=within):
        wrong += 1
        print(f"{what}: {seen} in summary.json, {expected} here")


def scores(method):
    seeds = method["seeds"]
    several = (root / method["name"] / f"seed-{seeds[0]}").is_dir()
    out = {"train": [], "validation": [], "test": []}
    for seed in seeds:
        folder = root / method["name"] / (f"seed-{seed}" if several else "")
        events = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        told = [e for e in events if e["type"] == "evaluate"]
        final = [e for e in told if e["split"] != "validation"]
        step = final[-1]["step"] if final else events[-1]["best"]["step"]
        for e in told:
            if e["split"] != "validation" or e["step"] == step:
                out[e["split"]].append(e["metrics"][metric])
    return {name: values for name, values in out.items() if values}


def sign_flip(differences):
    flips = np.array(list(itertools.product([1, -1], repeat=len(differences))))
    means = np.abs(flips @ differences)
    return float(np.mean(means >= abs(np.sum(differences)) - 1e-12))


found = {method["name"]: scores(method) for method in summary["methods"]}
base = summary["baseline"]
raw = {}
for method in summary["methods"]:
    name = method["name"]
    for part, values in found[name].items():
        check(f"{name} {part}", method["scores"][part], values)
    for part in ("train", "validation", "test"):
        if part not in found[name]:
            check(f"{name} {part} is null", method["scores"][part] is None, True)
    values = np.array(found[name][split])
    check(f"{name} mean", method["mean"], values.mean())
    if "train" in found[name]:
        check(f"{name} gap", method["gap"], np.mean(found[name]["train"]) - values.mean())
    if len(values) < 2:
        continue
    t = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values)) if values.std() > 0 else (values.mean(),) * 2
    check(f"{name} interval", method["interval"], t)
    against = method["againstBaseline"]
    if name == base or against is None:
        continue
    differences = values - np.array(found[base][split])
    check(f"{name} difference", against["difference"], differences.mean())
    raw[name] = sign_flip(differences)
    check(f"{name} p", against["p"], raw[name])
    check(f"{name} smallest p", against["smallestP"], 2 / 2 ** len(differences))
    if np.ptp(differences) > 0:
        with np.errstate(all="ignore"):
            b = stats.bootstrap((differences,), np.mean, method="BCa", n_resamples=10000, random_state=1).confidence_interval
        if np.isfinite(b.low) and np.isfinite(b.high):
            check(f"{name} BCa", against["interval"], (b.low, b.high), 0.08 * (b.high - b.low) + 1e-9)

ordered = sorted(raw, key=raw.get)
least = 0.0
for rank, name in enumerate(ordered):
    least = max(least, min(1.0, (len(ordered) - rank) * raw[name]))
    method = next(m for m in summary["methods"] if m["name"] == name)
    check(f"{name} p after Holm", method["againstBaseline"]["pAdjusted"], least)


def answers(name, seeds):
    """Which rows a method has right, by seed; None where the runs left no answers."""
    several = (root / name / f"seed-{seeds[0]}").is_dir()
    out = []
    for seed in seeds:
        folder = root / name / (f"seed-{seed}" if several else "")
        events = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        told = [e for e in events if e["type"] == "answers" and e["split"] == split and "task" not in e]
        if not told:
            return None
        given, truth = (np.array(told[-1][part].split(" "), dtype=float) for part in ("given", "truth"))
        out.append(given == truth)
    return np.array(out)


def rows_p(name, other):
    """p over the rows of an accuracy, seeds taken together; None where it is not known."""
    seeds = {m["name"]: m["seeds"] for m in summary["methods"]}
    one, two = answers(name, seeds[name]), answers(other, seeds[other])
    if metric != "accuracy" or one is None or two is None:
        return None
    gains = one.sum(axis=0) - two.sum(axis=0)
    gains = gains[gains != 0].astype(float)
    if len(gains) == 0:
        return 1.0
    if len(gains) <= 16:
        return sign_flip(gains)
    return stats.permutation_test((gains,), np.sum, permutation_type="samples", n_resamples=9999, random_state=1).pvalue


def best_constant():
    """The best that one class for all judged rows scores, by the labels that the runs left; None where there are none."""
    for path in sorted(root.glob("**/metrics.jsonl")):
        for event in map(json.loads, path.read_text().splitlines()):
            if event["type"] == "answers" and event["split"] == split and event["truth"]:
                truth = np.array(event["truth"].split(" "), dtype=float)
                shares = np.unique(truth, return_counts=True)[1] / len(truth)
                if metric == "accuracy":
                    return float(shares.max())
                return 0.0 if metric == "matthews" else None
    return None


def learned(values, tried):
    """Is the lower end of Student's interval, as much wider as methods were tried, above what takes no training?"""
    if metric == "loss" or len(values) < 2:
        return None
    bars = [bar for bar in [*summary["reference"].values(), best_constant()] if bar is not None]
    low = values.mean()
    if values.std() > 0:
        low = stats.t.interval(1 - 0.05 / tried, len(values) - 1, values.mean(), stats.sem(values))[0]
    return all(low > bar for bar in bars)


def check_verdict():
    """The rules of docs/verdict.md as far as these numbers decide them: of an accuracy or F1 over several seeds."""
    verdict = summary["verdict"]
    lost = {m["name"] for m in summary["methods"] if m["lost"] or m["failed"]}
    values = {name: np.array(parts[split]) for name, parts in found.items() if split in parts and name not in lost}
    if metric == "loss" or not values or min(len(v) for v in values.values()) < 2:
        return
    if verdict["take"] is None:
        for name, own in values.items():
            # An accuracy must be above as a share of the rows too, which is not known here.
            if metric != "accuracy":
                check(f"verdict: {name} has not learned", learned(own, len(values)), False)
        return
    best = verdict["best"]
    check(f"verdict: {best} has learned", learned(values[best], len(values)), True)
    differences = {name: own - values[best] for name, own in values.items() if name != best}
    if verdict["code"] == "winner" and differences:
        largest = max(sign_flip(d) for d in differences.values())
        check("verdict: the largest p", verdict["largestP"], largest)
        check("verdict: all differ", largest < 0.05, True)
        for name in differences:
            over = rows_p(name, best)
            # Drawn of other random numbers here, a p near 0.05 may fall on either side of it.
            check(f"verdict: the rows show that {name} differs", over is None or over < 0.06, True)
    elif differences:
        largest = max(max(sign_flip(d), rows_p(name, best) or 0) for name, d in differences.items())
        check("verdict: some is not told from the best", largest >= 0.04, True)
    if verdict["code"] == "cheaper-equal" and verdict["take"] != best:
        memory = {m["name"]: m["peakBytes"] for m in summary["methods"]}
        cheaper = [n for n, d in differences.items() if max(sign_flip(d), rows_p(n, best) or 0) >= 0.05 and memory[n] <= 0.95 * memory[best]]
        d = differences[verdict["take"]]
        low = d.mean()
        if d.std() > 0:
            low = stats.t.interval(1 - 0.05 / len(cheaper), len(d) - 1, d.mean(), stats.sem(d))[0]
        check("verdict: within two points", low >= -0.02, True)


check_verdict()
print(f"{checked - wrong} of {checked} figures agree; verdict {summary['verdict']['code']}: {summary['verdict']['sentences'][0]}")
sys.exit(1 if wrong else 0)
