"""Bottleneck adapters written out, which PEFT does not have, as AdapterHub computes and names them.

A(u) = W_up·act(W_down·u + b_down) + b_up. With h the output of a sub-layer and x what enters it:

    both             LN(h + A(h) + x) after attention and feed-forward (`double_seq_bn`)
    pfeiffer         u = LN(h + x), then LN(A(u) + h + x), after feed-forward (`seq_bn`)
    parallel         LN(h + s·A(x) + x) beside feed-forward; s is 4 for scaledParallel (`par_bn`), or learned

W_up and the biases start at zero, so a fresh adapter changes nothing. In a T5, which normalises before its sub-layers,
LN is left out and x is what enters before that normalisation.
"""

import re

import torch
from torch import nn
from torch.nn import functional

ACTIVATIONS = {"silu": functional.silu, "relu": functional.relu, "gelu": functional.gelu, "tanh": torch.tanh}
NAME = "delta"


class Adapter(nn.Module):
    def __init__(self, width: int, method: dict, gate: nn.Module | None = None):
        super().__init__()
        self.act = ACTIVATIONS[method["activation"]]
        self.adapter_down = nn.Sequential(nn.Linear(width, method["bottleneck"]))
        self.adapter_up = nn.Linear(method["bottleneck"], width)
        nn.init.zeros_(self.adapter_down[0].bias)
        nn.init.zeros_(self.adapter_up.weight)
        nn.init.zeros_(self.adapter_up.bias)
        self.fixed = 4.0 if method["placement"] == "scaledParallel" else 1.0
        if method.get("learnedScale"):
            self.scaling = nn.Parameter(torch.ones(1))
        if gate is not None:
            self.gate = gate

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        branch = self.adapter_up(self.act(self.adapter_down(u)))
        if hasattr(self, "gate"):
            return branch * self.gate(u)
        return branch * (self.scaling if hasattr(self, "scaling") else self.fixed)


class Phm(nn.Module):
    """A linear whose matrix is a sum of Kronecker products (Compacter), as AdapterHub computes and names it."""

    def __init__(self, rule: nn.Parameter, rows: int, columns: int):
        super().__init__()
        n = rule.shape[0]
        self.rule = rule
        self.W_left = nn.Parameter(torch.stack([glorot(rows // n, 1) for _ in range(n)]))
        self.W_right = nn.Parameter(torch.stack([glorot(1, columns // n) for _ in range(n)]))
        self.b = nn.Parameter(torch.zeros(columns))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        factors = torch.bmm(self.W_left, self.W_right)
        matrix = sum(torch.kron(a, w) for a, w in zip(self.rule, factors))
        return x @ matrix + self.b


def glorot(rows: int, columns: int) -> torch.Tensor:
    return nn.init.xavier_uniform_(torch.empty(rows, columns))


class Compacter(nn.Module):
    """A bottleneck of two such linears."""

    def __init__(self, width: int, method: dict, rule: nn.Parameter):
        super().__init__()
        narrow = width // method["reduction"]
        self.adapter_down = nn.Sequential(Phm(rule, width, narrow))
        self.adapter_up = Phm(rule, narrow, width)

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        return self.adapter_up(functional.gelu(self.adapter_down(u)))


class Behind(nn.Module):
    """A linear and the adapter behind it."""

    def __init__(self, linear: nn.Linear, adapter: Adapter):
        super().__init__()
        self.linear, self.adapter = linear, adapter

    @property
    def weight(self) -> torch.Tensor:
        """T5 looks at the type of this one."""
        return self.linear.weight

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        output = self.linear(inputs)
        return output + self.adapter(output)


class AroundNorm(nn.Module):
    """The normalisation of the sum h + x, the adapter, and the same normalisation again."""

    def __init__(self, norm: nn.LayerNorm, adapter: Adapter):
        super().__init__()
        self.norm, self.adapter = norm, adapter

    def forward(self, total: torch.Tensor) -> torch.Tensor:
        return self.norm(self.adapter(self.norm(total)) + total)


class Seen:
    """What entered the feed-forward block last."""

    value: torch.Tensor


class Entrance(nn.Module):
    """The first linear of a block, remembering what enters."""

    def __init__(self, linear: nn.Linear, seen: Seen):
        super().__init__()
        self.linear, self.seen = linear, seen

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        self.seen.value = inputs
        return self.linear(inputs)


class Beside(nn.Module):
    """The last linear of a block and the adapter beside the whole block."""

    def __init__(self, linear: nn.Linear, adapter: Adapter, seen: Seen):
        super().__init__()
        self.linear, self.adapter, self.seen = linear, adapter, seen

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.linear(inputs) + self.adapter(self.seen.value)


class AroundLayer(nn.Module):
    """A whole sub-layer with its residual, and an adapter that reads what enters it or what it gives."""

    def __init__(self, layer: nn.Module, adapter: Adapter, parallel: bool):
        super().__init__()
        self.layer, self.adapter, self.parallel = layer, adapter, parallel

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        output = self.layer(x)
        return output + self.adapter(x if self.parallel else output)


def place(kind: str, linear: str, feedforward: bool) -> str:
    """Where AdapterHub keeps the adapter of the sub-layer that ends in `linear`."""
    own = "output_adapters" if feedforward else "attention_adapters"
    if kind == "distilbert":
        return re.match(r".*\.layer\.\d+", linear)[0] + "." + own
    if kind == "albert":
        return re.match(r".*\.albert_layers\.\d+", linear)[0] + ("" if feedforward else ".attention") + "." + own
    if kind == "t5":
        return re.match(r".*block\.\d+\.layer\.\d+", linear)[0]
    return linear.rpartition(".")[0]


def replace(model: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, child = name.rpartition(".")
    setattr(model.get_submodule(parent), child, module)


def norm_after(linear: str, kind: str) -> str:
    """The normalisation behind a feed-forward block."""
    if kind == "distilbert":
        return re.match(r".*\.layer\.\d+", linear)[0] + ".output_layer_norm"
    if kind == "albert":
        return re.match(r".*\.albert_layers\.\d+", linear)[0] + ".full_layer_layer_norm"
    return linear.rpartition(".")[0] + ".LayerNorm"


def base_prefix(model: nn.Module) -> str:
    """What leads to the model below the head: `bert.`; nothing for a T5, whose stacks stand at the top."""
    prefix = getattr(model, "base_model_prefix", "")
    return f"{prefix}." if hasattr(model, prefix) and model.config.model_type != "t5" else ""


def add_adapters(model: nn.Module, linears: dict[str, list[str]], method: dict, make=None) -> dict[str, nn.Parameter]:
    """
    Adds the method's adapters, or what `make` gives in their place; `linears` has names by role. Returns their
    parameters by file name.
    """
    kind = model.config.model_type
    both = method["placement"] == "both"
    parameters = {}
    rule = None
    if method["type"] == "compacter":
        n = method["kroneckerFactors"]
        rule = nn.Parameter(torch.empty(n, n, n).normal_(std=0.01))
        parameters[f"{base_prefix(model)}shared_parameters.{NAME}.phm_rule"] = rule
    for role in ["o", "ffn.out"] if both else ["ffn.out"]:
        for index, name in enumerate(linears[role]):
            linear = model.get_submodule(name)
            adapter = (
                (make or Adapter)(linear.out_features, method, method["gate"](name) if "gate" in method else None)
                if rule is None
                else Compacter(linear.out_features, method, rule)
            )
            if kind == "t5" and not both:
                layer = place(kind, name, True)
                parallel = method["placement"] != "pfeiffer"
                replace(model, layer, AroundLayer(model.get_submodule(layer), adapter, parallel))
            elif method["placement"] == "pfeiffer":
                norm = norm_after(name, kind)
                replace(model, norm, AroundNorm(model.get_submodule(norm), adapter))
            elif both:
                replace(model, name, Behind(linear, adapter))
            else:
                seen, first = Seen(), linears["ffn.in"][index]
                replace(model, first, Entrance(model.get_submodule(first), seen))
                replace(model, name, Beside(linear, adapter, seen))
            for key, parameter in adapter.named_parameters():
                if parameter is rule:
                    continue
                parameters[f"{place(kind, name, role == 'ffn.out')}.adapters.{NAME}.{key}"] = parameter
    return parameters
