"""A tiny BERT in half precision as torch.onnx writes it, with PyTorch's losses, for tests/train/half-precision.test.ts.

Run: python tools/export-half.py    (torch, transformers, onnx)

The export is at opset 14, with attention by scaled_dot_product_attention: its norms are written out, their epsilon is
lost to half precision, and their weights stand behind casts. Written: model.onnx, config.json, tokenizer.json (a word
an id), rows.tsv (three batches of four rows, of differing lengths) and expected.json: losses and gradient norms of full
fine-tuning over three steps of AdamW, its rate falling to 0. PyTorch trains the half-precision values widened to 32
bits, as they are trained here.
"""

import copy
from pathlib import Path

import torch
import transformers as t

from tiny_bert import config_of, rows_of, train, write, write_beside

OUT = Path(__file__).parent.parent / "tests" / "train" / "half-precision"
RATE = 0.01


def model_of():
    torch.manual_seed(3)
    config = config_of(attn_implementation="sdpa")
    model = t.BertForSequenceClassification(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # Norms and biases unlike one another and unlike what they start from.
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
    return model.half()


def export(model):
    ids = torch.tensor([[4, 5, 6, 7, 8, 2], [9, 10, 11, 12, 13, 2]])
    mask = torch.ones_like(ids)
    mask[1, 4:] = 0
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
    axes = {key: {0: "batch", 1: "sequence"} for key in inputs}
    torch.onnx.export(
        model,
        (),
        kwargs=inputs,
        f=OUT / "model.onnx",
        dynamo=False,
        input_names=list(inputs),
        output_names=["logits"],
        dynamic_axes={**axes, "logits": {0: "batch"}},
        opset_version=14,
    )


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    model, rows = model_of(), rows_of()
    export(model)
    write_beside(OUT, model.config, rows, dtype="float16")
    full = train(copy.deepcopy(model).float(), rows, RATE)
    norms = sorted(name for name, _ in model.named_parameters() if "LayerNorm" in name)
    write(OUT / "expected.json", {**full, "norms": norms})
