"""Mix-And-Match and UniPELT written out, as AdapterHub computes and names them.

Prefixes of all layers come from MLPs; the text's positions stay where they are, and a layer that is used many times
(ALBERT) has one prefix. Mix-And-Match has adapters beside feed-forward, UniPELT adapters behind it and LoRA on queries
and values, and a gate at each part: the mean over the text's tokens of the sigmoid of a linear. Two things differ from
AdapterHub's gates: padding does not count, and the gates of a decoder read the encoder's output, since an average over
the text that is being written would see ahead.
"""

import torch
from torch import nn
from transformers import PreTrainedModel

from bottleneck import NAME, add_adapters, base_prefix, place, replace
from prefix import NAME as ATTENTION
from prefix import State
from t5_prefix import NAME as T5_ATTENTION
from t5_prefix import PLACES, T5Bias, t5_sites


class Mlp(nn.Module):
    """Rows [count, 2 * layers * inner] of the prefixes of all layers of one kind."""

    def __init__(self, method: dict, width: int, columns: int):
        super().__init__()
        middle = method["encoderHiddenSize"]
        self.wte = nn.Embedding(method["virtualTokens"], width)
        self.control_trans = nn.Sequential(nn.Linear(width, middle), nn.Tanh(), nn.Linear(middle, columns))

    def forward(self) -> torch.Tensor:
        return self.control_trans(self.wte.weight)


class Text:
    """What of the text under way gates need: which tokens are attended, and what the encoder said of them."""

    mask: torch.Tensor
    encoded: torch.Tensor


class Gate(nn.Linear):
    """One number a row: [rows, 1, 1]."""

    def __init__(self, width: int, text: Text, decodes: bool):
        super().__init__(width, 1)
        # Large enough to differ between texts from the first step on.
        nn.init.normal_(self.weight, std=0.3)
        nn.init.normal_(self.bias, std=0.3)
        self.text, self.decodes = text, decodes

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        gates = super().forward(self.text.encoded if self.decodes else x).sigmoid()
        share = self.text.mask / self.text.mask.sum(1, keepdim=True)
        return (gates * share.to(gates.dtype).unsqueeze(-1)).sum(1, keepdim=True)


class Seen:
    value: torch.Tensor


class GatedLora(nn.Module):
    """A linear and gated low-rank factors beside it; remembers what enters."""

    def __init__(self, linear: nn.Linear, method: dict, gate: Gate, seen: Seen):
        super().__init__()
        self.linear, self.gate, self.seen = linear, gate, seen
        self.lora_A = nn.Parameter(torch.empty(method["rank"], linear.in_features).uniform_(-1, 1) / linear.in_features**0.5)
        self.lora_B = nn.Parameter(torch.empty(linear.out_features, method["rank"]).normal_(std=0.05))

    @property
    def weight(self) -> torch.Tensor:
        """T5 looks at the type of this one."""
        return self.linear.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen.value = x
        return self.linear(x) + (x @ self.lora_A.T @ self.lora_B.T) * self.gate(x)


class GatedState(State):
    """A layer's prefix is scaled by its gate, which reads what entered its queries."""

    def next(self) -> tuple[torch.Tensor, torch.Tensor]:
        key, value, gate, seen = self.layers.pop(0)
        scale = gate(seen.value).unsqueeze(-1)
        return key * scale, value * scale


class Kit:
    """What both methods put into a model beside their prefixes, with its parameters by file name."""

    def __init__(self, model: PreTrainedModel, linears: dict[str, list[str]], method: dict):
        self.method, self.text = method, Text()
        self.gated = method["type"] == "unipelt"
        self.width = model.config.hidden_size
        self.parameters: dict[str, nn.Parameter] = {}
        self.seen: dict[str, Seen] = {}
        self.gates: dict[str, Gate] = {}
        adapters = {
            "type": "adapter",
            "bottleneck": self.width // method["reduction"],
            "activation": "relu",
            "placement": "pfeiffer" if self.gated else "scaledParallel",
        }
        if self.gated:
            self.add_lora(model, linears)
            adapters["gate"] = lambda name: Gate(self.width, self.text, name.startswith("decoder."))
        self.parameters |= add_adapters(model, linears, adapters)
        if self.gated:
            for name, parameter in self.parameters.items():
                if "adapter_up.weight" in name:
                    nn.init.normal_(parameter, std=0.05)

    def add_lora(self, model: PreTrainedModel, linears: dict[str, list[str]]) -> None:
        for role in ("q", "v"):
            for name in linears[role]:
                decodes, linear = name.startswith("decoder."), model.get_submodule(name)
                seen = Seen()
                module = GatedLora(linear, self.method, Gate(self.width, self.text, decodes), seen)
                self.name_all(f"{name}.loras.{NAME}", {key: p for key, p in module.named_parameters() if "linear" not in key})
                replace(model, name, module)
                if role == "q":
                    attention = name.rpartition(".")[0]
                    gate = self.gates[attention] = Gate(self.width, self.text, decodes)
                    self.seen[attention] = seen
                    self.name_all(f"{attention}.prefix_tuning.prefix_gates.{NAME}", dict(gate.named_parameters()))

    def name_all(self, prefix: str, parameters: dict[str, nn.Parameter]) -> None:
        self.parameters |= {f"{prefix}.{key}": parameter for key, parameter in parameters.items()}


class Mixed(nn.Module):
    """An encoder with either method."""

    def __init__(self, base_model: PreTrainedModel, linears: dict[str, list[str]], method: dict):
        super().__init__()
        config = base_model.config
        self.count = method["virtualTokens"]
        self.heads, self.uses = config.num_attention_heads, config.num_hidden_layers
        self.own = config.num_hidden_groups if config.model_type == "albert" else self.uses
        self.mlp = Mlp(method, config.hidden_size, self.own * 2 * config.hidden_size)
        kit = Kit(base_model, linears, method)
        kit.name_all(f"{base_prefix(base_model)}prefix_tuning.prefix_tunings.{NAME}.self_prefix", dict(self.mlp.named_parameters()))
        self.own_parameters, self.text = kit.parameters, kit.text
        self.gates = nn.ModuleList(kit.gates.values())
        self.seen = list(kit.seen.values())
        config.delta_prefix = (GatedState if kit.gated else State)(self.count)
        base_model.set_attn_implementation(ATTENTION)
        self.base_model = base_model

    def forward(self, input_ids, attention_mask, **inputs):
        self.text.mask = attention_mask
        flat = self.mlp().view(self.count, 2 * self.own, self.heads, -1).permute(1, 2, 0, 3)
        layers = [use * self.own // self.uses for use in range(self.uses)]
        self.base_model.config.delta_prefix.layers = [
            (flat[2 * i], flat[2 * i + 1], *((self.gates[i], self.seen[i]) if len(self.gates) else ())) for i in layers
        ]
        return self.base_model(input_ids=input_ids, attention_mask=attention_mask, **inputs)


# AdapterHub's names of the places.
KEYS = {"encoder": "encoder", "decoder": "self", "cross": "cross"}


class Encoded(nn.Module):
    """The encoder's last normalisation, remembering what it gives."""

    def __init__(self, norm: nn.Module, text: Text):
        super().__init__()
        self.norm, self.text = norm, text

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.text.encoded = self.norm(x)
        return self.text.encoded


class T5Mixed(nn.Module):
    """A T5 with either method: an MLP for each kind of attention."""

    def __init__(self, base_model: PreTrainedModel, linears: dict[str, list[str]], method: dict):
        super().__init__()
        config = base_model.config
        self.heads, self.depth, self.count = config.num_heads, config.d_kv, method["virtualTokens"]
        sites = t5_sites(base_model)
        kit = Kit(base_model, linears, method)
        self.text = kit.text
        self.mlps = nn.ModuleDict()
        for part in (base_model, base_model.encoder, base_model.decoder):
            part.config._attn_implementation = T5_ATTENTION
        for where in PLACES:
            self.mlps[where] = Mlp(method, config.d_model, 2 * len(sites[where]) * self.heads * self.depth)
            kit.name_all(f"prefix_tuning.prefix_tunings.{NAME}.{KEYS[where]}_prefix", dict(self.mlps[where].named_parameters()))
        names = {id(module): name for name, module in base_model.named_modules()}
        self.gates = nn.ModuleDict({names[id(m)].replace(".", "/"): kit.gates[names[id(m)]] for ms in sites.values() for m in ms} if kit.gated else {})
        for where, modules in sites.items():
            for layer, module in enumerate(modules):
                name = names[id(module)]
                module.delta_prefix = T5Rows(self, where, layer, name, kit.seen.get(name))
                module.delta_bias = None if where == "cross" else T5Bias(modules[0])
        base_model.encoder.final_layer_norm = Encoded(base_model.encoder.final_layer_norm, self.text)
        self.own_parameters, self.base_model = kit.parameters, base_model

    def forward(self, **inputs):
        self.text.mask = inputs["attention_mask"]
        return self.base_model(**inputs, use_cache=False)


class T5Rows:
    """Where a module finds its prefix; no module itself, so that no parameter is counted twice."""

    def __init__(self, owner: T5Mixed, where: str, layer: int, name: str, seen: Seen | None):
        self.owner, self.where, self.layer, self.name, self.seen = owner, where, layer, name.replace(".", "/"), seen

    def __call__(self) -> tuple[torch.Tensor, torch.Tensor]:
        owner = self.owner
        flat = owner.mlps[self.where]().view(owner.count, -1, owner.heads, owner.depth).permute(1, 2, 0, 3)
        key, value = flat[2 * self.layer], flat[2 * self.layer + 1]
        if self.seen is None:
            return key, value
        scale = owner.gates[self.name](self.seen.value).unsqueeze(-1)
        return key * scale, value * scale
