"""An 8k Unigram tokenizer as T5 has it: `<pad>`, `</s>`, `<unk>` first, sentinels last, `</s>` appended."""

import json
from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

PAD, END, UNKNOWN = 0, 1, 2
SENTINELS = 100


def train_tokenizer(texts: Iterable[str], size: int) -> Tokenizer:
    """`size` counts everything: special tokens, pieces and sentinels."""
    specials = ["<pad>", "</s>", "<unk>"]
    trained = assemble([(piece, 0.0) for piece in specials])
    trainer = trainers.UnigramTrainer(
        vocab_size=size - SENTINELS, special_tokens=specials, unk_token="<unk>", max_piece_length=16, show_progress=False
    )
    trained.train_from_iterator(texts, trainer)
    vocabulary = [tuple(entry) for entry in json.loads(trained.to_str())["model"]["vocab"]]
    pieces = vocabulary[: size - SENTINELS]
    missing = size - SENTINELS - len(pieces)
    if missing > 0:
        raise RuntimeError(f"the corpus gave only {len(pieces)} pieces; use more text")
    # T5 numbers its sentinels backwards: <extra_id_0> is the last id.
    sentinels = [(f"<extra_id_{index}>", 0.0) for index in reversed(range(SENTINELS))]
    return assemble(pieces + sentinels)


def assemble(vocabulary: list[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", END)]
    )
    tokenizer.add_special_tokens([piece for piece, score in vocabulary if score == 0.0])
    return tokenizer


def write_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """tokenizer.json and tokenizer_config.json, as `AutoTokenizer` and tokenizers.js read them."""
    folder.mkdir(parents=True, exist_ok=True)
    document = json.loads(tokenizer.to_str())
    (folder / "tokenizer.json").write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
    config = {
        "additional_special_tokens": [f"<extra_id_{index}>" for index in range(SENTINELS)],
        "clean_up_tokenization_spaces": False,
        "eos_token": "</s>",
        "extra_ids": SENTINELS,
        "model_max_length": 512,
        "pad_token": "<pad>",
        "tokenizer_class": "T5Tokenizer",
        "unk_token": "<unk>",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
