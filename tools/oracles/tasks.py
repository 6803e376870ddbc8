"""Makes tests/oracle/tasks.json: 20 steps of one delta on two tasks in turn, in PyTorch.

    python tools/oracles/tasks.py

Model and starts are those of tests/oracle/bert and t5. A step takes its batches from one task; a head that it does not
use has no gradient, so the optimizer leaves it and its moments alone, and its corrections count its own steps.
"""

import copy
import importlib.metadata
import json
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from batches import Batch, make_batches
from cases import STEPS, Case, cases_of
from families import FAMILIES, build, input_names
from methods import attach
from t5_batches import make_t5_batches
from t5_cases import t5_cases
from t5_families import T5_FAMILIES, build_t5
from t5_methods import attach_t5
from train import counted, logits_of, make_adafactor, row_losses, scheduler
from trained import Trained

OUT = Path(__file__).resolve().parents[2] / "tests" / "oracle" / "tasks.json"
# Twice the first task, then the second once.
TURNS = [0, 1, 0]
LINEAR = {"type": "linear", "warmupSteps": 3}
# Family, case that it starts as, micro-batches a step, whether the case's own optimizer is kept.
CASES = [
    ("bert", "lora", 1),
    ("bert", "full", 2),
    ("bert", "adapter", 1),
    ("bert", "full-adafactor", 1),
    ("t5", "lora", 1),
]


def second_head(width: int, labels: int) -> nn.Linear:
    torch.manual_seed(5)
    head = nn.Linear(width, labels)
    nn.init.normal_(head.weight, std=0.2)
    nn.init.zeros_(head.bias)
    return head


def optimizer_of(trained: Trained, case: Case) -> torch.optim.Optimizer:
    if case.optimizer is not None:
        return make_adafactor(trained, case.optimizer)
    return torch.optim.AdamW(trained.parameters.values(), lr=case.learning_rate, weight_decay=case.weight_decay)


def run(family, start: Trained, case: Case, tasks: list, head: nn.Linear | None, dtype: torch.dtype):
    """Losses, norms of the gradients and rates by step, and the second head in the end."""
    trained = copy.deepcopy(start)
    trained.module.to(dtype)
    if head is not None:
        head = copy.deepcopy(head).to(dtype)
        trained.parameters = trained.parameters | {f"second.{name}": p for name, p in head.named_parameters()}
    optimizer = optimizer_of(trained, case)
    schedule = scheduler(optimizer, case.schedule)
    had = [0, 0]
    losses, norms, rates = [], [], []
    for step in range(STEPS):
        task = TURNS[step % len(TURNS)]
        batches = tasks[task]
        cycle = [batches[(had[task] * case.accumulation + i) % len(batches)] for i in range(case.accumulation)]
        had[task] += 1
        optimizer.zero_grad(set_to_none=True)
        items = sum(counted(family, batch) for batch in cycle)
        loss = 0.0
        for batch in cycle:
            part = row_losses(family, task_logits(family, trained, batch, head if task == 1 else None), batch).sum() / items
            part.backward()
            loss += part.item()
        losses.append(loss)
        rates.append(schedule.get_last_lr()[0] if schedule else min(1e-2, (step + 1) ** -0.5))
        limit = case.max_grad_norm or float("inf")
        norms.append(torch.nn.utils.clip_grad_norm_(trained.parameters.values(), limit).item())
        optimizer.step()
        if schedule:
            schedule.step()
    return losses, norms, rates, head


def task_logits(family, trained: Trained, batch: Batch, head: nn.Linear | None) -> torch.Tensor:
    if head is None:
        return logits_of(family, trained, batch)
    model = trained.module
    while not hasattr(model, "bert"):
        model = model.base_model.model if hasattr(model, "base_model") else model.model
    inputs = {name: torch.tensor(batch.inputs[name]) for name in input_names(family)}
    return head(model.bert(**inputs).pooler_output)


def made(family_name: str, name: str, accumulation: int) -> dict:
    families = [*FAMILIES, *T5_FAMILIES]
    family = next(one for one in families if one.name == family_name)
    text = family.task == "text2text"
    cases = t5_cases(family) if text else cases_of(family)
    case = next(one for one in cases if one.name == name)
    case = replace(case, accumulation=accumulation, max_grad_norm=0.5, schedule=LINEAR)
    if case.optimizer is None:
        case = replace(case, weight_decay=0.01)
    model = build_t5(family) if text else build(family)[0]
    start = (attach_t5 if text else attach)(family, model, case, seed=family.seed)
    if text:
        first, second = make_t5_batches(family, "plain"), make_t5_batches(family, "partial")[::-1]
        head = None
    else:
        first = make_batches(family, "plain")
        second = make_batches(replace(family, labels=2), "partial")
        head = second_head(model.config.hidden_size, 2)
    tasks = [first, second]
    losses, norms, rates, trained = run(family, start, case, tasks, head, torch.float32)
    losses64 = run(family, start, case, tasks, head, torch.float64)[0]
    noise = max(abs(one / other - 1) for one, other in zip(losses, losses64))
    print(f"{family_name}/{name}: loss {losses[0]:.4f} to {losses[-1]:.4f}, noise {noise:.1e}")
    batch_size = max(len(batch.labels) for batches in tasks for batch in batches)
    return {
        "family": family_name,
        "case": name,
        "method": case.method,
        "training": case.training(batch_size),
        "turns": [TURNS[step % len(TURNS)] for step in range(STEPS)],
        "batches": [[batch.inputs | {"labels": batch.labels} for batch in batches] for batches in tasks],
        "head": head and {name: value.tolist() for name, value in head.state_dict().items()},
        "finalHead": trained and {name: value.tolist() for name, value in trained.state_dict().items()},
        "learningRates": rates,
        "losses": losses,
        "gradNorms": norms,
    }


def main() -> None:
    torch.set_num_threads(1)
    versions = {name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft")}
    document = {
        "made": "python tools/oracles/tasks.py",
        "versions": versions,
        "cases": [made(*case) for case in CASES],
    }
    OUT.write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
