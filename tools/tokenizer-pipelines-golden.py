"""Writes tests/data/tokenizer-pipelines.golden.json: ids that the Python `tokenizers` library gives for every kind of
part of a tokenizer.json (normalisers, pre-tokenizers, models, added tokens, post-processors, decoders) on hard texts.

    python tools/tokenizer-pipelines-golden.py

Made with tokenizers 0.23.2; the output is byte-stable. (The normaliser Precompiled is a table of 300 kB: the ids of
t5-small in tools/tokenizer-golden.py have it.) Texts are written for this file. The
model of most pipelines is a WordPiece of single characters, so that ids show where each word begins.
"""

import itertools
import json
from pathlib import Path

import tokenizers
from tokenizers import Tokenizer

OUT = Path(__file__).parent.parent / "tests" / "data" / "tokenizer-pipelines.golden.json"

TEXTS = [
    "",
    " ",
    "Plain words, and numbers 12 345.6!",
    "  lead\ttab\nline\r\nend  ",
    "\u039f\u0394\u039f\u03a3 \u0391\u03a3\u03a3\u0391\u03a3.",  # capital sigma at the end of a word
    "I\u0307stanbul \u0130\u0131 \u1e9e\u00df \ufb01ne \u01c5",  # dotted I, sharp s, ligature, titlecase
    "e\u0301a\u0300 \u00e9\u00e0 \u1e69 s\u0323\u0307 \u0344",  # combining marks, in either order
    "a\u0483b\u20ddc \u0e19\u0e49\u0e33 \u0928\u094d\u0926\u093f",  # enclosing, spacing marks
    "\u4f60\u597d\u3400\U00020000\U0002a700\U00030000\uf900\uff21\u3042\u30a2",  # CJK and extensions, kana
    "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",  # Hangul, composed and not
    "a\u00a0b\u2003c\u3000d\u2028e\u0085f\u000bg",  # spaces and line ends of every kind
    "a\u200bb\u200cc\u200dd\ufeffe\u00adf\u2060g\u0000h\ufffdi",  # zero width and control
    "don't!!! (yes) ... <a>-b_c; $9 + \u20ac5 \u00a7\u00b6 \u201cq\u201d\u3002\uff01",
    "\u00b2\u00bd\u2166\u0663\u0967\U0001d7d8 x2\u0660y",  # digits and numbers of many scripts
    "\U0001f600\U0001f44d\U0001f3fd\U0001f468\u200d\U0001f469 \u2764\ufe0f",
    "CamelCase snake_case kebab-case 'tis we'll I'VE",
    "\u0421\u043b\u043e\u0432\u043e \u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645 abc\u0434\u0435\u0444",
    "<x>w<x> x xq axq xqb <URL>  <url>\t<mask>  end",
    "x" * 101 + " " + "y" * 100,
    "\u2581a \u2581\u2581b aXbXXc",
]

CHARACTERS = sorted(set("".join(TEXTS)) | {"\u2581", "\u03c3", "\u03c2"} | {chr(c) for c in range(33, 127)})
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def vocabulary():
    """Every character the pipelines can produce, as the beginning of a word and within one."""
    import unicodedata

    seen = set(CHARACTERS)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        for text in ("".join(TEXTS), "".join(TEXTS).lower(), "".join(TEXTS).upper()):
            seen |= set(unicodedata.normalize(form, text))
    seen |= {alphabet for alphabet in tokenizers.pre_tokenizers.ByteLevel.alphabet()}
    ordered = sorted(seen)
    return SPECIAL + ordered + ["##" + character for character in ordered]


VOCAB = {token: i for i, token in enumerate(vocabulary())}
WORDPIECE = {
    "type": "WordPiece",
    "unk_token": "[UNK]",
    "continuing_subword_prefix": "##",
    "max_input_chars_per_word": 100,
    "vocab": "characters",
}


def added(content, id, **flags):
    base = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {"id": id, "content": content, **base, **flags}


def pipeline(**parts):
    base = {"added_tokens": [], "normalizer": None, "pre_tokenizer": None, "post_processor": None, "decoder": None}
    return {**base, "model": WORDPIECE, **parts}


def seq(kind, *members):
    key = {"normalizer": "normalizers", "pre_tokenizer": "pretokenizers", "post_processor": "processors"}.get(kind, "decoders")
    return {"type": "Sequence", key: list(members)}


PIPELINES = {}

# Normalisers.
SPLIT_SPACES = {"type": "WhitespaceSplit"}
for name in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"):
    PIPELINES[f"normalizer {name}"] = pipeline(normalizer={"type": name}, pre_tokenizer=SPLIT_SPACES)
for clean, chinese, accents, lower in [
    (True, True, None, True),
    (True, True, None, False),
    (False, False, True, False),
    (True, False, False, True),
    (False, True, True, True),
]:
    PIPELINES[f"normalizer Bert {clean} {chinese} {accents} {lower}"] = pipeline(
        normalizer={
            "type": "BertNormalizer",
            "clean_text": clean,
            "handle_chinese_chars": chinese,
            "strip_accents": accents,
            "lowercase": lower,
        },
        pre_tokenizer={"type": "BertPreTokenizer"},
    )
for left, right in ((True, True), (True, False), (False, True)):
    PIPELINES[f"normalizer Strip {left} {right}"] = pipeline(
        normalizer={"type": "Strip", "strip_left": left, "strip_right": right}
    )
for pattern, content in [
    ({"String": " "}, "\u2581"),
    ({"String": "."}, "dot"),
    ({"Regex": "\\s+"}, "_"),
    ({"Regex": " {2,}|[\\n\\r\\t]"}, "-"),
    ({"Regex": "(?<=[a-z])[A-Z]"}, "'"),
    ({"Regex": "\\p{Han}|\\p{Cyrillic}"}, "#"),
    ({"Regex": "^.|.$"}, "@"),
    ({"Regex": "[[:punct:]&&[^-_]]"}, "p"),
]:
    PIPELINES[f"normalizer Replace {json.dumps(pattern)}"] = pipeline(
        normalizer={"type": "Replace", "pattern": pattern, "content": content}, pre_tokenizer=SPLIT_SPACES
    )
PIPELINES["normalizer Prepend"] = pipeline(
    normalizer=seq("normalizer", {"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"})
)
PIPELINES["normalizer ByteLevel"] = pipeline(normalizer={"type": "ByteLevel"})
PIPELINES["normalizer Sequence"] = pipeline(
    normalizer=seq("normalizer", {"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}),
    pre_tokenizer={"type": "Whitespace"},
)

# Pre-tokenizers.
BEHAVIOURS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
for name in ("BertPreTokenizer", "Whitespace", "WhitespaceSplit", "UnicodeScripts"):
    PIPELINES[f"pre_tokenizer {name}"] = pipeline(pre_tokenizer={"type": name})
for behaviour in BEHAVIOURS:
    PIPELINES[f"pre_tokenizer Punctuation {behaviour}"] = pipeline(
        pre_tokenizer=seq("pre_tokenizer", SPLIT_SPACES, {"type": "Punctuation", "behavior": behaviour})
    )
    for pattern, invert in itertools.product(({"String": "b"}, {"Regex": "[aeiou]+|\\d"}), (False, True)):
        PIPELINES[f"pre_tokenizer Split {json.dumps(pattern)} {behaviour} {invert}"] = pipeline(
            pre_tokenizer={"type": "Split", "pattern": pattern, "behavior": behaviour, "invert": invert}
        )
GPT4 = (
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|"
    "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
)
for name, regex in {
    "gpt-4": GPT4,
    "bloom": " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+",
    "line": "^\\w+|\\w+$",
    "word": "\\b\\w+?\\b",
    "possessive": "\\p{Lu}\\p{Ll}++|\\h{2}",
}.items():
    PIPELINES[f"pre_tokenizer Split {name}"] = pipeline(
        pre_tokenizer={"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False}
    )
for individual in (True, False):
    PIPELINES[f"pre_tokenizer Digits {individual}"] = pipeline(
        pre_tokenizer={"type": "Digits", "individual_digits": individual}
    )
PIPELINES["pre_tokenizer CharDelimiterSplit"] = pipeline(pre_tokenizer={"type": "CharDelimiterSplit", "delimiter": "X"})
PIPELINES["pre_tokenizer FixedLength"] = pipeline(pre_tokenizer={"type": "FixedLength", "length": 3})
for scheme, split in itertools.product(("always", "first", "never"), (True, False)):
    PIPELINES[f"pre_tokenizer Metaspace {scheme} {split}"] = pipeline(
        added_tokens=[added("<x>", 4)],
        pre_tokenizer={"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": split},
    )
for space, regex in itertools.product((True, False), (True, False)):
    PIPELINES[f"pre_tokenizer ByteLevel {space} {regex}"] = pipeline(
        pre_tokenizer={"type": "ByteLevel", "add_prefix_space": space, "trim_offsets": True, "use_regex": regex}
    )

# Models.
PIECES = ["<unk>", "\u2581", "a", "b", "c", "ab", "bc", "\u2581a", "\u2581ab", "x", "xx", "xxxx", "e", "n", "d", "\u2581end", "en"]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
META = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
for fallback in (True, False):
    scores = [[piece, -1.0 - i / 7] for i, piece in enumerate(PIECES)]
    PIPELINES[f"model Unigram {fallback}"] = pipeline(
        pre_tokenizer=META,
        model={"type": "Unigram", "unk_id": 0, "vocab": scores + ([[byte, -20.0] for byte in BYTES] if fallback else []), "byte_fallback": fallback},
        decoder={"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True},
    )
MERGES = [["a", "b"], ["b", "c"], ["x", "x"], ["xx", "xx"], ["e", "n"], ["\u2581", "a"], ["\u2581a", "b"], ["\u2581", "en"], ["\u2581en", "d"]]
for name, options in {
    "plain": {},
    "fuse_unk": {"unk_token": "<unk>", "fuse_unk": True},
    "unk": {"unk_token": "<unk>"},
    "byte_fallback": {"unk_token": "<unk>", "byte_fallback": True, "fuse_unk": True},
    "ignore_merges": {"unk_token": "<unk>", "ignore_merges": True},
}.items():
    pieces = PIECES + ["\u2581en", "xxx"] + (BYTES if options.get("byte_fallback") else [])
    PIPELINES[f"model BPE {name}"] = pipeline(
        pre_tokenizer=META,
        model={
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {piece: i for i, piece in enumerate(pieces)},
            "merges": MERGES,
            **options,
        },
        decoder=seq(
            "decoder",
            {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
            {"type": "ByteFallback"},
            {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0},
        ),
    )
PIPELINES["model BPE suffix"] = pipeline(
    pre_tokenizer={"type": "Whitespace"},
    model={
        "type": "BPE",
        "dropout": None,
        "unk_token": "<unk>",
        "continuing_subword_prefix": "",
        "end_of_word_suffix": "</w>",
        "fuse_unk": False,
        "vocab": {piece: i for i, piece in enumerate(["<unk>", "a", "b", "b</w>", "e", "n", "d</w>", "en", "end</w>", "ab</w>"])},
        "merges": [["e", "n"], ["en", "d</w>"], ["a", "b</w>"]],
    },
    decoder={"type": "BPEDecoder", "suffix": "</w>"},
)
PIPELINES["model WordLevel"] = pipeline(
    pre_tokenizer={"type": "Whitespace"},
    model={"type": "WordLevel", "vocab": {"[UNK]": 0, "and": 1, "x": 2, "end": 3, ",": 4}, "unk_token": "[UNK]"},
)
PIPELINES["model WordPiece 5"] = pipeline(
    pre_tokenizer=SPLIT_SPACES, model={**WORDPIECE, "max_input_chars_per_word": 5}, decoder={"type": "WordPiece", "prefix": "##", "cleanup": True}
)

# Added tokens.
FLAGS = ("single_word", "lstrip", "rstrip", "normalized", "special")
for count in (1, 2, 5):
    for chosen in itertools.combinations(FLAGS, count):
        flags = {flag: True for flag in chosen}
        PIPELINES[f"added_tokens {' '.join(chosen)}"] = pipeline(
            added_tokens=[added(content, 4 + i, **flags) for i, content in enumerate(["xq", "<URL>", "x", "\u00c9", "<mask>"])],
            normalizer={"type": "Lowercase"},
            pre_tokenizer={"type": "Whitespace"},
        )

# Post-processors, with pairs.
CLS, SEP = ["[CLS]", 2], ["[SEP]", 3]
TEMPLATE = {
    "type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "[CLS]", "type_id": 2}}, {"Sequence": {"id": "A", "type_id": 1}}],
    "pair": [
        {"Sequence": {"id": "B", "type_id": 1}},
        {"SpecialToken": {"id": "two", "type_id": 0}},
        {"Sequence": {"id": "A", "type_id": 0}},
        {"SpecialToken": {"id": "[CLS]", "type_id": 2}},
    ],
    "special_tokens": {
        "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
        "two": {"id": "two", "ids": [3, 4], "tokens": ["[SEP]", "[MASK]"]},
    },
}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
ROBERTA = {"type": "RobertaProcessing", "sep": SEP, "cls": CLS, "trim_offsets": True, "add_prefix_space": False}
for name, processor in {
    "none": None,
    "Bert": {"type": "BertProcessing", "sep": SEP, "cls": CLS},
    "Roberta": ROBERTA,
    "Template": TEMPLATE,
    "ByteLevel": BYTE_LEVEL,
    "Sequence": seq("post_processor", BYTE_LEVEL, ROBERTA),
    "Sequence of two": seq("post_processor", ROBERTA, TEMPLATE),
}.items():
    PIPELINES[f"post_processor {name}"] = pipeline(
        pre_tokenizer={"type": "Whitespace"}, post_processor=processor
    )

# Decoders, each on the pieces of single characters.
for name, decoder in {
    "WordPiece": {"type": "WordPiece", "prefix": "##", "cleanup": False},
    "WordPiece cleanup": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "BPE": {"type": "BPEDecoder", "suffix": "##"},
    "Metaspace": META,
    "ByteLevel": BYTE_LEVEL,
    "ByteFallback": {"type": "ByteFallback"},
    "CTC": {"type": "CTC", "pad_token": "[PAD]", "word_delimiter_token": "a", "cleanup": True},
    "Fuse": {"type": "Fuse"},
    "Strip": {"type": "Strip", "content": "#", "start": 1, "stop": 1},
    "Replace": {"type": "Replace", "pattern": {"Regex": "#+"}, "content": "-"},
    "Sequence": seq("decoder", {"type": "Replace", "pattern": {"String": "##"}, "content": ""}, {"type": "Fuse"}),
}.items():
    PIPELINES[f"decoder {name}"] = pipeline(pre_tokenizer=SPLIT_SPACES, decoder=decoder)


def real(parts):
    """The pipeline as a whole tokenizer.json."""
    model = parts["model"]
    if model.get("vocab") == "characters":
        model = {**model, "vocab": VOCAB}
    return {"version": "1.0", "truncation": None, "padding": None, **parts, "model": model}


def cases(name, parts):
    tokenizer = Tokenizer.from_str(json.dumps(real(parts)))
    ids = [tokenizer.encode(text).ids for text in TEXTS]
    result = {"pipeline": parts, "ids": ids}
    if name.startswith("post_processor"):
        pairs = [tokenizer.encode(a, b) for a, b in zip(TEXTS[2:6], TEXTS[6:10])]
        result["pairs"] = [{"ids": pair.ids, "typeIds": pair.type_ids} for pair in pairs]
    if parts["decoder"] is not None:
        result["decoded"] = [tokenizer.decode(row) for row in ids]
    return result


golden = {
    "library": f"tokenizers {tokenizers.__version__}",
    "texts": TEXTS,
    "characters": list(VOCAB),
    "cases": {name: cases(name, parts) for name, parts in PIPELINES.items()},
}
lines = [f"{json.dumps(name)}:{json.dumps(case, separators=(',', ':'))}" for name, case in golden.pop("cases").items()]
head = json.dumps(golden, separators=(",", ":"))[:-1]
OUT.write_text(head + ',"cases":{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8")
print(OUT, OUT.stat().st_size, len(lines), "pipelines")
