"""A tiny BERT as torch.onnx's dynamo exporter writes it, with PyTorch's losses, for tests/train/dynamo-biases.test.ts.

Run: python tools/export-dynamo.py    (torch, transformers, peft, onnx)

Biases of a fresh BERT are zero and its norms one: the exporter keeps one of each that are alike, so that most tensors
of the model have no initializer of their own. Written: model.onnx, config.json, tokenizer.json (a word an id),
rows.tsv (three batches of four rows, of differing lengths), init-lora (what PEFT's LoRA started from) and
expected.json: losses, gradient norms and counts of trained values over three steps of AdamW, its rate falling to 0.
"""

import copy
from pathlib import Path

import onnx
import peft
import torch
import transformers as t

from tiny_bert import config_of, rows_of, train, write, write_beside

OUT = Path(__file__).parent.parent / "tests" / "train" / "dynamo-biases"
RATES = {"full": 0.01, "lora": 0.05}


def model_of():
    torch.manual_seed(3)
    config = config_of()
    config.use_cache = False
    return t.BertForSequenceClassification(config).eval()


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


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    model, rows = model_of(), rows_of()
    lora = lora_of(model)
    lora.save_pretrained(OUT / "init-lora")
    (OUT / "init-lora" / "README.md").unlink(missing_ok=True)
    export(model)
    write_beside(OUT, model.config, rows)
    full = train(copy.deepcopy(model), rows, RATES["full"])
    write(OUT / "expected.json", {"full": full, "lora": train(lora, rows, RATES["lora"])})
