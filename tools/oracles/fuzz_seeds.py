"""
Models of one narrow layer, exported as the fixtures' are, for tests/fuzz: an input of the fuzzer imports a whole
model, so that nodes and weights decide how many inputs it reads in a second.

Run: python tools/oracles/fuzz_seeds.py
"""

from dataclasses import replace
from pathlib import Path

from batches import Batch
from export import export
from families import FAMILIES, build, input_names
from t5_export import export_t5
from t5_families import T5_FAMILIES, build_t5

OUT = Path(__file__).parents[2] / "tests" / "fuzz" / "seeds"
VOCAB = 20
BERT = dict(
    vocab_size=VOCAB,
    hidden_size=4,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=6,
    max_position_embeddings=12,
)
OPTIONS = {
    "bert": BERT,
    "distilbert": dict(vocab_size=VOCAB, dim=4, n_layers=1, n_heads=2, hidden_dim=6, max_position_embeddings=12),
    "roberta": BERT,
    "albert": BERT | dict(embedding_size=2),
    "electra": BERT | dict(embedding_size=2),
    "bert-features": BERT,
}
T5 = dict(vocab_size=VOCAB, d_model=4, d_kv=2, num_heads=2, d_ff=6, num_layers=1, num_decoder_layers=1)


def main() -> None:
    for family in FAMILIES:
        if family.name not in OPTIONS:
            continue
        small = replace(family, options=family.options | OPTIONS[family.name])
        ids = [[2, 5, 6, 7, 3], [2, 8, 3, 0, 0]]
        values = {
            "input_ids": ids,
            "attention_mask": [[1] * 5, [1] * 3 + [0] * 2],
            "token_type_ids": [[0] * 5] * 2,
        }
        example = Batch({name: values[name] for name in input_names(small)}, [])
        export(small, build(small)[1], example, OUT / family.name)
    for family in T5_FAMILIES:
        if family.name == "t5-gated":
            continue
        small = replace(family, options=family.options | T5)
        export_t5(small, build_t5(small), OUT / family.name)
        (OUT / family.name / "generation_config.json").unlink()


if __name__ == "__main__":
    main()
