"""
Embeddings to start from: counts within a window, positive pointwise mutual information, truncated SVD
(Levy and Goldberg 2014, https://papers.nips.cc/paper/5477). A model of this size that starts from random
embeddings spends its first 12 million tokens on finding what these say.
"""

import numpy as np
import torch


def counts(ids: np.ndarray, size: int, window: int = 5) -> np.ndarray:
    """Weighted co-occurrence `[size, size]`, symmetric; a pair at distance d counts 1/d."""
    total = np.zeros(size * size, np.float32)
    wide = ids.astype(np.int64)
    for distance in range(1, window + 1):
        for start in range(0, len(wide) - distance, 4_000_000):
            left = wide[start : start + 4_000_000]
            right = wide[start + distance : start + distance + len(left)]
            pairs, seen = np.unique(left[: len(right)] * size + right, return_counts=True)
            total[pairs] += seen.astype(np.float32) / distance
    square = total.reshape(size, size)
    return square + square.T


def embeddings(ids: np.ndarray, size: int, width: int, seed: int) -> torch.Tensor:
    """`[size, width]` with rows of root mean square near 1."""
    table = counts(ids, size)
    rows = table.sum(1).astype(np.float64)
    # Contexts smoothed to the power 0.75, which tames rare words.
    contexts = rows**0.75
    contexts /= contexts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.log(table / rows[:, None]) - np.log(contexts)[None, :].astype(np.float32)
    information = np.maximum(np.nan_to_num(information, nan=0.0, posinf=0.0, neginf=0.0), 0).astype(np.float32)
    torch.manual_seed(seed)
    u, s, _ = torch.svd_lowrank(torch.from_numpy(information), q=width + 16, niter=3)
    vectors = u[:, :width] * s[:width].sqrt()
    norms = vectors.pow(2).mean(1, keepdim=True).sqrt()
    seen = norms[:, 0] > 1e-6
    vectors = vectors / norms.clamp_min(1e-6)
    # Ids that the text lacks (sentinels, padding) start at random.
    vectors[~seen] = torch.randn(int((~seen).sum()), width)
    return vectors
