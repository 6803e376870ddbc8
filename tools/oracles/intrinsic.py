"""Intrinsic dimension (Aghajanyan et al., 2020): weights moved by a Fastfood projection of one vector, written out."""

import math
import re

import numpy as np
import torch
from scipy.special import ndtri
from torch import nn

from philox import stream_of, uniforms, words
from weights import put_on

LEAST_BLOCK, MOST_BLOCK = 64, 4096


def normal_table() -> np.ndarray:
    """Middles of the 256ths of the normal distribution, with a mean square of one."""
    middles = ndtri((np.arange(256) + 0.5) / 256)
    return (middles / math.sqrt((middles**2).mean())).astype(np.float32)


def hadamard(x: torch.Tensor) -> torch.Tensor:
    """H x over the last axis: sums and differences at distances 1, 2, 4, ..."""
    size, half = x.shape[-1], 1
    while half < size:
        a, b = x.reshape(*x.shape[:-1], size // (2 * half), 2, half).unbind(-2)
        x, half = torch.stack([a + b, a - b], -2).reshape(x.shape), 2 * half
    return x


def layer_of(name: str) -> str:
    found = re.match(r".*?\.\d+(?=\.)", name)
    return found.group(0) if found else "rest"


class Intrinsic(nn.Module):
    """θ, the factors of the layers, and Π·H·B·θ."""

    def __init__(self, dimension: int, layers: list[str], key: int):
        super().__init__()
        self.layers, self.key = layers, key
        length = dimension - len(layers)
        self.vector = nn.Parameter(torch.zeros(length))
        self.scales = nn.Parameter(torch.ones(1, len(layers))) if layers else None
        self.block = min(MOST_BLOCK, max(LEAST_BLOCK, 2 ** math.ceil(math.log2(length))))
        self.chunks = math.ceil(length / self.block)
        count = self.block * self.chunks
        drawn = uniforms(key, stream_of("said.spread"), 0, 2 * count)
        self.signs = torch.tensor(np.where(drawn[:count] < 0.5, -1.0, 1.0))
        order = list(range(count))
        for n, i in enumerate(range(count - 1, 0, -1)):
            j = int(drawn[count + n] * (i + 1))
            order[i], order[j] = order[j], order[i]
        self.order = torch.tensor(order)

    def spread(self) -> torch.Tensor:
        padding = torch.zeros(len(self.signs) - len(self.vector), dtype=self.vector.dtype)
        signed = torch.cat([self.vector, padding]) * self.signs.to(self.vector.dtype)
        spread = hadamard(signed.reshape(self.chunks, self.block))
        return spread.reshape(-1)[self.order].reshape(self.chunks, self.block)

    def move(self, name: str, count: int) -> torch.Tensor:
        """P·θ of one weight, its elements in flat order."""
        u = self.spread()
        if self.scales is not None:
            u = u * self.scales[0, self.layers.index(layer_of(name))]
        blocks = math.ceil(count / self.block)
        size = blocks * self.chunks * self.block
        drawn = words(self.key, stream_of(f"said.{name}"), 0, size // 4).astype("<u4").tobytes()
        g = normal_table()[np.frombuffer(drawn, dtype=np.uint8)].reshape(blocks, self.chunks, self.block)
        mixed = hadamard((torch.tensor(g).to(u.dtype) * u).sum(1))
        return mixed.reshape(-1)[:count] / math.sqrt(self.block * count)


class Moved(nn.Module):
    """θ₀ + λ·P·θ, in the orientation in which the graph holds the weight."""

    def __init__(self, intrinsic: Intrinsic, name: str, transposed: bool):
        super().__init__()
        self.name, self.transposed = name, transposed
        # In a list, so that the vector is no parameter of this module too.
        self.shared = [intrinsic]

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        shape = weight.T.shape if self.transposed else weight.shape
        change = self.shared[0].move(self.name, weight.numel()).reshape(shape)
        return weight + (change.T if self.transposed else change)


def moved(model: nn.Module, names: list[str], transposed: set[str], method: dict) -> dict[str, nn.Parameter]:
    layers = sorted({layer_of(name) for name in names}) if method["byLayer"] else []
    intrinsic = Intrinsic(method["dimension"], layers, method["projectionKey"])
    for name in names:
        put_on(model, name, Moved(intrinsic, name, name in transposed))
    model.add_module("intrinsic", intrinsic)
    parameters = {"intrinsic_vector": intrinsic.vector}
    return parameters | ({"layer_scales": intrinsic.scales} if layers else {})
