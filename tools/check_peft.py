"""Load a run's adapter with Hugging Face PEFT and compare its logits with our own.

    python tools/check_peft.py RUN_DIR MODEL_DIR

RUN_DIR is a folder that `delta train` wrote over the ONNX export in MODEL_DIR, which must also hold the
same weights as `model.safetensors` with `config.json` and the tokenizer. Adapters that PEFT has (`adapter_config.json`
with `peft_type`) go through `PeftModel.from_pretrained`; `full` and `head` are loaded over the model's own state. Ends
with status 1 when any logit differs by more than 1e-4. Of text to text the loss of the run's validation file is
compared instead, relatively; it is taken from the logits, since PEFT 0.21 with an AdaLoRA that was loaded to predict
looks for the adapter that trains as soon as it is given labels. PEFT 0.21 under transformers 5 runs prefix tuning on no
encoder, not what it saved itself either ("Model does not support past key values"): there this ends with status 2, and
tests/peft-versions holds the method to PEFT 0.3 to 0.10. Needs torch, transformers and peft (tools/README.md).
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import (
    AutoModelForSeq2SeqLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    T5ForConditionalGeneration,
)

TEXTS = [
    "a charming and often affecting journey",
    "unflinchingly bleak and desperate",
    "it is what it is",
    "the film never finds its feet, and then, just as you give up on it, it does",
]
TOLERANCE = 1e-4
# PEFT keeps a method that transformers 5 no longer has; only generation uses it.
if not hasattr(T5ForConditionalGeneration, "_prepare_encoder_decoder_kwargs_for_generation"):
    T5ForConditionalGeneration._prepare_encoder_decoder_kwargs_for_generation = None
ROOT = pathlib.Path(__file__).resolve().parent.parent


def our_logits(run: pathlib.Path, texts: list[str]) -> torch.Tensor:
    """Logits [text, label] by `delta predict`."""
    command = ["node", str(ROOT / "cli/bin.mjs"), "predict", "--run", str(run), "--json"]
    for text in texts:
        command += ["--text", text]
    document = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return torch.tensor([prediction["logits"] for prediction in json.loads(document)["predictions"]])


def loaded(run: pathlib.Path, model: PreTrainedModel) -> torch.nn.Module:
    """The model with the run's adapter."""
    adapter = run / "adapter"
    config = adapter / "adapter_config.json"
    if config.exists() and "peft_type" not in json.loads(config.read_text()):
        raise SystemExit(f"{config} is AdapterHub's, not PEFT's; the adapters library loads those")
    if config.exists():
        return PeftModel.from_pretrained(model, adapter).eval()
    result = model.load_state_dict(load_file(adapter / "model.safetensors"), strict=False)
    if result.unexpected_keys:
        raise SystemExit(f"the model has no {result.unexpected_keys[0]}")
    return model.eval()


def extras(model: torch.nn.Module, rows: int) -> dict[str, torch.Tensor]:
    """What a method wants beside the inputs: of several tasks' prompts PEFT asks for the task of each row."""
    config = getattr(model, "active_peft_config", None)
    several = config is not None and config.peft_type == "MULTITASK_PROMPT_TUNING"
    return {"task_ids": torch.zeros(rows, dtype=torch.long)} if several else {}


def losses(run: pathlib.Path, model_folder: pathlib.Path) -> tuple[float, float]:
    """Mean loss of the target tokens of the validation file: by `delta evaluate`, and by transformers."""
    record = json.loads((run / "run.json").read_text())
    data = record["spec"]["data"]
    file = pathlib.Path(record["base"]) / data["validation"]
    command = ["node", str(ROOT / "cli/bin.mjs"), "evaluate", "--run", str(run), "--data", str(file), "--json"]
    ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["metrics"]["loss"]
    model = AutoModelForSeq2SeqLM.from_pretrained(model_folder)
    # Transformers 5 ties the head of every T5, whatever its configuration says.
    head = load_file(model_folder / "model.safetensors").get("lm_head.weight")
    if head is not None:
        model.lm_head.weight = torch.nn.Parameter(head)
    model = loaded(run, model)
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    [source], target = record["columns"]["text"], record["columns"]["target"]
    total, count = 0.0, 0
    for row in csv.DictReader(file.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
        inputs = tokenizer(row[source], truncation=True, max_length=data["maxLength"], return_tensors="pt")
        wanted = tokenizer(row[target], truncation=True, max_length=data["maxTargetLength"], return_tensors="pt")
        labels = wanted["input_ids"]
        with torch.no_grad():
            start = torch.full((1, 1), model.config.decoder_start_token_id)
            shifted = torch.cat([start, labels[:, :-1]], dim=1)
            tasks = extras(model, 1)
            # With several tasks' prompts PEFT hands on the labels alone.
            given = {"labels": labels, **tasks} if tasks else {"decoder_input_ids": shifted}
            logits = model(**inputs, **given).logits
            total += torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="sum").item()
        count += labels.numel()
    return ours, total / count


def their_logits(run: pathlib.Path, model_folder: pathlib.Path, texts: list[str]) -> torch.Tensor:
    """Logits [text, label] by transformers, one text at a time so that nothing is padded."""
    spec = json.loads((run / "run.json").read_text())["spec"]
    # The run's own head comes with the adapter.
    labels = len(json.loads((run / "run.json").read_text())["labels"]["names"])
    made = dict(num_labels=labels, ignore_mismatched_sizes=True)
    model = loaded(run, AutoModelForSequenceClassification.from_pretrained(model_folder, **made))
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    rows = []
    for text in texts:
        inputs = tokenizer(text, truncation=True, max_length=spec["data"]["maxLength"], return_tensors="pt")
        with torch.no_grad():
            rows.append(model(**inputs, **extras(model, 1)).logits[0])
    return torch.stack(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("model", type=pathlib.Path)
    arguments = parser.parse_args()
    spec = json.loads((arguments.run / "run.json").read_text())["spec"]
    if spec["model"]["task"] == "text2text":
        ours, theirs = losses(arguments.run, arguments.model)
        print(f"{arguments.run}: loss {ours:.6f}, PyTorch {theirs:.6f}")
        return 0 if abs(ours - theirs) <= TOLERANCE * theirs else 1
    ours = our_logits(arguments.run, TEXTS)
    config = arguments.run / "adapter" / "adapter_config.json"
    if config.exists() and json.loads(config.read_text()).get("peft_type") == "PREFIX_TUNING":
        print(f"{arguments.run}: this PEFT runs prefix tuning on no encoder, not its own either")
        return 2
    theirs = their_logits(arguments.run, arguments.model, TEXTS)
    difference = (ours - theirs).abs().max().item()
    print(f"{arguments.run}: largest difference of a logit {difference:.2e}")
    return 0 if difference <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
