"""Tiny exports of families by transformers and torch.onnx, for tests/import/families.test.ts.

Run: python tools/export-families.py [FAMILY ...]    (torch, transformers, onnx)
"""

import json
import sys
from pathlib import Path

import torch
import transformers as t

OUT = Path(__file__).parent.parent / "tests" / "import" / "families"
SIZES = dict(
    hidden_size=8,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=12,
    vocab_size=16,
    max_position_embeddings=16,
)
GPT = dict(n_embd=8, n_layer=1, n_head=2, vocab_size=16, n_positions=16, pad_token_id=0)
RELATIVE = dict(relative_attention=True, pos_att_type=["p2c", "c2p"], position_buckets=4)
BART = dict(
    d_model=8,
    encoder_layers=1,
    decoder_layers=1,
    encoder_attention_heads=2,
    decoder_attention_heads=2,
    encoder_ffn_dim=12,
    decoder_ffn_dim=12,
    vocab_size=16,
    max_position_embeddings=16,
    pad_token_id=0,
    bos_token_id=1,
    eos_token_id=2,
    decoder_start_token_id=2,
)
DECODER = dict(hidden_size=8, num_hidden_layers=1, num_attention_heads=2, vocab_size=16, pad_token_id=0)
CASES = {
    "bart": (t.BartForSequenceClassification, t.BartConfig(**BART)),
    # Longer than its blocks, so that it attends within them.
    "big-bird": (
        t.BigBirdForSequenceClassification,
        t.BigBirdConfig(**(SIZES | dict(max_position_embeddings=32)), block_size=2, num_random_blocks=1),
    ),
    "bloom": (
        t.BloomForSequenceClassification,
        t.BloomConfig(hidden_size=8, n_layer=1, n_head=2, vocab_size=16, pad_token_id=0),
    ),
    "deberta": (t.DebertaV2ForSequenceClassification, t.DebertaV2Config(**SIZES, **RELATIVE)),
    "deberta-absolute": (
        t.DebertaV2ForSequenceClassification,
        t.DebertaV2Config(**SIZES, relative_attention=False),
    ),
    "eurobert": (
        t.EuroBertForSequenceClassification,
        t.EuroBertConfig(**SIZES, num_key_value_heads=2, pad_token_id=0),
    ),
    "falcon-alibi": (t.FalconForSequenceClassification, t.FalconConfig(**DECODER, alibi=True)),
    "gpt2": (t.GPT2ForSequenceClassification, t.GPT2Config(**GPT)),
    "llama": (t.LlamaForSequenceClassification, t.LlamaConfig(**SIZES, pad_token_id=0)),
    "modernbert": (
        t.ModernBertForSequenceClassification,
        t.ModernBertConfig(**SIZES, pad_token_id=0, cls_token_id=1, sep_token_id=2),
    ),
    "nomic": (t.NomicBertForSequenceClassification, t.NomicBertConfig(**SIZES)),
    "mpnet": (t.MPNetForSequenceClassification, t.MPNetConfig(**SIZES)),
    "xlm": (
        t.XLMForSequenceClassification,
        t.XLMConfig(emb_dim=8, n_layers=1, n_heads=2, vocab_size=24, max_position_embeddings=22, pad_index=0),
    ),
    "xlnet": (
        t.XLNetForSequenceClassification,
        t.XLNetConfig(d_model=8, n_layer=1, n_head=2, d_inner=12, vocab_size=16),
    ),
    "xlm-roberta": (
        t.XLMRobertaForSequenceClassification,
        t.XLMRobertaConfig(**SIZES, pad_token_id=1),
    ),
}


def export(name, model_class, config):
    torch.manual_seed(0)
    model = model_class(config).eval()
    model.config.use_cache = False
    ids = torch.randint(3, 16, (2, 24 if name == "big-bird" else 6))
    if config.is_encoder_decoder:
        ids[:, -1] = config.eos_token_id
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    names = list(inputs)
    axes = {key: {0: "batch", 1: "sequence"} for key in names}
    torch.onnx.export(
        model,
        (),
        kwargs=inputs,
        f=OUT / f"{name}.onnx",
        dynamo=False,
        input_names=names,
        output_names=["logits"],
        dynamic_axes={**axes, "logits": {0: "batch"}},
        opset_version=17,
    )
    kept = {key: value for key, value in config.to_dict().items() if value is not None}
    kept["architectures"] = [model_class.__name__]
    (OUT / f"{name}.json").write_text(json.dumps(kept, indent=1, default=str) + "\n")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    chosen = sys.argv[1:] or list(CASES)
    for case in chosen:
        export(case, *CASES[case])
