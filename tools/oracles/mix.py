"""Mix-And-Match written out, as AdapterHub computes and names it: prefixes from an MLP, adapters beside feed-forward.

The text's positions stay where they are, and a layer that is used many times (ALBERT) has one prefix.
"""

import torch
from torch import nn
from transformers import PreTrainedModel

from bottleneck import NAME, add_adapters, base_prefix
from prefix import NAME as ATTENTION
from prefix import State


class MixAndMatch(nn.Module):
    def __init__(self, base_model: PreTrainedModel, linears: dict[str, list[str]], method: dict):
        super().__init__()
        config = base_model.config
        width, self.count = config.hidden_size, method["virtualTokens"]
        self.heads, self.uses = config.num_attention_heads, config.num_hidden_layers
        self.own = config.num_hidden_groups if config.model_type == "albert" else self.uses
        self.wte = nn.Embedding(self.count, width)
        self.control_trans = nn.Sequential(
            nn.Linear(width, method["encoderHiddenSize"]),
            nn.Tanh(),
            nn.Linear(method["encoderHiddenSize"], self.own * 2 * width),
        )
        adapters = {
            "type": "adapter",
            "bottleneck": width // method["reduction"],
            "activation": "relu",
            "placement": "scaledParallel",
        }
        place = f"{base_prefix(base_model)}prefix_tuning.prefix_tunings.{NAME}.self_prefix"
        self.own_parameters = {f"{place}.{name}": p for name, p in self.named_parameters()}
        self.own_parameters |= add_adapters(base_model, linears, adapters)
        config.delta_prefix = State(self.count)
        base_model.set_attn_implementation(ATTENTION)
        self.base_model = base_model

    def forward(self, input_ids, attention_mask, **inputs):
        rows = self.control_trans(self.wte.weight)
        flat = rows.view(self.count, 2 * self.own, self.heads, -1).permute(1, 2, 0, 3)
        layers = [use * self.own // self.uses for use in range(self.uses)]
        self.base_model.config.delta_prefix.layers = [(flat[2 * i], flat[2 * i + 1]) for i in layers]
        return self.base_model(input_ids=input_ids, attention_mask=attention_mask, **inputs)
