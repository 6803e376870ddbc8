"""Uniforms as the studio draws them: Philox4x32-10, key (seed, stream), counter (index // 4, step, 0, 0)."""

import numpy as np

M0, M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
W0, W1 = 0x9E3779B9, 0xBB67AE85
MASK = np.uint64(0xFFFFFFFF)


def stream_of(name: str) -> int:
    """FNV-1a over UTF-16 units, in the upper half of the streams."""
    value = 0x811C9DC5
    for unit in np.frombuffer(name.encode("utf-16-le"), dtype="<u2"):
        value = ((value ^ int(unit)) * 0x01000193) & 0xFFFFFFFF
    return value | 0x80000000


def uniforms(seed: int, stream: int, step: int, count: int) -> np.ndarray:
    """The first `count` of a step, in [0, 1) with 24 bits."""
    return (words(seed, stream, step, count) >> np.uint64(8)).astype(np.float64) / 16777216.0


def words(seed: int, stream: int, step: int, count: int) -> np.ndarray:
    """The first `count` words of a step."""
    blocks = (count + 3) // 4
    c = [
        np.arange(blocks, dtype=np.uint64),
        np.full(blocks, step, dtype=np.uint64),
        np.zeros(blocks, dtype=np.uint64),
        np.zeros(blocks, dtype=np.uint64),
    ]
    k0, k1 = seed & 0xFFFFFFFF, stream & 0xFFFFFFFF
    for _ in range(10):
        p0, p1 = M0 * c[0], M1 * c[2]
        c = [
            (p1 >> np.uint64(32)) ^ c[1] ^ np.uint64(k0),
            p1 & MASK,
            (p0 >> np.uint64(32)) ^ c[3] ^ np.uint64(k1),
            p0 & MASK,
        ]
        k0, k1 = (k0 + W0) & 0xFFFFFFFF, (k1 + W1) & 0xFFFFFFFF
    return np.stack(c, axis=1).reshape(-1)[:count]
