"""Makes tests/oracle/class-weights.json: 20 steps of the tiny BERT under PyTorch's weighted cross-entropy.

    python tools/oracles/class_weights.py

Model, starts and batches are those of tests/oracle/bert. The loss of a step is `cross_entropy(logits, labels,
weight=w)` over the rows of all its micro-batches at once, so that the weighted mean is PyTorch's own.
"""

import copy
import importlib.metadata
import json
from dataclasses import replace
from pathlib import Path

import torch
from torch.nn import functional

from batches import Batch, make_batches
from cases import STEPS, Case, cases_of
from families import FAMILIES, build
from methods import attach
from train import logits_of, make_optimizer
from trained import Trained

OUT = Path(__file__).resolve().parents[2] / "tests" / "oracle" / "class-weights.json"

# Case of tests/oracle/bert that it starts as, weights by class or "balanced", micro-batches a step.
CASES = [
    ("full-balanced", "full", "balanced", 2),
    ("lora-by-hand", "lora", [0.25, 1.0, 4.0], 1),
    ("head-balanced", "head", "balanced", 1),
]


def balanced(batches: list[Batch], classes: int) -> list[float]:
    """As scikit-learn's compute_class_weight("balanced")."""
    labels = [label for batch in batches for label in batch.labels]
    return [len(labels) / (classes * labels.count(index)) for index in range(classes)]


def losses_of(family, start: Trained, case: Case, batches, weights, accumulation: int, dtype: torch.dtype) -> list[float]:
    trained = copy.deepcopy(start)
    trained.module.to(dtype)
    optimizer = make_optimizer(trained, case)
    weight = torch.tensor(weights, dtype=dtype)
    losses = []
    for step in range(STEPS):
        cycle = [batches[(step * accumulation + i) % len(batches)] for i in range(accumulation)]
        optimizer.zero_grad()
        logits = torch.cat([logits_of(family, trained, batch) for batch in cycle])
        labels = torch.tensor([label for batch in cycle for label in batch.labels])
        loss = functional.cross_entropy(logits, labels, weight=weight)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
    return losses


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    family = next(family for family in FAMILIES if family.name == "bert")
    model, _ = build(family)
    known = {case.name: case for case in cases_of(family)}
    batches = make_batches(family, "partial")
    cases = []
    for name, base, wanted, accumulation in CASES:
        case = replace(known[base], max_grad_norm=None)
        start = attach(family, model, case, seed=family.seed)
        weights = balanced(batches, family.labels) if wanted == "balanced" else wanted
        arguments = (family, start, case, batches, weights, accumulation)
        single, double = losses_of(*arguments, torch.float32), losses_of(*arguments, torch.float64)
        worst = max(abs(a - b) / b for a, b in zip(single, double))
        print(f"{name}: loss {single[0]:.4f} → {single[-1]:.4f}, single against double precision {worst:.1e}")
        cases.append(
            {
                "name": name,
                "case": base,
                "classWeights": wanted,
                "weights": weights,
                "accumulation": accumulation,
                "learningRate": case.learning_rate,
                "losses": single,
                "losses64": double,
            }
        )
    document = {
        "made": "python tools/oracles/class_weights.py",
        "versions": {package: importlib.metadata.version(package) for package in ("torch", "transformers", "peft")},
        "batchSize": len(batches[0].labels),
        "batches": [{**batch.inputs, "labels": batch.labels} for batch in batches],
        "cases": cases,
    }
    OUT.write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
