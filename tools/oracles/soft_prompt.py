"""Prompt tuning written out, for the models PEFT's own fails on (embeddings narrower than the hidden width).

Rows are put before the text's embeddings, ones before its mask, zeros before its token types; position ids
follow from the place, as PEFT does it. `graph_logits` computes the same through position ids taken from
padding, which is what a rewrite of an exported graph gets.
"""

import torch
from torch import nn
from transformers import PreTrainedModel


class SoftPrompt(nn.Module):
    def __init__(self, base_model: PreTrainedModel, virtual_tokens: int):
        super().__init__()
        words = base_model.get_input_embeddings().weight
        rows = torch.randint(0, words.shape[0], (virtual_tokens,))
        self.prompt_embeddings = nn.Parameter(words[rows].detach().clone())
        self.base_model = base_model

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        return self.base_model(**with_prompt(self.base_model, self.prompt_embeddings, input_ids, attention_mask, token_type_ids))


class EncodedPrompt(nn.Module):
    """The same with rows that an encoder gives (P-tuning)."""

    def __init__(self, base_model: PreTrainedModel, encoder: nn.Module, virtual_tokens: int):
        super().__init__()
        self.virtual_tokens = virtual_tokens
        self.prompt_encoder = encoder
        self.base_model = base_model

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        rows = self.prompt_encoder(torch.arange(self.virtual_tokens))
        return self.base_model(**with_prompt(self.base_model, rows, input_ids, attention_mask, token_type_ids))


def with_prompt(model, prompt, input_ids, attention_mask, token_type_ids=None) -> dict:
    """Inputs of `model` with `prompt` [virtual tokens, width] before the text."""
    rows, count = input_ids.shape[0], prompt.shape[0]
    words = model.get_input_embeddings()(input_ids)
    inputs = {
        "inputs_embeds": torch.cat([prompt.expand(rows, -1, -1), words], 1),
        "attention_mask": torch.cat([attention_mask.new_ones(rows, count), attention_mask], 1),
    }
    if token_type_ids is not None:
        inputs["token_type_ids"] = torch.cat([token_type_ids.new_zeros(rows, count), token_type_ids], 1)
    return inputs


@torch.no_grad()
def graph_logits(model, prompt, inputs: dict) -> torch.Tensor:
    """Logits when positions come from ids that are not padding (RoBERTa), virtual ids counted among them."""
    prompted = with_prompt(model, prompt, **inputs)
    pad = model.config.pad_token_id
    if model.config.model_type == "roberta":
        real = (inputs["input_ids"] != pad).long()
        real = torch.cat([real.new_ones(real.shape[0], prompt.shape[0]), real], 1)
        prompted["position_ids"] = real.cumsum(1) * real + pad
    return model(**prompted).logits
