"""What the models that the studio suggests (src/advice/suggestions.ts) are: parameters, layers and width by their
published configurations, and a tiny export of the one graph that no other fixture has, for tests/worker/hub-models.test.ts.

Run: python tools/export-hub-models.py    (torch, transformers, onnx; loads no weights)
"""

import json
from pathlib import Path

import torch
import transformers as t

OUT = Path(__file__).parent.parent / "tests" / "import" / "hub"
WORDS = dict(vocab_size=30522)
CHINESE = dict(vocab_size=21128)
# Sentence encoders with the vocabulary of XLM-RoBERTa.
LANGUAGES = dict(vocab_size=250037, hidden_size=384, intermediate_size=1536)
SMALL = dict(hidden_size=384, intermediate_size=1536, num_attention_heads=12)
MODELS = {
    "Xenova/all-MiniLM-L6-v2": (t.BertModel, t.BertConfig(**WORDS, **SMALL, num_hidden_layers=6)),
    "Xenova/bge-small-zh-v1.5": (
        t.BertModel,
        t.BertConfig(
            **CHINESE, hidden_size=512, intermediate_size=2048, num_attention_heads=8, num_hidden_layers=4
        ),
    ),
    "Xenova/bge-small-en-v1.5": (t.BertModel, t.BertConfig(**WORDS, **SMALL, num_hidden_layers=12)),
    "Xenova/t5-small": (t.T5ForConditionalGeneration, t.T5Config()),
    "Xenova/distilbert-base-uncased": (t.DistilBertForMaskedLM, t.DistilBertConfig(**WORDS)),
    "Xenova/bert-base-chinese": (t.BertForMaskedLM, t.BertConfig(**CHINESE)),
    "Xenova/bert-base-uncased": (t.BertForMaskedLM, t.BertConfig(**WORDS)),
    "Xenova/paraphrase-multilingual-MiniLM-L12-v2": (t.BertModel, t.BertConfig(**LANGUAGES)),
    "Xenova/multilingual-e5-small": (t.BertModel, t.BertConfig(**LANGUAGES)),
}


def described(model_class, config):
    with torch.device("meta"):
        model = model_class(config)
    layers = config.num_hidden_layers + (getattr(config, "num_decoder_layers", None) or 0)
    twice = config.vocab_size * config.hidden_size if config.is_encoder_decoder else 0
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        # An encoder's file and a decoder's both hold the embedding.
        "inFiles": sum(p.numel() for p in model.parameters()) + twice,
        "layers": layers,
        "width": config.hidden_size,
    }


def export_distilbert():
    torch.manual_seed(0)
    config = t.DistilBertConfig(
        dim=8, hidden_dim=12, n_layers=2, n_heads=2, vocab_size=200, max_position_embeddings=32
    )
    model = t.DistilBertForMaskedLM(config).eval()
    ids = torch.randint(3, 16, (2, 6))
    axes = {0: "batch", 1: "sequence"}
    torch.onnx.export(
        model,
        (),
        kwargs={"input_ids": ids, "attention_mask": torch.ones_like(ids)},
        f=OUT / "distilbert-fill-mask.onnx",
        dynamo=False,
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": axes},
        opset_version=14,
    )
    kept = {key: value for key, value in config.to_dict().items() if value is not None}
    kept["architectures"] = ["DistilBertForMaskedLM"]
    (OUT / "distilbert-fill-mask.json").write_text(json.dumps(kept, indent=1, default=str) + "\n")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    found = {name: described(*model) for name, model in MODELS.items()}
    (OUT / "models.json").write_text(json.dumps(found, indent=2) + "\n")
    export_distilbert()
