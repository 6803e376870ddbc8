"""Text files to one array of token ids, cached: documents shuffled, each followed by `</s>`."""

import gzip
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from tokenizer import END


def documents(paths: list[Path], shortest: int = 80) -> Iterator[str]:
    """Lines of text; headings and other very short lines are left out."""
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as file:
            for line in file:
                text = line.replace("<br />", " ").strip()
                if len(text) >= shortest:
                    yield text


def tokenise(tokenizer: Tokenizer, paths: list[Path], seed: int, stride: int = 1, batch: int = 2000) -> np.ndarray:
    """Every `stride`th document, in a seeded order, as uint16 ids."""
    texts = [text for index, text in enumerate(documents(paths)) if index % stride == 0]
    random.Random(seed).shuffle(texts)
    parts = []
    for start in range(0, len(texts), batch):
        encoded = tokenizer.encode_batch_fast(texts[start : start + batch], add_special_tokens=False)
        parts.append(np.concatenate([np.array([*entry.ids, END], np.uint16) for entry in encoded]))
    return np.concatenate(parts)
