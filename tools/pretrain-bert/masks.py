"""Masked language modelling (Devlin et al. 2019): which tokens are asked for, and what stands in their place."""

import numpy as np

SPECIAL = 5
SHARE = 0.15


def batch(rng: np.random.Generator, blocks: np.ndarray, mask: int, vocabulary: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Of `[rows, length]` ids 15 % are asked for, `[CLS]` and `[SEP]` never: 80 % of them become `[MASK]`, 10 % any other
    word, 10 % stay. Returns what the model sees, and which places are asked for.
    """
    chosen = (rng.random(blocks.shape) < SHARE) & (blocks >= SPECIAL)
    fate = rng.random(blocks.shape)
    seen = np.where(chosen & (fate < 0.8), mask, blocks)
    words = rng.integers(SPECIAL, vocabulary, blocks.shape)
    return np.where(chosen & (fate >= 0.9), words, seen), chosen
