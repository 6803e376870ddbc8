"""Load a run's adapter with Hugging Face PEFT and compare its logits with our own.

    python tools/check_peft.py RUN_DIR MODEL_DIR

RUN_DIR is a folder that `delta train` wrote over the ONNX export in MODEL_DIR, which must also hold the
same weights as `model.safetensors` with `config.json` and the tokenizer. Adapters that PEFT has (`adapter_config.json` with `peft_type`) go
through `PeftModel.from_pretrained`; `full` and `head` are loaded over the model's own state. Ends with
status 1 when any logit differs by more than 1e-4. Needs torch, transformers and peft (tools/README.md).
"""

import argparse
import json
import pathlib
import subprocess
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

TEXTS = [
    "a charming and often affecting journey",
    "unflinchingly bleak and desperate",
    "it is what it is",
    "the film never finds its feet, and then, just as you give up on it, it does",
]
TOLERANCE = 1e-4
ROOT = pathlib.Path(__file__).resolve().parent.parent


def our_logits(run: pathlib.Path, texts: list[str]) -> torch.Tensor:
    """Logits [text, label] by `delta predict`."""
    command = ["node", str(ROOT / "cli/bin.mjs"), "predict", "--run", str(run), "--json"]
    for text in texts:
        command += ["--text", text]
    document = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return torch.tensor([prediction["logits"] for prediction in json.loads(document)["predictions"]])


def their_logits(run: pathlib.Path, model_folder: pathlib.Path, texts: list[str]) -> torch.Tensor:
    """Logits [text, label] by transformers, one text at a time so that nothing is padded."""
    spec = json.loads((run / "run.json").read_text())["spec"]
    model = AutoModelForSequenceClassification.from_pretrained(model_folder)
    adapter = run / "adapter"
    config = adapter / "adapter_config.json"
    if config.exists() and "peft_type" not in json.loads(config.read_text()):
        raise SystemExit(f"{config} is AdapterHub's, not PEFT's; the adapters library loads those")
    if config.exists():
        model = PeftModel.from_pretrained(model, adapter)
    else:
        result = model.load_state_dict(load_file(adapter / "model.safetensors"), strict=False)
        if result.unexpected_keys:
            raise SystemExit(f"the model has no {result.unexpected_keys[0]}")
    model.eval()
    tokenizer = AutoTokenizer.from_pretrained(model_folder)
    rows = []
    for text in texts:
        inputs = tokenizer(text, truncation=True, max_length=spec["data"]["maxLength"], return_tensors="pt")
        with torch.no_grad():
            rows.append(model(**inputs).logits[0])
    return torch.stack(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("model", type=pathlib.Path)
    arguments = parser.parse_args()
    ours = our_logits(arguments.run, TEXTS)
    theirs = their_logits(arguments.run, arguments.model, TEXTS)
    difference = (ours - theirs).abs().max().item()
    print(f"{arguments.run}: largest difference of a logit {difference:.2e}")
    return 0 if difference <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
