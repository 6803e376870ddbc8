"""Methods that compute weights anew from the model's own, written out from their papers: masking and diff pruning."""

import torch
from torch import nn
from torch.nn.utils import parametrize

from philox import stream_of, uniforms

LOW, HIGH, ALPHA, FIXED, EDGE = -1.5, 1.5, 5.0, 30.0, 1e-4
ALPHA_RATE = 200
SEED = 1


class StraightThrough(torch.autograd.Function):
    """1 above the threshold, 0 elsewhere; the gradient passes as it is."""

    @staticmethod
    def forward(ctx, scores: torch.Tensor, threshold: float) -> torch.Tensor:
        return (scores > threshold).to(scores.dtype)

    @staticmethod
    def backward(ctx, gradient: torch.Tensor):
        return gradient, None


class Mask(nn.Module):
    """W under 1[M > τ]; M from U(-0.02, s)."""

    def __init__(self, weight: torch.Tensor, threshold: float, sparsity: float):
        super().__init__()
        self.threshold = threshold
        highest = (0.02 + threshold) / sparsity - 0.02
        self.scores = nn.Parameter(torch.empty_like(weight).uniform_(-0.02, highest))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight * StraightThrough.apply(self.scores, self.threshold)


class Gated(nn.Module):
    """θ + z·w (·z_g), gates with noise of the studio's streams while they train."""

    def __init__(self, weight: torch.Tensor, name: str, transposed: bool, structured: bool):
        super().__init__()
        self.name, self.transposed = name, transposed
        self.w = nn.Parameter(torch.zeros_like(weight))
        self.alpha = nn.Parameter(torch.full_like(weight, ALPHA))
        self.group = nn.Parameter(torch.full((1,), ALPHA)) if structured else None
        # Micro-batches so far, while it trains.
        self.step: int | None = None

    def gate(self, alpha: torch.Tensor, part: str, transposed: bool) -> torch.Tensor:
        noise = 0.0
        if self.step is not None:
            u = uniforms(SEED, stream_of(f"delta.diffPruning.{self.name}.{part}.noise"), self.step, alpha.numel())
            # As the graph holds the tensor, which may be the transpose.
            held = torch.tensor(u).reshape(alpha.T.shape if transposed else alpha.shape)
            u = (held.T if transposed else held).clamp(EDGE, 1 - EDGE).to(alpha.dtype)
            noise = torch.log(u) - torch.log(1 - u)
        return (torch.sigmoid(alpha + noise) * (HIGH - LOW) + LOW).clamp(0, 1)

    def difference(self) -> torch.Tensor:
        value = self.w * self.gate(self.alpha, "alpha", self.transposed)
        return value if self.group is None else value * self.gate(self.group, "group", False)

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        return weight + self.difference()


def put_on(model: nn.Module, name: str, module: nn.Module) -> None:
    owner, _, leaf = name.rpartition(".")
    parametrize.register_parametrization(model.get_submodule(owner), leaf, module, unsafe=True)


class DiffPruning:
    """The rules of training: penalty, noise, projection."""

    def __init__(self, gated: dict[str, Gated], method: dict, steps: int):
        self.names = list(gated)
        self.method = method
        self.last = steps - method["fixedMaskSteps"]

    def modules(self, model: nn.Module) -> list[Gated]:
        found = {module.name: module for module in model.modules() if isinstance(module, Gated)}
        return [found[name] for name in self.names]

    def begin(self, model: nn.Module, micro_batch: int | None) -> None:
        for module in self.modules(model):
            module.step = micro_batch

    def penalty(self, model: nn.Module, step: int) -> torch.Tensor:
        total = sum(
            torch.sigmoid(alpha).sum()
            for module in self.modules(model)
            for alpha in (module.alpha, module.group)
            if alpha is not None
        )
        return total * (self.method["penalty"] if step <= self.last else 0.0)

    @torch.no_grad()
    def after(self, model: nn.Module, optimizer: torch.optim.Optimizer, step: int) -> None:
        if step != self.last:
            return
        self.begin(model, None)
        modules = self.modules(model)
        # In the graph's orientation and order, since of equals the first ones stay.
        differences = [(m.difference().T if m.transposed else m.difference()).float().reshape(-1) for m in modules]
        sizes = torch.cat(differences).abs()
        keep = max(1, round(self.method["sparsity"] * len(sizes)))
        chosen = torch.zeros(len(sizes), dtype=torch.bool)
        chosen[torch.sort(sizes, descending=True, stable=True).indices[:keep]] = True
        at = 0
        for module, flat in zip(modules, differences):
            mask = chosen[at : at + len(flat)]
            at += len(flat)
            shape = module.w.T.shape if module.transposed else module.w.shape
            mask = mask.reshape(shape).T if module.transposed else mask.reshape(shape)
            difference = module.difference()
            module.w.copy_(torch.where(mask, difference, torch.zeros_like(difference)))
            module.alpha.copy_(torch.where(mask, FIXED, -FIXED).to(module.alpha.dtype))
            if module.group is not None:
                module.group.fill_(FIXED)
        # The authors begin a second run here.
        optimizer.state.clear()


def masked(model: nn.Module, weights: list[str], method: dict) -> dict[str, nn.Parameter]:
    parameters = {}
    for name in weights:
        mask = Mask(model.get_parameter(name).detach(), method["threshold"], method["initialSparsity"])
        put_on(model, name, mask)
        parameters[f"{name}.mask"] = mask.scores
    return parameters


def gated(
    model: nn.Module, names: list[str], transposed: set[str], method: dict, steps: int
) -> tuple[dict[str, nn.Parameter], DiffPruning]:
    parameters, modules = {}, {}
    for name in names:
        module = Gated(model.get_parameter(name).detach(), name, name in transposed, method["structured"])
        modules[name] = module
        parameters |= {f"{name}.diff": module.w, f"{name}.alpha": module.alpha}
        if module.group is not None:
            parameters[f"{name}.group"] = module.group
    for name, module in modules.items():
        put_on(model, name, module)
    return parameters, DiffPruning(modules, method, steps)
