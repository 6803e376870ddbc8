"""Batches of sources and targets for the T5 fixtures: padded on the right to various lengths."""

from dataclasses import dataclass

import numpy as np

from t5_families import VOCAB, T5Family

SOURCE, TARGET, ROWS = 9, 6, 4
FIRST_WORD = 3
IGNORED = -100
PARTIAL = 2


@dataclass
class T5Batch:
    # input_ids, attention_mask, decoder_input_ids: [rows][length].
    inputs: dict[str, list[list[int]]]
    # [rows][target length], -100 where the target is padded.
    labels: list[list[int]]


def make_t5_batches(family: T5Family, kind: str) -> list[T5Batch]:
    """
    plain    three batches of 4 rows, sources of 3 to 9 tokens, targets of 2 to 6, `</s>` last in both
    partial  the same, the last one with 1 row
    """
    # The number beside the seed is one with which no unit of the ReLU family comes so close to zero that
    # single and double precision part company.
    rng = np.random.default_rng([family.seed, {"plain": 0, "partial": PARTIAL}[kind]])
    rows = [ROWS, ROWS, 1 if kind == "partial" else ROWS]
    return [make_batch(count, rng) for count in rows]


def make_batch(rows: int, rng: np.random.Generator) -> T5Batch:
    ids = rng.integers(FIRST_WORD, VOCAB, (rows, SOURCE))
    mask = np.ones((rows, SOURCE), int)
    labels = rng.integers(FIRST_WORD, VOCAB, (rows, TARGET))
    for row in range(rows):
        source = SOURCE if row == 0 else int(rng.integers(3, SOURCE + 1))
        target = TARGET if row == 0 else int(rng.integers(2, TARGET + 1))
        ids[row, source - 1], labels[row, target - 1] = 1, 1
        ids[row, source:], mask[row, source:], labels[row, target:] = 0, 0, IGNORED
    shifted = np.concatenate([np.zeros((rows, 1), int), np.where(labels == IGNORED, 0, labels)[:, :-1]], 1)
    inputs = {"input_ids": ids, "attention_mask": mask, "decoder_input_ids": shifted}
    return T5Batch({name: values.tolist() for name, values in inputs.items()}, labels.tolist())
