"""
Span corruption (Raffel et al. 2020, section 3.1.4): a share of the tokens, in spans, gives way to one
sentinel a span; the target lists each sentinel with what it replaced. Lengths are fixed by the block's, so
no batch needs padding.
"""

import numpy as np

from tokenizer import END


def lengths(block: int, density: float, mean_span: float) -> tuple[int, int]:
    """Tokens taken out of a block, and in how many spans."""
    noise = round(block * density)
    return noise, round(noise / mean_span)


def partition(rng: np.random.Generator, total: int, parts: int) -> np.ndarray:
    """`parts` positive integers that sum to `total`, all such splits alike likely."""
    cuts = np.sort(rng.choice(total - 1, parts - 1, replace=False)) + 1
    return np.diff(np.concatenate([[0], cuts, [total]]))


def corrupt(
    rng: np.random.Generator, block: np.ndarray, density: float, mean_span: float, vocabulary: int
) -> tuple[np.ndarray, np.ndarray]:
    """Source and target ids of one block, both ended by `</s>`."""
    noise, spans = lengths(len(block), density, mean_span)
    taken, kept = partition(rng, noise, spans), partition(rng, len(block) - noise, spans)
    source, target, at = [], [], 0
    for index in range(spans):
        sentinel = vocabulary - 1 - index
        source += [*block[at : at + kept[index]], sentinel]
        at += kept[index]
        target += [sentinel, *block[at : at + taken[index]]]
        at += taken[index]
    return np.array([*source, END]), np.array([*target, END])


def batch(
    rng: np.random.Generator, blocks: np.ndarray, density: float, mean_span: float, vocabulary: int
) -> tuple[np.ndarray, np.ndarray]:
    """`[batch, source]` and `[batch, target]`."""
    pairs = [corrupt(rng, block, density, mean_span, vocabulary) for block in blocks]
    return np.stack([source for source, _ in pairs]), np.stack([target for _, target in pairs])
