"""Training in PyTorch by Hugging Face's conventions, recording all that another implementation is held to."""

import copy
from dataclasses import dataclass

import torch
from peft.optimizers import create_loraplus_optimizer
from torch.nn import functional
from transformers import Adafactor, get_constant_schedule_with_warmup, get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup

from batches import Batch
from cases import STEPS, Case
from families import Family, input_names
from trained import HEAD_PARAMETER, Trained
from t5_batches import IGNORED


@dataclass
class Record:
    learning_rates: list[float]
    losses: list[float]
    grad_norms: list[float]
    # Before clipping, by tensor.
    first_gradients: dict[str, torch.Tensor]
    first_gradient_norms: dict[str, float]
    last_gradient_norms: dict[str, float]
    # Largest norm over the steps, by tensor: zero in double precision where a gradient vanishes by symmetry.
    largest_gradient_norms: dict[str, float]
    initial_logits: list
    final_logits: list
    final: dict[str, torch.Tensor]
    # Of a method that has one: its term of the loss, by step.
    penalties: list[float] | None = None
    # Rows that an encoder gives in the end.
    baked: torch.Tensor | None = None


def make_optimizer(trained: Trained, case: Case) -> torch.optim.Optimizer:
    common = {"lr": case.learning_rate, "betas": (0.9, 0.999), "eps": 1e-8}
    ratio = case.method.get("learningRateRatio")
    if case.optimizer is not None:
        return make_adafactor(trained, case.optimizer)
    if trained.rates:
        return torch.optim.AdamW(rated(trained, case), **common)
    if ratio is None:
        return torch.optim.AdamW(trained.parameters.values(), weight_decay=case.weight_decay, **common)
    return create_loraplus_optimizer(
        trained.module, torch.optim.AdamW, loraplus_lr_ratio=ratio, loraplus_weight_decay=case.weight_decay, **common
    )


def rated(trained: Trained, case: Case) -> list[dict]:
    """A group a tensor, with the rates its method asks for."""

    def group(name: str, parameter: torch.nn.Parameter) -> dict:
        scale, decays = next((rate for end, rate in trained.rates.items() if name.endswith(end)), (1, True))
        return {
            "params": [parameter],
            "lr": case.learning_rate * scale,
            "weight_decay": case.weight_decay if decays else 0.0,
        }

    return [group(name, parameter) for name, parameter in trained.parameters.items()]


def make_adafactor(trained: Trained, options: dict) -> torch.optim.Optimizer:
    return Adafactor(
        trained.parameters.values(),
        lr=options["learningRate"],
        eps=tuple(options["epsilon"]),
        clip_threshold=options["clipThreshold"],
        decay_rate=options["decayRate"],
        beta1=options["beta1"],
        weight_decay=options["weightDecay"],
        scale_parameter=options["scaleParameter"],
        relative_step=options["relativeStep"],
        warmup_init=options["warmupInit"],
    )


def groups(trained: Trained, case: Case) -> list[dict]:
    """Learning rate, relative to the schedule's, and weight decay of every tensor."""
    if "learningRateRatio" not in case.method:
        return []
    names = {id(parameter): name for name, parameter in trained.parameters.items()}
    result = []
    for group in make_optimizer(trained, case).param_groups:
        for parameter in group["params"]:
            rate = group["lr"] / case.learning_rate
            result.append({"name": names[id(parameter)], "rate": rate, "weightDecay": group["weight_decay"]})
    return sorted(result, key=lambda entry: entry["name"])


def scheduler(optimizer: torch.optim.Optimizer, schedule: dict):
    """None for an optimizer that finds its own step (Adafactor's relative one)."""
    if optimizer.param_groups[0]["lr"] is None:
        return None
    warmup = schedule["warmupSteps"]
    if schedule["type"] == "linear":
        return get_linear_schedule_with_warmup(optimizer, warmup, STEPS)
    if schedule["type"] == "cosine":
        return get_cosine_schedule_with_warmup(optimizer, warmup, STEPS)
    return get_constant_schedule_with_warmup(optimizer, warmup)


def row_losses(family: Family, logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """One loss a row; for text to text one a target token, padding left out."""
    if family.task == "text2text":
        labels = torch.tensor(batch.labels).flatten()
        return functional.cross_entropy(logits.flatten(0, 1), labels, reduction="none")[labels != IGNORED]
    if family.regression:
        return functional.mse_loss(logits.squeeze(-1), torch.tensor(batch.labels, dtype=logits.dtype), reduction="none")
    return functional.cross_entropy(logits, torch.tensor(batch.labels), reduction="none")


def logits_of(family: Family, trained: Trained, batch: Batch) -> torch.Tensor:
    names = batch.inputs if family.task == "text2text" else input_names(family)
    return trained.module(**{name: torch.tensor(batch.inputs[name]) for name in names}).logits


def counted(family: Family, batch: Batch) -> int:
    """What a mean of the loss divides by: rows, or target tokens."""
    if family.task == "text2text":
        return sum(label != IGNORED for row in batch.labels for label in row)
    return len(batch.labels)


@torch.no_grad()
def all_logits(family: Family, trained: Trained, batches: list[Batch]) -> list:
    if family.task == "text2text":
        # A vocabulary for every target token is much: the first row stands for all.
        return [[rounded(logits_of(family, trained, batches[0])[0])]]
    return [logits_of(family, trained, batch).tolist() for batch in batches]


def rounded(values: torch.Tensor) -> list:
    """Nine digits, which single precision needs."""
    return [[float(f"{value:.9g}") for value in row] for row in values.tolist()]


def plain_rate(schedule, trained: Trained, case: Case) -> float:
    """The schedule's rate of tensors that learn at the plain one."""
    rates = schedule.get_last_lr()
    if not trained.rates:
        return rates[0]
    plain = [not any(name.endswith(end) for end in trained.rates) for name in trained.parameters]
    return rates[plain.index(True)]


def train(family: Family, start: Trained, case: Case, batches: list[Batch], dtype: torch.dtype) -> Record:
    """Runs the case from `start` (left as it is) in `dtype`."""
    trained = copy.deepcopy(start)
    trained.module.to(dtype)
    parameters = trained.parameters
    if case.head_rate is not None:
        ratio = case.head_rate / case.learning_rate
        trained.rates = {name: (ratio, True) for name in parameters if HEAD_PARAMETER.search(name)} | trained.rates
    optimizer = make_optimizer(trained, case)
    schedule = scheduler(optimizer, case.schedule)
    record = Record([], [], [], {}, {}, {}, {}, all_logits(family, trained, batches), [], {})
    for step in range(STEPS):
        cycle = [batches[(step * case.accumulation + i) % len(batches)] for i in range(case.accumulation)]
        items = sum(counted(family, batch) for batch in cycle)
        optimizer.zero_grad()
        loss = 0.0
        for i, batch in enumerate(cycle):
            if trained.rules is not None:
                trained.rules.begin(trained.module, step * case.accumulation + i)
            part = row_losses(family, logits_of(family, trained, batch), batch).sum() / items
            part.backward()
            loss += part.item()
        if trained.penalty is not None:
            penalty = trained.penalty(trained.module)
            penalty.backward()
            record.penalties = [*(record.penalties or []), penalty.item()]
        if trained.rules is not None:
            penalty = trained.rules.penalty(trained.module, step + 1)
            penalty.backward()
            record.penalties = [*(record.penalties or []), penalty.item()]
        gradients = {name: parameter.grad for name, parameter in parameters.items()}
        norms = {name: gradient.norm().item() for name, gradient in gradients.items()}
        if step == 0:
            record.first_gradients = {name: gradient.clone() for name, gradient in gradients.items()}
            record.first_gradient_norms = norms
        record.last_gradient_norms = norms
        so_far = record.largest_gradient_norms
        record.largest_gradient_norms = {name: max(norm, so_far.get(name, 0.0)) for name, norm in norms.items()}
        # Adafactor's relative step: 1/√step, at most 0.01 (before the parameter's own scale).
        record.learning_rates.append(plain_rate(schedule, trained, case) if schedule else min(1e-2, (step + 1) ** -0.5))
        record.losses.append(loss)
        limit = case.max_grad_norm or float("inf")
        record.grad_norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), limit).item())
        optimizer.step()
        if trained.after is not None:
            trained.after(trained.module, step + 1)
        if schedule:
            schedule.step()
        if trained.rules is not None:
            trained.rules.after(trained.module, optimizer, step + 1)
            trained.rules.begin(trained.module, None)
    record.final_logits = all_logits(family, trained, batches)
    record.final = trained.tensors()
    if trained.baked is not None:
        with torch.no_grad():
            record.baked = trained.baked(trained.module)
    return record
