"""Writes one case: a JSON of numbers and a folder of tensors beside it."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from batches import Batch
from cases import Case
from families import Family
from fusion import write_member
from label_words import MASK
from methods import write_adapter
from train import Record, groups
from trained import Trained


def save(tensors: dict[str, torch.Tensor], path: Path) -> None:
    save_file({name: tensor.float().contiguous() for name, tensor in tensors.items()}, str(path))


def write_case(
    family: Family,
    case: Case,
    batches: list[Batch],
    start: Trained,
    single: Record,
    double: Record,
    notes: list[str],
    folder: Path,
) -> dict:
    """Writes tests/oracle/<family>/<case>.json and its tensors; returns what the summary shows."""
    tensors = folder / case.name
    by_tensor = groups(start, case)
    adapter = start.config is not None
    if adapter or family.fresh_head or case.final or case.gradients:
        tensors.mkdir()
    # `full` and `head` start from the model's own weights, unless the head is fresh.
    if adapter:
        write_adapter(start, tensors / "initial", save)
    elif family.fresh_head:
        (tensors / "initial").mkdir()
        fresh = {name: tensor for name, tensor in start.tensors().items() if name.startswith("classifier.")}
        save(fresh, tensors / "initial" / "model.safetensors")
    for path, (config, frozen) in start.members.items():
        write_member(folder / path, config, frozen)
    if case.final:
        save(single.final, tensors / "final.safetensors")
    if start.baked is not None:
        save({"prompt_embeddings": single.baked}, tensors / "baked.safetensors")
    if case.gradients:
        save(single.first_gradients, tensors / "gradients.safetensors")
    document = {
        "format": 1,
        "family": family.name,
        "case": case.name,
        "reference": start.reference,
        "task": family.task,
        "labels": family.labels,
        "freshHead": family.fresh_head,
        **({"words": {"mask": MASK, "ids": family.words}} if getattr(family, "words", ()) else {}),
        "method": case.method,
        "training": case.training(len(batches[0].labels)),
        "batches": [{**batch.inputs, "labels": batch.labels} for batch in batches],
        "trainable": [{"name": name, "shape": list(p.shape)} for name, p in start.parameters.items()],
        "trainableParameters": sum(p.numel() for p in start.parameters.values()),
        **({"groups": by_tensor} if by_tensor else {}),
        "learningRates": single.learning_rates,
        "losses": single.losses,
        "losses64": double.losses,
        **({"penalties": single.penalties} if single.penalties else {}),
        "gradNorms": single.grad_norms,
        "gradNorms64": double.grad_norms,
        "gradientNorms": {"first": single.first_gradient_norms, "last": single.last_gradient_norms},
        "logits": {"initial": single.initial_logits, "final": single.final_logits},
        "tensors": {
            "initial": f"{case.name}/initial" if adapter or family.fresh_head else None,
            "gradients": f"{case.name}/gradients.safetensors" if case.gradients else None,
            "final": f"{case.name}/final.safetensors" if case.final else None,
            **({"baked": f"{case.name}/baked.safetensors"} if start.baked is not None else {}),
        },
        "undetermined": undetermined(double),
        "noise": noise(single, double),
        "notes": notes,
    }
    (folder / f"{case.name}.json").write_text(compact(document))
    return document


def undetermined(double: Record) -> list[str]:
    """
    Tensors whose exact gradient is zero (a key's bias shifts all scores of a query alike, and softmax does
    not see it). Rounding is all that AdamW gets there, and it blows that up to steps of the learning rate.
    """
    return [name for name, norm in double.largest_gradient_norms.items() if norm < 1e-13 * max(double.grad_norms)]


def noise(single: Record, double: Record) -> dict:
    """How far single precision alone is from double: what no tolerance can go below."""
    return {
        "loss": max(abs(a - b) / abs(b) for a, b in zip(single.losses, double.losses)),
        "gradients": largest(single.first_gradients, double.first_gradients),
        "final": largest(single.final, double.final),
    }


def largest(single: dict[str, torch.Tensor], double: dict[str, torch.Tensor]) -> dict[str, float]:
    """Largest absolute difference by tensor, to three digits."""
    return {name: float(f"{(double[name] - tensor.double()).abs().max().item():.3g}") for name, tensor in single.items()}


def compact(document: dict) -> str:
    """One key a line; lists of dictionaries one entry a line."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            entries = ",\n".join("    " + json.dumps(entry) for entry in value)
            lines.append(f'  "{key}": [\n{entries}\n  ]')
        else:
            lines.append(f'  "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"
