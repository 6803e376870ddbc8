"""Bottleneck adapters written out (Houlsby et al. 2019), which PEFT does not have.

After the last linear of a sub-layer, before the residual is added: h + W_up·silu(W_down·h + b_down) + b_up.
W_up and the biases start at zero, so a fresh adapter changes nothing.
"""

import torch
from torch import nn
from torch.nn import functional


class WithAdapter(nn.Module):
    """A linear and the adapter behind it."""

    def __init__(self, linear: nn.Linear, bottleneck: int):
        super().__init__()
        self.linear = linear
        self.adapter_down = nn.Linear(linear.out_features, bottleneck)
        self.adapter_up = nn.Linear(bottleneck, linear.out_features)
        nn.init.zeros_(self.adapter_down.bias)
        nn.init.zeros_(self.adapter_up.weight)
        nn.init.zeros_(self.adapter_up.bias)

    @property
    def weight(self) -> torch.Tensor:
        """T5 looks at the type of this one."""
        return self.linear.weight

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        output = self.linear(inputs)
        return output + self.adapter_up(functional.silu(self.adapter_down(output)))


def add_adapters(model: nn.Module, modules: list[str], bottleneck: int) -> dict[str, nn.Parameter]:
    """Puts adapters behind the named linears; returns their parameters by file name."""
    parameters = {}
    for name in modules:
        parent, _, child = name.rpartition(".")
        adapted = WithAdapter(model.get_submodule(name), bottleneck)
        setattr(model.get_submodule(parent), child, adapted)
        for part in ("adapter_down", "adapter_up"):
            for key, parameter in getattr(adapted, part).named_parameters():
                parameters[f"base_model.model.{name}.{part}.{key}"] = parameter
    return parameters
