"""Training in PyTorch by Hugging Face's conventions, recording all that another implementation is held to."""

import copy
from dataclasses import dataclass

import torch
from peft.optimizers import create_loraplus_optimizer
from torch.nn import functional
from transformers import get_constant_schedule_with_warmup, get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup

from batches import Batch
from cases import STEPS, Case
from families import Family
from methods import Trained, inputs_of


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


def make_optimizer(trained: Trained, case: Case) -> torch.optim.Optimizer:
    common = {"lr": case.learning_rate, "betas": (0.9, 0.999), "eps": 1e-8}
    ratio = case.method.get("learningRateRatio")
    if ratio is None:
        return torch.optim.AdamW(trained.parameters.values(), weight_decay=case.weight_decay, **common)
    return create_loraplus_optimizer(
        trained.module, torch.optim.AdamW, loraplus_lr_ratio=ratio, loraplus_weight_decay=case.weight_decay, **common
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
    warmup = schedule["warmupSteps"]
    if schedule["type"] == "linear":
        return get_linear_schedule_with_warmup(optimizer, warmup, STEPS)
    if schedule["type"] == "cosine":
        return get_cosine_schedule_with_warmup(optimizer, warmup, STEPS)
    return get_constant_schedule_with_warmup(optimizer, warmup)


def row_losses(family: Family, logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    if family.regression:
        return functional.mse_loss(logits.squeeze(-1), torch.tensor(batch.labels, dtype=logits.dtype), reduction="none")
    return functional.cross_entropy(logits, torch.tensor(batch.labels), reduction="none")


def logits_of(family: Family, trained: Trained, batch: Batch) -> torch.Tensor:
    return trained.module(**inputs_of(family, batch)).logits


@torch.no_grad()
def all_logits(family: Family, trained: Trained, batches: list[Batch]) -> list:
    return [logits_of(family, trained, batch).tolist() for batch in batches]


def train(family: Family, start: Trained, case: Case, batches: list[Batch], dtype: torch.dtype) -> Record:
    """Runs the case from `start` (left as it is) in `dtype`."""
    trained = copy.deepcopy(start)
    trained.module.to(dtype)
    parameters = trained.parameters
    optimizer = make_optimizer(trained, case)
    schedule = scheduler(optimizer, case.schedule)
    record = Record([], [], [], {}, {}, {}, {}, all_logits(family, trained, batches), [], {})
    for step in range(STEPS):
        cycle = [batches[(step * case.accumulation + i) % len(batches)] for i in range(case.accumulation)]
        rows = sum(len(batch.labels) for batch in cycle)
        optimizer.zero_grad()
        loss = 0.0
        for batch in cycle:
            part = row_losses(family, logits_of(family, trained, batch), batch).sum() / rows
            part.backward()
            loss += part.item()
        gradients = {name: parameter.grad for name, parameter in parameters.items()}
        norms = {name: gradient.norm().item() for name, gradient in gradients.items()}
        if step == 0:
            record.first_gradients = {name: gradient.clone() for name, gradient in gradients.items()}
            record.first_gradient_norms = norms
        record.last_gradient_norms = norms
        so_far = record.largest_gradient_norms
        record.largest_gradient_norms = {name: max(norm, so_far.get(name, 0.0)) for name, norm in norms.items()}
        record.learning_rates.append(schedule.get_last_lr()[0])
        record.losses.append(loss)
        limit = case.max_grad_norm or float("inf")
        record.grad_norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), limit).item())
        optimizer.step()
        schedule.step()
    record.final_logits = all_logits(family, trained, batches)
    record.final = trained.tensors()
    return record
