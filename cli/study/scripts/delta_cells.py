"""What the scripts of a study's cells share: a model, rows and an order as Delta Studio had them, trained by PyTorch.

Needs torch, transformers, peft and accelerate. The weights in `models/` are those of the ONNX file, `data/` has the
rows as token ids, `orders/` the rows of every batch, `starts/` what the delta and the head start from; so that without
dropout the losses are the studio's up to rounding. Accelerate takes a GPU where there is one.
"""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from peft import PeftModel
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoModelForSequenceClassification, get_scheduler
from transformers.modeling_outputs import SequenceClassifierOutput

HERE = Path(__file__).resolve().parent


@dataclass
class Cell:
    """One training; paths are relative to this folder."""

    id: str
    model: str
    """"own" for the classifier that the model came with, else what a fresh one reads: "mean" or "first"."""
    head: str
    data: str
    order: str
    """"peft" for an adapter folder of PEFT; "weights" for the model's own weights that train, and no others."""
    kind: str
    start: str
    virtual_tokens: int
    outputs: int
    regression: bool
    class_weights: list[float] | None
    steps: int
    batch_size: int
    learning_rate: float
    """Of the parameters named below, where they have a rate of their own."""
    head_rate: float | None
    head_parameters: list[str]
    weight_decay: float
    betas: tuple[float, float]
    epsilon: float
    schedule: str
    warmup_steps: int
    max_grad_norm: float
    dropout: float
    evaluate_every: int
    seed: int


class FreshHead(nn.Module):
    """The mean over a text's tokens, or the first one → dense → tanh → out_proj"""

    def __init__(self, width: int, outputs: int, pooling: str):
        super().__init__()
        self.pooling = pooling
        self.dense = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, outputs)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """states [batch, length, width], mask [batch, length] → logits [batch, outputs]"""
        weights = mask.to(states.dtype).unsqueeze(-1)
        pooled = states[:, 0] if self.pooling == "first" else (states * weights).sum(1) / weights.sum(1)
        return self.out_proj(torch.tanh(self.dense(pooled)))


def with_head(backbone: nn.Module, prefix: str, head: nn.Module, virtual_tokens: int) -> nn.Module:
    """The encoder with a classifier, its weights named as in the file: under `prefix` where that has one."""
    # In a file without prefixes the encoder itself is the model.
    family = type(backbone).__mro__[1] if prefix else type(backbone)

    class Classifier(family):
        _tied_weights_keys = {}

        def forward(self, input_ids=None, attention_mask=None, inputs_embeds=None, labels=None, **inputs):
            encode = getattr(self, prefix) if prefix else super().forward
            passed = {name: inputs[name] for name in ("token_type_ids", "past_key_values") if inputs.get(name) is not None}
            states = encode(
                input_ids=input_ids, attention_mask=attention_mask, inputs_embeds=inputs_embeds, **passed
            ).last_hidden_state
            # A prefix has no states of its own, and virtual tokens are no text.
            mask = attention_mask[:, -states.shape[1] :]
            return SequenceClassifierOutput(
                logits=self.classifier(states[:, virtual_tokens:], mask[:, virtual_tokens:])
            )

    if prefix:
        model = Classifier(backbone.config)
        setattr(model, prefix, backbone)
    else:
        model = backbone
        model.__class__ = Classifier
    model.classifier = head
    return model


def load_model(cell: Cell) -> nn.Module:
    """The base model with the head of the task."""
    folder = HERE / cell.model
    config = AutoConfig.from_pretrained(
        folder,
        num_labels=cell.outputs,
        hidden_dropout_prob=cell.dropout,
        attention_probs_dropout_prob=cell.dropout,
        attn_implementation="eager",
    )
    state = load_file(folder / "model.safetensors")
    if cell.head == "own":
        model = AutoModelForSequenceClassification.from_config(config)
        own = model.state_dict()
        # A last layer of another size starts anew, and stands in the start.
        model.load_state_dict({k: v for k, v in state.items() if k in own and own[k].shape == v.shape}, strict=False)
        return model
    backbone = AutoModel.from_config(config)
    prefix = backbone.base_model_prefix
    prefixed = any(name.startswith(f"{prefix}.") for name in state)
    if getattr(backbone, "pooler", None) is not None and not any("pooler." in name for name in state):
        backbone.pooler = None
    plain = {name.removeprefix(f"{prefix}."): tensor for name, tensor in state.items()}
    missing = backbone.load_state_dict(plain, strict=False).missing_keys
    if missing:
        raise SystemExit(f"{folder}: the weights lack {missing[0]}")
    head = FreshHead(config.hidden_size, cell.outputs, cell.head)
    return with_head(backbone, prefix if prefixed else "", head, cell.virtual_tokens)


def tuned(cell: Cell) -> nn.Module:
    """The model with what trains, at its start."""
    model = load_model(cell)
    start = HERE / cell.start
    if cell.kind == "peft" and cell.virtual_tokens == 0:
        return PeftModel.from_pretrained(model, start, is_trainable=True)
    if cell.kind == "peft":
        # PEFT loads prompts for inference alone.
        model = PeftModel.from_pretrained(model, start)
        model.active_peft_config.inference_mode = False
        for name, parameter in model.named_parameters():
            parameter.requires_grad_("prompt_encoder" in name or "modules_to_save" in name)
        return model
    state = load_file(start / "model.safetensors")
    trained = set(json.loads((start / "trained.json").read_text()))
    unknown = model.load_state_dict(state, strict=False).unexpected_keys
    named = dict(model.named_parameters())
    for name in [*unknown, *(trained - named.keys())]:
        raise SystemExit(f"{start}: the model has no {name}")
    for name, parameter in named.items():
        parameter.requires_grad_(name in trained)
    return model


def batch_of(rows: list[dict], device: torch.device, regression: bool) -> tuple[dict, torch.Tensor]:
    """Rows padded to the longest; padding has mask 0."""
    length = max(len(row["ids"]) for row in rows)
    pad = lambda values, value: values + [value] * (length - len(values))  # noqa: E731
    inputs = {
        "input_ids": [pad(row["ids"], 0) for row in rows],
        "attention_mask": [pad([1] * len(row["ids"]), 0) for row in rows],
    }
    if "types" in rows[0]:
        inputs["token_type_ids"] = [pad(row["types"], 0) for row in rows]
    labels = torch.tensor([row["label"] for row in rows], dtype=torch.float32 if regression else torch.int64)
    return {name: torch.tensor(values, device=device) for name, values in inputs.items()}, labels.to(device)


def groups(cell: Cell, model: nn.Module) -> list[dict]:
    """What trains: all at one rate, or the head, the second group, at its own."""
    # PEFT wraps a model, and what it saves of it as a whole.
    plain = lambda name: name.replace(".modules_to_save.default", "").removeprefix("base_model.").removeprefix("model.")  # noqa: E731
    head = {plain(name) for name in cell.head_parameters}
    named = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    unknown = head - {plain(name) for name in named}
    if unknown:
        raise SystemExit(f"{cell.id}: the head's {min(unknown)} does not train")
    rest = [parameter for name, parameter in named.items() if plain(name) not in head]
    own = [parameter for name, parameter in named.items() if plain(name) in head]
    found = [{"params": rest}] if rest else []
    return found + ([{"params": own, "lr": cell.head_rate}] if own else [])


@torch.no_grad()
def score(model: nn.Module, rows: list[dict], cell: Cell, device: torch.device) -> dict:
    """Accuracy, or the mean squared error of a regression."""
    model.eval()
    right = 0.0
    for start in range(0, len(rows), 64):
        inputs, labels = batch_of(rows[start : start + 64], device, cell.regression)
        logits = model(**inputs).logits
        if cell.regression:
            right += ((logits.squeeze(-1) - labels) ** 2).sum().item()
        else:
            right += (logits.argmax(-1) == labels).sum().item()
    return {"meanSquaredError" if cell.regression else "accuracy": right / len(rows)}


def train(cell: Cell) -> None:
    """Trains the cell and writes `metrics/ID.jsonl`, a line a step, as the studio's `metrics.jsonl`."""
    accelerator = Accelerator(mixed_precision="no")
    if accelerator.num_processes > 1:
        raise SystemExit("A cell is one process; start several cells beside one another instead.")
    set_seed(cell.seed)
    model = tuned(cell)
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(
        groups(cell, model), lr=cell.learning_rate, betas=cell.betas, eps=cell.epsilon, weight_decay=cell.weight_decay
    )
    scheduler = get_scheduler(cell.schedule, optimizer, cell.warmup_steps, cell.steps)
    model, optimizer, scheduler = accelerator.prepare(model, optimizer, scheduler)
    device = accelerator.device
    weights = None if cell.class_weights is None else torch.tensor(cell.class_weights, device=device)
    data = json.loads((HERE / cell.data).read_text())
    order = json.loads((HERE / cell.order).read_text())
    steps = int(os.environ.get("DELTA_STEPS", cell.steps))
    out = HERE / "metrics" / f"{cell.id}.jsonl"
    out.parent.mkdir(exist_ok=True)
    with out.open("w", encoding="utf-8") as file:

        def tell(event: dict) -> None:
            print(json.dumps(event), file=file, flush=True)

        tell({"type": "start", "adapter": {"vendor": "pytorch", "description": str(device)}, "trainableParameters": sum(p.numel() for p in parameters)})
        best = None
        for step, micro in enumerate(order[:steps], 1):
            began = time.perf_counter()
            model.train()
            rate = scheduler.get_last_lr()[0]
            total = 0.0
            for rows in micro:
                inputs, labels = batch_of([data["train"][row] for row in rows], device, cell.regression)
                logits = model(**inputs).logits
                if cell.regression:
                    loss = nn.functional.mse_loss(logits.squeeze(-1), labels)
                else:
                    loss = nn.functional.cross_entropy(logits, labels, weight=weights)
                accelerator.backward(loss / len(micro))
                total += loss.item() / len(micro)
            norm = accelerator.clip_grad_norm_(parameters, cell.max_grad_norm or float("inf"))
            optimizer.step()
            scheduler.step()
            optimizer.zero_grad()
            milliseconds = 1000 * (time.perf_counter() - began)
            tell({"type": "step", "step": step, "loss": total, "learningRate": rate, "gradNorm": norm.item(), "milliseconds": milliseconds})
            if data["validation"] and cell.evaluate_every and (step % cell.evaluate_every == 0 or step == steps):
                metrics = score(model, data["validation"], cell, device)
                tell({"type": "evaluate", "step": step, "split": "validation", "metrics": metrics})
                [value] = metrics.values()
                if best is None or (value < best["value"] if cell.regression else value > best["value"]):
                    best = {"step": step, "value": value, "weights": {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}}
                print(f"{cell.id} step {step}: loss {total:.4f}, {metrics}")
        if best is not None:
            with torch.no_grad():
                for name, parameter in model.named_parameters():
                    if name in best["weights"]:
                        parameter.copy_(best["weights"][name])
        if data["test"]:
            tell({"type": "evaluate", "step": best["step"] if best else steps, "split": "test", "metrics": score(model, data["test"], cell, device)})
        tell({"type": "end", "reason": "completed"})
