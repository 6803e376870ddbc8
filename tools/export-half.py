"""A tiny BERT in half precision as torch.onnx writes it, with PyTorch's losses, for tests/train/half-precision.test.ts.

Run: python tools/export-half.py    (torch, transformers, onnx)

The export is at opset 14, with attention by scaled_dot_product_attention: its norms are written out, their epsilon is
lost to half precision, and their weights stand behind casts. Written: model.onnx, config.json, tokenizer.json (a word
an id), rows.tsv (three batches of four rows, of differing lengths) and expected.json: losses and gradient norms of full
fine-tuning over three steps of AdamW, its rate falling to 0. PyTorch trains the half-precision values widened to 32
bits, as they are trained here.
"""

import copy
import json
from pathlib import Path

import torch
import transformers as t

OUT = Path(__file__).parent.parent / "tests" / "train" / "half-precision"
VOCABULARY, BATCH, STEPS, RATE = 24, 4, 3, 0.01


def model_of():
    torch.manual_seed(3)
    config = t.BertConfig(
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        vocab_size=VOCABULARY,
        max_position_embeddings=16,
        hidden_dropout_prob=0,
        attention_probs_dropout_prob=0,
        initializer_range=0.3,
        attn_implementation="sdpa",
    )
    model = t.BertForSequenceClassification(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # Norms and biases unlike one another and unlike what they start from.
            if parameter.dim() == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
    return model.half()


def rows_of():
    draw = torch.Generator().manual_seed(5)
    number = lambda low, high: int(torch.randint(low, high, (1,), generator=draw))
    rows = []
    for i in range(BATCH * STEPS):
        ids = [number(4, VOCABULARY) for _ in range(number(3, 10))]
        rows.append((ids, (i + number(0, 2)) % 2))
    return rows


def batches(rows):
    for start in range(0, len(rows), BATCH):
        chosen = rows[start : start + BATCH]
        width = max(len(ids) for ids, _ in chosen)
        yield {
            "input_ids": torch.tensor([ids + [0] * (width - len(ids)) for ids, _ in chosen]),
            "attention_mask": torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in chosen]),
            "labels": torch.tensor([label for _, label in chosen]),
        }


def train(model, rows):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0)
    losses, norms = [], []
    for step, batch in enumerate(batches(rows)):
        for group in optimizer.param_groups:
            group["lr"] = RATE * (STEPS - step) / STEPS
        loss = model(**batch).loss
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), float("inf")).item())
        optimizer.step()
    return {
        "rate": RATE,
        "losses": losses,
        "gradNorms": norms,
        "trainable": sum(p.numel() for p in model.parameters()),
        "norms": sorted(name for name, _ in model.named_parameters() if "LayerNorm" in name),
    }


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


def write(name, value):
    (OUT / name).write_text(json.dumps(value, indent=1) + "\n")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    model, rows = model_of(), rows_of()
    export(model)
    kept = {key: value for key, value in model.config.to_dict().items() if value is not None}
    write("config.json", {**kept, "architectures": ["BertForSequenceClassification"], "dtype": "float16"})
    words = {"type": "WordLevel", "vocab": {f"w{i}": i for i in range(VOCABULARY)}, "unk_token": "w3"}
    write("tokenizer.json", {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"}, "model": words})
    lines = [" ".join(f"w{i}" for i in ids) + f"\t{label}" for ids, label in rows]
    (OUT / "rows.tsv").write_text("\n".join(["sentence\tlabel", *lines]) + "\n")
    write("expected.json", train(copy.deepcopy(model).float(), rows))
