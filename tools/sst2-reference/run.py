"""Reference figures: the built-in BERT on SST-2, trained by PyTorch and PEFT with four methods.

    python tools/sst2-reference/run.py --shared ../shared --out /somewhere/sst2-reference

Writes to --out:
    initial/<method>/   the start: a PEFT adapter folder (lora, prompt), or model.safetensors of the head (full, head)
    specs/<method>.json the run spec of the same training (paths are relative to that file where they can be)
    results.json        versions, settings, and by method: losses, learning rates, gradient norms, accuracy
    predictions/<method>.json   logits of every validation row, before and after

Some trainings are chaotic: prompt tuning at its usual rate doubles a rounding error every few steps, so that two
correct implementations end a point apart. `--spread N` measures that: N more runs of each method in PyTorch,
from starts a rounding error away, and their accuracies.

`--encoder FOLDER --weights FILE` takes another BERT that was exported without a head instead, with the weights that
`delta train` writes of it after no step at all: method `full`, `training.steps` 0, then `adapter/model.safetensors`.
"""

import argparse
import copy
import importlib.metadata
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import LoraConfig, PromptTuningConfig
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import BertConfig, BertForMaskedLM, BertModel, get_linear_schedule_with_warmup

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "oracles"))
from fresh_head import BertFeaturesWithHead, BertFillMaskWithHead  # noqa: E402
from methods import HEAD_PARAMETER, Trained, from_peft, write_adapter  # noqa: E402

METHODS = {
    "full": {"type": "full"},
    "lora": {"type": "lora", "rank": 8, "alpha": 16, "targets": ["q", "v"]},
    "prompt": {"type": "prompt", "virtualTokens": 20},
    "head": {"type": "head"},
}
# As in the model's own table.
LEARNING_RATES = {"full": 5e-4, "lora": 2e-3, "prompt": 2e-2, "head": 2e-3}
ENCODER_RATES = {"full": 2e-4, "lora": 2e-3, "prompt": 1e-2, "head": 1e-3}
BETAS, EPSILON, CLIP, MAX_LENGTH, LABELS = (0.9, 0.999), 1e-8, 1.0, 64, 2


@dataclass
class Rows:
    ids: list[list[int]]
    labels: list[int]


def read_rows(path: Path, tokenizer: Tokenizer) -> Rows:
    """A TSV of `sentence` and `label`: a quote is an ordinary character."""
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    if lines[0].split("\t") != ["sentence", "label"]:
        sys.exit(f"{path}: expected the columns sentence and label")
    pairs = [line.split("\t") for line in lines[1:]]
    return Rows([tokenizer.encode(text).ids for text, _ in pairs], [int(label) for _, label in pairs])


def batch_of(rows: Rows, start: int, end: int) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    ids = rows.ids[start:end]
    length = max(len(row) for row in ids)
    padded = torch.tensor([row + [0] * (length - len(row)) for row in ids])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in ids])
    inputs = {"input_ids": padded, "attention_mask": mask, "token_type_ids": torch.zeros_like(padded)}
    return inputs, torch.tensor(rows.labels[start:end])


def base_model(options: argparse.Namespace) -> BertFillMaskWithHead | BertFeaturesWithHead:
    """With a fresh head, which the seed draws."""
    if options.encoder is None:
        base = BertForMaskedLM.from_pretrained(options.folder, attn_implementation="sdpa")
        torch.manual_seed(options.seed)
        return BertFillMaskWithHead.around(base, LABELS)
    config = BertConfig.from_pretrained(options.folder, attn_implementation="sdpa")
    base = BertModel(config, add_pooling_layer=False)
    weights = {name: tensor for name, tensor in load_file(options.weights).items() if not name.startswith("classifier.")}
    missing, unexpected = base.load_state_dict(weights, strict=False)
    if unexpected or any(name in dict(base.named_parameters()) for name in missing):
        sys.exit(f"{options.weights} is not of {options.folder}: lacks {missing}, has {unexpected}")
    torch.manual_seed(options.seed)
    return BertFeaturesWithHead.around(base, LABELS)


def attach(model: BertFillMaskWithHead | BertFeaturesWithHead, method: dict, seed: int) -> Trained:
    """A copy of the model with the method's delta; the same head for every method."""
    model = copy.deepcopy(model)
    model.requires_grad_(False)
    torch.manual_seed(seed)
    if method["type"] == "lora":
        return from_peft(
            model,
            LoraConfig(task_type="SEQ_CLS", r=method["rank"], lora_alpha=method["alpha"], target_modules=["query", "value"]),
        )
    if method["type"] == "prompt":
        model.virtual_tokens = method["virtualTokens"]
        return from_peft(
            model,
            PromptTuningConfig(
                task_type="SEQ_CLS",
                num_virtual_tokens=method["virtualTokens"],
                prompt_tuning_init="SAMPLE_VOCAB",
                num_transformer_submodules=1,
            ),
        )
    chosen = {
        name: parameter
        for name, parameter in model.named_parameters()
        if method["type"] == "full" or HEAD_PARAMETER.search(name)
    }
    for parameter in chosen.values():
        parameter.requires_grad_(True)
    return Trained(model, chosen, None, "pytorch")


@torch.no_grad()
def evaluate(trained: Trained, rows: Rows) -> dict:
    logits, losses = [], []
    for start in range(0, len(rows.labels), 64):
        inputs, labels = batch_of(rows, start, start + 64)
        part = trained.module(**inputs).logits
        logits.append(part)
        losses.append(functional.cross_entropy(part, labels, reduction="none"))
    logits = torch.cat(logits)
    hits = logits.argmax(-1) == torch.tensor(rows.labels)
    return {"accuracy": hits.double().mean().item(), "loss": torch.cat(losses).mean().item(), "logits": logits.tolist()}


def train(trained: Trained, rows: Rows, rate: float, options: argparse.Namespace) -> dict:
    parameters = list(trained.parameters.values())
    optimizer = torch.optim.AdamW(parameters, lr=rate, betas=BETAS, eps=EPSILON, weight_decay=options.weight_decay)
    schedule = get_linear_schedule_with_warmup(optimizer, options.warmup, options.steps)
    record = {"learningRates": [], "losses": [], "gradNorms": []}
    position = 0
    started = time.perf_counter()
    for _ in range(options.steps):
        inputs, labels = batch_of(rows, position, position + options.batch)
        position += options.batch
        if position >= len(rows.labels):
            position = 0
        optimizer.zero_grad()
        loss = functional.cross_entropy(trained.module(**inputs).logits, labels)
        loss.backward()
        record["learningRates"].append(schedule.get_last_lr()[0])
        record["losses"].append(loss.item())
        record["gradNorms"].append(torch.nn.utils.clip_grad_norm_(parameters, CLIP).item())
        optimizer.step()
        schedule.step()
    record["seconds"] = round(time.perf_counter() - started, 1)
    return record


def spread(start: Trained, rows: Rows, validation: Rows, rate: float, options: argparse.Namespace) -> list[dict]:
    """The same training from starts that differ by about one rounding error in single precision."""
    results = []
    for number in range(options.spread):
        trained = copy.deepcopy(start)
        generator = torch.Generator().manual_seed(number)
        with torch.no_grad():
            for parameter in trained.parameters.values():
                parameter.mul_(1 + 6e-8 * torch.randn(parameter.shape, generator=generator))
        train(trained, rows, rate, options)
        final = evaluate(trained, validation)
        final.pop("logits")
        results.append(final)
    return results


def write_start(trained: Trained, folder: Path) -> None:
    """`full` starts from the model itself, so only its fresh head is written."""
    if trained.config is not None:
        write_adapter(trained, folder, lambda tensors, path: save_file(tensors, str(path)))
        return
    folder.mkdir(parents=True, exist_ok=True)
    head = {name: tensor for name, tensor in trained.tensors().items() if HEAD_PARAMETER.search(name)}
    save_file(head, str(folder / "model.safetensors"))


def spec_of(name: str, options: argparse.Namespace) -> dict:
    specs = options.out / "specs"
    data = options.shared / "datasets" / "sst2"
    return {
        "version": 1,
        "name": f"sst2-{name}",
        "model": {
            "source": "builtin:bert-l4-h128" if options.encoder is None else os.path.relpath(options.encoder, specs),
            "task": "classification",
        },
        "data": {
            "train": os.path.relpath(data / "train-4000.tsv", specs),
            "validation": os.path.relpath(data / "dev.tsv", specs),
            "columns": {"text": ["sentence"], "label": "label"},
            "maxLength": MAX_LENGTH,
        },
        "method": {**METHODS[name], "init": f"../initial/{name}"},
        "training": {
            "steps": options.steps,
            "batchSize": options.batch,
            "seed": options.seed,
            "shuffle": False,
            "optimizer": {
                "type": "adamw",
                "learningRate": LEARNING_RATES[name],
                "weightDecay": options.weight_decay,
                "betas": list(BETAS),
                "epsilon": EPSILON,
            },
            "schedule": {"type": "linear", "warmupSteps": options.warmup},
            "maxGradNorm": CLIP,
            "dropout": 0,
            "evaluateEvery": options.steps,
        },
    }


def write_json(path: Path, value) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def arguments() -> argparse.Namespace:
    repository = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=repository.parent / "shared", help="folder with models and datasets")
    parser.add_argument("--out", type=Path, default=repository.parent / "sst2-reference")
    parser.add_argument("--encoder", type=Path, help="folder of an exported BERT without a head, instead of the built-in model")
    parser.add_argument("--weights", type=Path, help="its weights as model.safetensors")
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    parser.add_argument("--steps", type=int, default=250)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=42, help="of the head and the deltas; batches follow the file")
    parser.add_argument("--prompt-rate", type=float, help="learning rate of prompt tuning (default: %g)" % LEARNING_RATES["prompt"])
    parser.add_argument("--spread", type=int, default=0, metavar="N", help="also train N times from a rounding error away")
    parser.add_argument("--double", action="store_true", help="train in double precision from the same start")
    options = parser.parse_args()
    options.shared, options.out = options.shared.resolve(), options.out.resolve()
    options.warmup = options.steps // 10
    if options.encoder is not None:
        options.encoder = options.encoder.resolve()
        LEARNING_RATES.update(ENCODER_RATES)
    options.folder = options.encoder or options.shared / "models" / "bert-l4-h128"
    LEARNING_RATES["prompt"] = options.prompt_rate or LEARNING_RATES["prompt"]
    return options


def main() -> None:
    options = arguments()
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(options.folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_LENGTH)
    data = options.shared / "datasets" / "sst2"
    training, validation = read_rows(data / "train-4000.tsv", tokenizer), read_rows(data / "dev.tsv", tokenizer)
    model = base_model(options).eval()
    results = {
        "versions": {name: importlib.metadata.version(name) for name in ("torch", "transformers", "peft", "tokenizers")},
        "precision": "double" if options.double else "single",
        "rows": {"train": len(training.labels), "validation": len(validation.labels)},
        "methods": {},
    }
    for name in options.methods:
        trained = attach(model, METHODS[name], options.seed)
        trained.module.eval()
        write_start(trained, options.out / "initial" / name)
        write_json(options.out / "specs" / f"{name}.json", spec_of(name, options))
        if options.double:
            trained.module.double()
        before = evaluate(trained, validation)
        rate = LEARNING_RATES[name]
        others = spread(trained, training, validation, rate, options)
        record = train(trained, training, rate, options)
        after = evaluate(trained, validation)
        write_json(options.out / "predictions" / f"{name}.json", {"initial": before.pop("logits"), "final": after.pop("logits")})
        results["methods"][name] = {
            "spec": spec_of(name, options),
            "trainableParameters": sum(p.numel() for p in trained.parameters.values()),
            "initial": before,
            "final": after,
            **record,
            "spread": others,
        }
        write_json(options.out / "results.json", results)
        print(
            f"{name}: {results['methods'][name]['trainableParameters']} parameters, accuracy {100 * before['accuracy']:.2f} → "
            f"{100 * after['accuracy']:.2f} %, validation loss {after['loss']:.4f}, {record['seconds']} s"
            + "".join(f", {100 * other['accuracy']:.2f}" for other in others),
            flush=True,
        )


if __name__ == "__main__":
    main()
