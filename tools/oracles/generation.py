"""Writes what Hugging Face's `generate` makes of the T5 fixtures' models: greedy and beam search, token by token.

    python tools/oracles/generation.py        # tests/oracle/generation/<family>.json

The models are the untrained ones of t5_families.py, which repeat themselves rather than end. So the token that ends
a text is chosen for each case among those that they like, to have some rows end early, some late and some never.
"""

import json
from collections import Counter
from pathlib import Path

import torch

from t5_families import T5_FAMILIES, build_t5

OUT = Path(__file__).resolve().parents[2] / "tests" / "oracle" / "generation"
ROWS, LENGTH, NEW = 5, 9, 12
SETTINGS = [
    {"beams": 1},
    {"beams": 2, "lengthPenalty": 1.0, "earlyStopping": False},
    {"beams": 3, "lengthPenalty": 0.6, "earlyStopping": True},
    {"beams": 4, "lengthPenalty": 2.0, "earlyStopping": False},
    {"beams": 3, "lengthPenalty": 1.0, "earlyStopping": "never"},
]


def sources(vocabulary: int) -> list[list[int]]:
    generator = torch.Generator().manual_seed(11)
    lengths = [LENGTH, 4, 7, 2, 6][:ROWS]
    return [torch.randint(3, vocabulary, (n,), generator=generator).tolist() + [1] for n in (length - 1 for length in lengths)]


def generate(model, rows: list[list[int]], setting: dict, eos: int) -> list[list[int]]:
    ids = torch.zeros((len(rows), LENGTH), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    options = {}
    if setting["beams"] > 1:
        options = {"length_penalty": setting["lengthPenalty"], "early_stopping": setting["earlyStopping"]}
    out = model.generate(
        input_ids=ids,
        attention_mask=mask,
        num_beams=setting["beams"],
        do_sample=False,
        max_new_tokens=NEW,
        eos_token_id=eos,
        pad_token_id=0,
        decoder_start_token_id=0,
        **options,
    )
    return [cut(row.tolist()[1:], eos) for row in out]


def cut(tokens: list[int], eos: int) -> list[int]:
    """What was generated, up to the end-of-text token or, without one, all of it."""
    return tokens[: tokens.index(eos)] if eos in tokens else tokens[:NEW]


def candidates(model, rows: list[list[int]]) -> list[int]:
    """Tokens in some but not all of the greedy texts, the commonest first, and one that never comes."""
    texts = generate(model, rows, {"beams": 1}, eos=2)
    counts = Counter(token for text in texts for token in set(text))
    some = [token for token, count in counts.most_common() if count < len(texts) and token != 0]
    return [*some[:2], 1]


def main() -> None:
    torch.set_num_threads(1)
    OUT.mkdir(parents=True, exist_ok=True)
    for family in T5_FAMILIES:
        if family.merged:
            continue
        model = build_t5(family).eval()
        rows = sources(model.config.vocab_size)
        cases = []
        for eos in candidates(model, rows):
            for setting in SETTINGS:
                with torch.no_grad():
                    cases.append({**setting, "eos": eos, "tokens": generate(model, rows, setting, eos)})
        document = {"made": "python tools/oracles/generation.py", "maxNewTokens": NEW, "sources": rows, "cases": cases}
        text = json.dumps({**document, "cases": None})[: -len("null}")]
        lines = ",\n".join("  " + json.dumps(case) for case in cases)
        (OUT / f"{family.name}.json").write_text(f"{text}[\n{lines}\n]}}\n")
        print(family.name, [len(tokens) for case in cases for tokens in case["tokens"]])


if __name__ == "__main__":
    main()
