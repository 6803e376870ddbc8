"""What the tools that export a tiny BERT beside PyTorch's losses share: its size, rows, training and files."""

import json
from pathlib import Path

import torch
import transformers as t

VOCABULARY, BATCH, STEPS = 24, 4, 3


def config_of(**more):
    return t.BertConfig(
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        vocab_size=VOCABULARY,
        max_position_embeddings=16,
        hidden_dropout_prob=0,
        attention_probs_dropout_prob=0,
        initializer_range=0.3,
        **more,
    )


def rows_of():
    """Three batches of four rows: ids of differing lengths, and a label."""
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


def train(model, rows, rate):
    """Losses and gradient norms of AdamW's steps, its rate falling to 0, and the count of trained values."""
    model.train()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0)
    losses, norms = [], []
    for step, batch in enumerate(batches(rows)):
        for group in optimizer.param_groups:
            group["lr"] = rate * (STEPS - step) / STEPS
        loss = model(**batch).loss
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        norms.append(torch.nn.utils.clip_grad_norm_(trained, float("inf")).item())
        optimizer.step()
    return {"rate": rate, "losses": losses, "gradNorms": norms, "trainable": sum(p.numel() for p in trained)}


def write(file: Path, value):
    file.write_text(json.dumps(value, indent=1) + "\n")


def write_beside(out: Path, config, rows, **more):
    """config.json, tokenizer.json (a word an id) and rows.tsv beside a model that was exported into `out`."""
    kept = {key: value for key, value in config.to_dict().items() if value is not None}
    write(out / "config.json", {**kept, "architectures": ["BertForSequenceClassification"], **more})
    words = {"type": "WordLevel", "vocab": {f"w{i}": i for i in range(VOCABULARY)}, "unk_token": "w3"}
    write(out / "tokenizer.json", {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"}, "model": words})
    lines = [" ".join(f"w{i}" for i in ids) + f"\t{label}" for ids, label in rows]
    (out / "rows.tsv").write_text("\n".join(["sentence\tlabel", *lines]) + "\n")
