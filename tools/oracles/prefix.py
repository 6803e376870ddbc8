"""Prefix tuning written out: for the models PEFT's needs a cache from, and to hold PEFT's to.

Every attention sees P learned keys and values before the text's. Flat as PEFT has it: `prompt_embeddings`
[P, 2·layers·width], viewed as [P, 2·layers, heads, width/heads]; layer i has keys at 2i and values at 2i+1.
The prefix is always attended; the text's positions start at P. A layer used many times (ALBERT) has a prefix
for each use.
"""

import torch
from torch import nn
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS

NAME = "delta_prefix"


def attend(module, query, key, value, attention_mask, scaling=None, **_):
    """Attention with the current layer's prefix before keys and values; eager, mask as the model gives it."""
    state = module.config.delta_prefix
    rows = query.shape[0]
    prefix_key, prefix_value = (part.expand(rows, -1, -1, -1) for part in state.next())
    key, value = torch.cat([prefix_key, key], 2), torch.cat([prefix_value, value], 2)
    scores = query @ key.transpose(2, 3) * (query.shape[-1] ** -0.5 if scaling is None else scaling)
    if attention_mask is not None:
        scores = scores + nn.functional.pad(attention_mask, (state.count, 0))
    probabilities = scores.softmax(-1)
    return (probabilities @ value).transpose(1, 2).contiguous(), probabilities


AttentionInterface.register(NAME, attend)
AttentionMaskInterface.register(NAME, ALL_MASK_ATTENTION_FUNCTIONS["eager"])


class State:
    """Which layer attends next, and the prefixes of the pass under way."""

    def __init__(self, count: int):
        self.count = count
        self.layers: list[tuple[torch.Tensor, torch.Tensor]] = []

    def next(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self.layers.pop(0)


class Prefix(nn.Module):
    def __init__(
        self,
        base_model: PreTrainedModel,
        virtual_tokens: int,
        rows: torch.Tensor | None = None,
        encoder: nn.Module | None = None,
    ):
        """`rows` or `encoder` gives the prefix; without them the start is PEFT's, standard normal."""
        super().__init__()
        config = base_model.config
        self.heads, self.layers = config.num_attention_heads, config.num_hidden_layers
        width = 2 * self.layers * config.hidden_size
        start = torch.nn.Embedding(virtual_tokens, width).weight.detach().clone() if rows is None else rows
        self.count = virtual_tokens
        if encoder is None:
            self.prompt_embeddings = nn.Parameter(start)
        else:
            self.prompt_encoder = encoder
        config.delta_prefix = State(virtual_tokens)
        base_model.set_attn_implementation(NAME)
        self.base_model = base_model

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        config = self.base_model.config
        count = self.count
        encoded = hasattr(self, "prompt_encoder")
        rows = self.prompt_encoder(torch.arange(count)) if encoded else self.prompt_embeddings
        flat = rows.view(count, 2 * self.layers, self.heads, -1).permute(1, 2, 0, 3)
        config.delta_prefix.layers = [(flat[2 * i], flat[2 * i + 1]) for i in range(self.layers)]
        inputs = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        positions = torch.arange(input_ids.shape[1]).expand_as(input_ids) + count
        if config.model_type == "roberta":
            real = (input_ids != config.pad_token_id).long()
            positions = (real.cumsum(1) + count) * real + config.pad_token_id
        return self.base_model(input_ids=input_ids, attention_mask=attention_mask, position_ids=positions, **inputs)
