"""Writes tests/data/tokenizers.golden.json: ids and segments that the Python `tokenizers` library gives.

    python tools/tokenizer-golden.py ../shared

The folder holds tokenizers/{bert-base-uncased,roberta-base,t5-small}/tokenizer.json,
tokenizers/bert-base-chinese-vocab/vocab.txt and models/bert-l4-h128/tokenizer.json. Sentences are written
for this file. Made with tokenizers 0.23.2; the output is byte-stable.

Truncation is applied to whole encodings (`post_process`), which is `longest_first` as documented. `encode`
itself stops early since 0.23 (huggingface/tokenizers#1990): where both texts of a pair are longer than
max_length, it can give the odd token to the other text.
"""

import json
import sys
from pathlib import Path

import tokenizers
from tokenizers import BertWordPieceTokenizer, Tokenizer

SHARED = Path(sys.argv[1])
OUT = Path(__file__).parent.parent / "tests" / "data" / "tokenizers.golden.json"

SINGLE = [
    "The soup was cold, yet we stayed for dessert.",
    "I can't believe it's not butter-scotch!!",
    "  two  spaces,\ta tab and a trailing space ",
    "Prices rose 12.5% to $3,400 (about €3.100) on 2024-02-29.",
    "UPPER lower MiXeD CamelCase snake_case kebab-case",
    "Naïve café façade, Ünïcödé and São Tomé",
    "这家酒店的房间很干净，服务员也很热情。",
    "我在Berlin喝了一杯coffee，花了20元。",
    "Loved it 😀👍🏽 would go again 🎉",
    "antidisestablishmentarianism floccinaucinihilipilification",
    "x" * 120,
    "a",
    "...",
    "https://example.org/a?b=c&d=%20#top",
    "Она сказала: «нет»",
    "한국어 문장도 있습니다.",
    "The answer is [MASK] and not <mask>.",
    "half\u00a0width\u3000and full\uff01width",
    "soft\u00adhyphen and zero\u200bwidth",
]
PAIRS = [
    ["The train left at noon.", "At noon the train had gone."],
    ["How far is it to the lake?", "About two miles, uphill, through a wood that no map shows."],
    ["天气很好。", "今天是晴天，我们去公园散步。"],
    ["one two three four five six seven eight nine ten", "eleven twelve"],
    ["short", "a b c d e f g h i j k l m n o p"],
]
LENGTHS = [6, 7, 8, 9, 12, 16]


def encode(tokenizer, text, pair=None):
    encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
    return {"ids": encoding.ids, "typeIds": encoding.type_ids}


def encode_truncated(tokenizer, length, text, pair=None):
    tokenizer.no_truncation()
    first = tokenizer.encode(text, add_special_tokens=False)
    second = tokenizer.encode(pair, add_special_tokens=False) if pair is not None else None
    tokenizer.enable_truncation(max_length=length, strategy="longest_first")
    encoding = tokenizer.post_process(first, second)
    tokenizer.no_truncation()
    return {"ids": encoding.ids, "typeIds": encoding.type_ids}


def cases(tokenizer):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    result = {
        "single": [encode(tokenizer, text) for text in SINGLE],
        "pairs": [encode(tokenizer, *pair) for pair in PAIRS],
        "truncated": [],
    }
    for length in LENGTHS:
        result["truncated"].append(
            {
                "maxLength": length,
                "single": encode_truncated(tokenizer, length, SINGLE[0]),
                "pairs": [encode_truncated(tokenizer, length, *pair) for pair in PAIRS],
            }
        )
    return result


chinese = BertWordPieceTokenizer(str(SHARED / "tokenizers/bert-base-chinese-vocab/vocab.txt"))
loaded = {
    "bert-base-uncased": Tokenizer.from_file(str(SHARED / "tokenizers/bert-base-uncased/tokenizer.json")),
    "roberta-base": Tokenizer.from_file(str(SHARED / "tokenizers/roberta-base/tokenizer.json")),
    "t5-small": Tokenizer.from_file(str(SHARED / "tokenizers/t5-small/tokenizer.json")),
    "bert-l4-h128": Tokenizer.from_file(str(SHARED / "models/bert-l4-h128/tokenizer.json")),
    "bert-base-chinese-vocab": chinese._tokenizer,
}
golden = {
    "library": f"tokenizers {tokenizers.__version__}",
    "single": SINGLE,
    "pairs": PAIRS,
    "cases": {name: cases(tokenizer) for name, tokenizer in loaded.items()},
}
text = json.dumps(golden, ensure_ascii=False, separators=(",", ":"))
# One tokenizer a line, so that a change shows where it is.
OUT.write_text(text.replace('"cases":{', '"cases":{\n').replace('},"', '},\n"') + "\n", encoding="utf-8")
print(OUT, OUT.stat().st_size)
