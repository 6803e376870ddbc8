"""A tiny BERT as torch.onnx's dynamo exporter writes it, with PyTorch's losses, for tests/train/dynamo-biases.test.ts.

Run: python tools/export-dynamo.py    (torch, transformers, peft, onnx)

Biases of a fresh BERT are zero and its norms one: the exporter keeps one of each that are alike, so that most tensors
of the model have no initializer of their own. Written: model.onnx, config.json, tokenizer.json (a word an id),
rows.tsv (three batches of four rows, of differing lengths), init-lora (what PEFT's LoRA started from) and
expected.json: losses, gradient norms and counts of trained values over three steps of AdamW, its rate falling to 0.
"""

import copy
import json
from pathlib import Path

import onnx
import peft
import torch
import transformers as t

OUT = Path(__file__).parent.parent / "tests" / "train" / "dynamo-biases"
VOCABULARY, BATCH, STEPS = 24, 4, 3
RATES = {"full": 0.01, "lora": 0.05}


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
    )
    config.use_cache = False
    return t.BertForSequenceClassification(config).eval()


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


def train(model, rows, rate):
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
    return {
        "rate": rate,
        "losses": losses,
        "gradNorms": norms,
        "trainable": sum(p.numel() for p in trained),
    }


def lora_of(model):
    torch.manual_seed(4)
    config = peft.LoraConfig(
        task_type="SEQ_CLS", r=2, lora_alpha=4, lora_dropout=0, target_modules=["query", "value"]
    )
    return peft.get_peft_model(copy.deepcopy(model), config)


def export(model):
    ids = torch.tensor([[4, 5, 6, 7, 8, 2], [9, 10, 11, 12, 13, 2]])
    batch, sequence = torch.export.Dim("batch"), torch.export.Dim("sequence")
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}
    torch.onnx.export(
        model,
        (),
        kwargs=inputs,
        f=str(OUT / "model.onnx"),
        dynamo=True,
        dynamic_shapes={key: {0: batch, 1: sequence} for key in inputs},
        output_names=["logits"],
        opset_version=18,
        verbose=False,
        external_data=False,
    )
    # Where each node was called from: of the machine, not of the model, and most of the file.
    written = onnx.load(OUT / "model.onnx")
    for node in written.graph.node:
        kept = [entry for entry in node.metadata_props if not entry.key.endswith("stack_trace")]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    onnx.save(written, OUT / "model.onnx")


def write(name, value):
    (OUT / name).write_text(json.dumps(value, indent=1) + "\n")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    model, rows = model_of(), rows_of()
    lora = lora_of(model)
    lora.save_pretrained(OUT / "init-lora")
    (OUT / "init-lora" / "README.md").unlink(missing_ok=True)
    export(model)
    kept = {key: value for key, value in model.config.to_dict().items() if value is not None}
    write("config.json", {**kept, "architectures": ["BertForSequenceClassification"]})
    words = {"type": "WordLevel", "vocab": {f"w{i}": i for i in range(VOCABULARY)}, "unk_token": "w3"}
    write("tokenizer.json", {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"}, "model": words})
    lines = [" ".join(f"w{i}" for i in ids) + f"\t{label}" for ids, label in rows]
    (OUT / "rows.tsv").write_text("\n".join(["sentence\tlabel", *lines]) + "\n")
    full = train(copy.deepcopy(model), rows, RATES["full"])
    write("expected.json", {"full": full, "lora": train(lora, rows, RATES["lora"])})
