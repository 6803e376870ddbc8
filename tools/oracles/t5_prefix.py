"""
Prefix tuning on a T5 written out, at the delta tuning study's three places: the encoder's self-attention,
the decoder's, and its cross-attention.

`<place>_prefix` is [P, 2·layers·heads·d_kv], flat as PEFT has it: viewed as [P, 2·layers, heads, d_kv], layer
i has keys at 2i and values at 2i+1. The prefix is always attended. In self-attention it stands before the text
as past tokens do (Hugging Face's cache convention): keys at positions 0..P+length-1, queries from P, so the
relative bias reaches the prefix too. Cross-attention has no relative bias, there or here.

PEFT's reaches the decoder's self-attention alone, and deals the same table out differently: it writes the 2·L
blocks of L layers twice in a row and gives four to a layer, two for self-attention and two that it drops. So
layer i has keys at block 4i and values at 4i+1, both modulo 2·L: with two layers both share the first two blocks
and the rest never trains.
"""

import torch
from torch import nn
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS

NAME = "delta_t5_prefix"
PLACES = ("encoder", "decoder", "cross")


def attend(module, query, key, value, attention_mask, scaling=1.0, position_bias=None, **_):
    """Attention with the module's prefix, if it has one, before keys and values; eager."""
    rows, length = query.shape[0], key.shape[2]
    prefix = getattr(module, "delta_prefix", None)
    count = 0
    if prefix is not None:
        prefix_key, prefix_value = prefix()
        count = prefix_key.shape[-2]
        key = torch.cat([prefix_key.expand(rows, -1, -1, -1), key], 2)
        value = torch.cat([prefix_value.expand(rows, -1, -1, -1), value], 2)
    scores = query @ key.transpose(2, 3) * scaling
    if getattr(module, "delta_bias", None) is not None:
        scores = scores + module.delta_bias(query.shape[2], length, count)
    if attention_mask is not None:
        scores = scores + nn.functional.pad(attention_mask, (count, 0))
    probabilities = scores.softmax(-1)
    return (probabilities @ value).transpose(1, 2).contiguous(), probabilities


AttentionInterface.register(NAME, attend)
AttentionMaskInterface.register(NAME, ALL_MASK_ATTENTION_FUNCTIONS["eager"])


def t5_sites(model: PreTrainedModel) -> dict[str, list[nn.Module]]:
    """The attentions of each place, by layer."""
    return {
        "encoder": [block.layer[0].SelfAttention for block in model.encoder.block],
        "decoder": [block.layer[0].SelfAttention for block in model.decoder.block],
        "cross": [block.layer[1].EncDecAttention for block in model.decoder.block],
    }


class T5Prefix(nn.Module):
    def __init__(self, base_model: PreTrainedModel, virtual_tokens: int, places: tuple[str, ...] = PLACES, as_peft=False):
        super().__init__()
        config = base_model.config
        self.as_peft = as_peft
        self.heads, inner = config.num_heads, config.num_heads * config.d_kv
        self.count = virtual_tokens
        sites = t5_sites(base_model)
        # Each stack has a configuration of its own, and custom names do not reach them by `set_attn_implementation`.
        for part in (base_model, base_model.encoder, base_model.decoder):
            part.config._attn_implementation = NAME
        self.base_model = base_model
        self.prefixes = nn.ParameterDict()
        for place in places:
            width = 2 * len(sites[place]) * inner
            self.prefixes[place] = nn.Parameter(torch.randn(virtual_tokens, width))
        self._attach(sites, places)

    def _attach(self, sites: dict, places: tuple[str, ...]) -> None:
        for place, modules in sites.items():
            for layer, module in enumerate(modules):
                module.delta_prefix = _Slice(self, place, layer) if place in places else None
                module.delta_bias = None if place == "cross" else T5Bias(modules[0])

    def part(self, place: str, layer: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys and values [heads, P, d_kv] of one layer."""
        table = self.prefixes[place]
        flat = table.view(self.count, -1, self.heads, self.base_model.config.d_kv).permute(1, 2, 0, 3)
        block = 4 * layer % len(flat) if self.as_peft else 2 * layer
        return flat[block], flat[block + 1]

    def forward(self, **inputs):
        return self.base_model(**inputs, use_cache=False)


class _Slice:
    """Where a module finds its prefix; no module itself, so that no parameter is counted twice."""

    def __init__(self, owner: T5Prefix, place: str, layer: int):
        self.owner, self.place, self.layer = owner, place, layer

    def __call__(self):
        return self.owner.part(self.place, self.layer)


class T5Bias:
    """The stack's relative bias, held by its first layer: queries start at the prefix's length."""

    def __init__(self, first: nn.Module):
        self.first = first

    def __call__(self, queries: int, keys: int, prefix: int) -> torch.Tensor:
        return self.first.compute_bias(queries, keys + prefix, past_seen_tokens=prefix)
