"""
Writes the pretrained T5 as the studio ships it: encoder_model.onnx and decoder_model.onnx with optimum's names
of inputs and outputs, weights in half precision, config.json, generation_config.json, and the tokenizer.

    python write_onnx.py --work .cache/t5 --name model --out public/models/t5-l3-h128
"""

import argparse
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch

from finetune import load
from halve import halve
from pretrain import evaluate, held_out

sys.path.append(str(Path(__file__).resolve().parents[1] / "oracles"))
from t5_export import difference, write_decoder, write_encoder  # noqa: E402

OPSET = 18


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--name", default="model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--block", type=int, default=112, help="as pretrained, for the held-out loss")
    parser.add_argument("--density", type=float, default=0.15, help="as pretrained, for the held-out loss")
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    model = load(args.work / f"{args.name}.pt").eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter.half().float())
    write_encoder(model, args.out / "encoder_model.onnx", OPSET)
    write_decoder(model, args.out / "decoder_model.onnx", OPSET)
    for name in ("encoder_model.onnx", "decoder_model.onnx"):
        halve(args.out / name)
    model.config.architectures = [type(model).__name__]
    (args.out / "config.json").write_text(model.config.to_json_string(use_diff=True).strip() + "\n")
    (args.out / "generation_config.json").write_text(model.generation_config.to_json_string().strip() + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(args.work / name, args.out / name)
    print("largest difference to PyTorch", difference(model, args.out))
    ids = np.load(args.work / "ids.npy")
    settings = argparse.Namespace(block=args.block, density=args.density, span=3.0)
    print("held out", json.dumps(evaluate(model, ids[: held_out(ids)], settings, 28)))


if __name__ == "__main__":
    main()
