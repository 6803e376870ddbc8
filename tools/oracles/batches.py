"""Batches of token ids for the fixtures: a short cycle, padded in different ways, with learnable labels."""

from dataclasses import dataclass

import numpy as np

from families import POSITIONS, VOCAB, Family, input_names
from label_words import MASK

LENGTH, ROWS = 10, 6
FIRST_WORD = 5  # ids below are special tokens


@dataclass
class Batch:
    inputs: dict[str, list[list[int]]]
    labels: list[int] | list[float]


def make_batches(family: Family, kind: str) -> list[Batch]:
    """
    plain    three batches of 6 rows by 10 tokens, right-padded to various lengths
    partial  the same, the last one with 2 rows: an epoch of 14 rows in batches of 6
    masks    attention masks with holes, hidden first tokens and single tokens; no padding ids
    """
    rng = np.random.default_rng([family.seed, ["plain", "partial", "masks"].index(kind)])
    rows = [ROWS, ROWS, 2 if kind == "partial" else ROWS]
    return [make_batch(family, kind, count, rng) for count in rows]


def make_batch(family: Family, kind: str, rows: int, rng: np.random.Generator) -> Batch:
    pad = 1 if family.config.model_type == "roberta" else 0
    first, separator = (0, 2) if pad == 1 else (2, 3)
    ids = rng.integers(FIRST_WORD, VOCAB, (rows, LENGTH))
    mask = np.ones((rows, LENGTH), int)
    types = np.zeros((rows, LENGTH), int)
    ids[:, 0] = first
    for row in range(rows):
        length = LENGTH if row == 0 else int(rng.integers(3, LENGTH + 1))
        half = int(rng.integers(1, length))
        types[row, half:length] = 1
        if kind == "masks":
            mask[row] = irregular_mask(row, rng)
        else:
            ids[row, length - 1] = separator
            ids[row, length:] = pad
            mask[row, length:] = 0
    if family.words:
        ids[np.arange(rows), mask.sum(1) - 2] = MASK
    labels = make_labels(family, ids, mask, rng)
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
    return Batch({name: inputs[name].tolist() for name in input_names(family)}, labels)


def irregular_mask(row: int, rng: np.random.Generator) -> np.ndarray:
    mask = np.ones(LENGTH, int)
    if row % 3 == 0:
        mask[2 : LENGTH : int(rng.integers(2, 4))] = 0  # holes
    elif row % 3 == 1:
        mask[: int(rng.integers(1, 5))] = 0  # the first tokens hidden: the pooled one too
    else:
        mask[:] = 0
        mask[int(rng.integers(0, LENGTH))] = 1  # a single token
    return mask


def make_labels(family: Family, ids: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> list:
    if family.regression:
        share = (mask * (ids > VOCAB // 2)).sum(1) / mask.sum(1)
        return [round(float(value), 4) for value in share * 3 - 1 + 0.1 * rng.standard_normal(len(ids))]
    return [int(value) for value in rng.integers(0, family.labels, len(ids))]


assert LENGTH + 8 <= POSITIONS
