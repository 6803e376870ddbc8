"""
Writes a pretrained BERT as the studio ships it: model.onnx (fill-mask, weights in half precision and widened in the
file), config.json and the tokenizer of the family.

    python write_onnx.py --work .cache/bert --name bert-l3-h96 --tokenizer public/models/bert-l4-h128 --out public/models/bert-l3-h96
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from transformers import BertConfig, BertForMaskedLM

import pretrain

sys.path.append(str(Path(__file__).resolve().parents[1] / "pretrain-t5"))
from halve import halve  # noqa: E402

OPSET = 18
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def load(checkpoint: Path) -> BertForMaskedLM:
    """The model with its weights rounded to half precision, as the file will have them."""
    saved = torch.load(checkpoint)
    model = BertForMaskedLM._from_config(BertConfig.from_dict(saved["config"]), attn_implementation="eager")
    model.load_state_dict(saved["model"])
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
    return model.eval()


def export(model: BertForMaskedLM, file: Path) -> None:
    ids = torch.randint(5, 100, (2, 7))
    axes = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        model,
        (ids, torch.ones_like(ids), torch.zeros_like(ids)),
        str(file),
        input_names=INPUTS,
        output_names=["logits"],
        dynamic_axes={name: axes for name in [*INPUTS, "logits"]},
        opset_version=OPSET,
        # Folded, the tied table would stand in the file a second time, transposed.
        do_constant_folding=False,
        dynamo=False,
    )


def difference(model: BertForMaskedLM, file: Path) -> float:
    """The largest of logits, between PyTorch and the file, on two padded rows of another length."""
    ids = torch.randint(5, 8000, (2, 11))
    seen = torch.ones_like(ids)
    seen[1, 6:] = 0
    values = (ids, seen, torch.zeros_like(ids))
    session = onnxruntime.InferenceSession(str(file))
    [found] = session.run(None, {name: value.numpy() for name, value in zip(INPUTS, values, strict=True)})
    with torch.no_grad():
        return float(np.abs(found - model(*values).logits.numpy())[seen.numpy() == 1].max())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--text-stride", type=int, default=1, help="as pretrained, for the held-out loss")
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    model = load(args.work / f"{args.name}.pt")
    file = args.out / "model.onnx"
    export(model, file)
    halve(file)
    model.config.architectures = [type(model).__name__]
    (args.out / "config.json").write_text(model.config.to_json_string(use_diff=True).strip() + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(args.tokenizer / name, args.out / name)
    blocks = np.load(args.work / f"ids-{args.text_stride}.npy")
    vocabulary = json.loads((args.out / "tokenizer.json").read_text())["model"]["vocab"]
    held = blocks[: pretrain.held_out(blocks)]
    print("parameters", sum(p.numel() for p in model.parameters()), "bytes", file.stat().st_size)
    print("largest difference to PyTorch", difference(model, file))
    print("held out", pretrain.evaluate(model, held, vocabulary["[MASK]"], len(vocabulary), 28))


if __name__ == "__main__":
    main()
