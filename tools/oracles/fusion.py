"""AdapterFusion written out, as AdapterHub's BertFusion computes and names it (configuration "dynamic", no dropout).

With u what frozen adapters read at a place and a_i what the i-th gives, q = W_q·u + b_q, k_i = W_k·a_i + b_k and
v_i = W_v·a_i; the place gets the sum of softmax_i(q·k_i)·v_i. W_v starts as the identity with 1e-6 beside its diagonal.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

NAMES = {"silu": "swish", "relu": "relu", "gelu": "gelu", "tanh": "tanh"}


class Fusion(nn.Module):
    """Adapters side by side and the attention over what they give."""

    def __init__(self, width: int, members: list[nn.Module]):
        super().__init__()
        self.members = nn.ModuleList(members)
        self.members.requires_grad_(False)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width, bias=False)
        for linear in (self.query, self.key):
            nn.init.normal_(linear.weight, std=0.02)
            nn.init.zeros_(linear.bias)
        self.value.weight.data = torch.full((width, width), 1e-6).fill_diagonal_(1.0)

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        given = torch.stack([member(u) for member in self.members], dim=2)
        query, keys, values = self.query(u), self.key(given), self.value(given)
        scores = torch.matmul(query.unsqueeze(2), keys.transpose(-2, -1)).squeeze(2)
        return torch.matmul(scores.softmax(dim=-1).unsqueeze(2), values).squeeze(2)


def trained_before(member: nn.Module) -> nn.Module:
    """An adapter that does something, as one that was trained."""
    with torch.no_grad():
        for name, parameter in member.named_parameters():
            if name == "scaling":
                parameter.fill_(0.7)
            else:
                parameter.normal_(std=0.3 if name.endswith("weight") else 0.1)
    return member


def penalty(weight: float):
    """AdapterHub's regularisation, which holds every W_v near the identity."""

    def of(module: nn.Module) -> torch.Tensor:
        values = [part.value.weight for part in module.modules() if isinstance(part, Fusion)]
        return weight * sum((torch.eye(len(value), dtype=value.dtype) - value).pow(2).sum() for value in values)

    return of


def adapter_config(width: int, method: dict, name: str) -> dict:
    """AdapterHub's description of one of the adapters."""
    return {
        "config": {
            "architecture": None,
            "mh_adapter": method["placement"] == "both",
            "output_adapter": True,
            "reduction_factor": width / method["bottleneck"],
            "non_linearity": NAMES[method["activation"]],
            "original_ln_before": method["placement"] == "pfeiffer",
            "original_ln_after": True,
            "ln_before": False,
            "ln_after": False,
            "is_parallel": False,
            "scaling": "learned" if method.get("learnedScale") else 1.0,
            "use_gating": False,
            "residual_before_ln": True,
            "adapter_residual_before_ln": False,
            "inv_adapter": None,
            "cross_adapter": False,
            "leave_out": [],
            "dropout": 0.0,
            "phm_layer": False,
        },
        "name": name,
    }


def write_member(path: Path, config: dict, tensors: dict[str, torch.Tensor]) -> None:
    path.mkdir()
    (path / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n")
    save_file({name: tensor.float().contiguous() for name, tensor in tensors.items()}, str(path / "adapter.safetensors"))
