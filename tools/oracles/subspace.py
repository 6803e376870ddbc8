"""Intrinsic prompt tuning (Qin et al., 2021) written out: a prompt that a frozen decoder makes of one trained vector."""

import torch
from torch import nn
from transformers import PreTrainedModel

from soft_prompt import with_prompt


class Autoencoder(nn.Module):
    """Its second half, and the code that trains in the place of what its first half gave."""

    def __init__(self, dimension: int, hidden: int, virtual_tokens: int, width: int):
        super().__init__()
        self.vector = nn.Parameter(torch.randn(1, dimension))
        self.decoder = nn.Sequential(nn.Linear(dimension, hidden), nn.Tanh(), nn.Linear(hidden, virtual_tokens * width))
        self.decoder.requires_grad_(False)


class SubspacePrompt(nn.Module):
    def __init__(self, base_model: PreTrainedModel, options: dict):
        super().__init__()
        self.width = base_model.get_input_embeddings().embedding_dim
        self.prompt_autoencoder = Autoencoder(
            options["dimension"], options["decoderHiddenSize"], options["virtualTokens"], self.width
        )
        self.base_model = base_model

    def rows(self) -> torch.Tensor:
        return self.prompt_autoencoder.decoder(self.prompt_autoencoder.vector).reshape(-1, self.width)

    def forward(self, input_ids, attention_mask, token_type_ids=None, **decoder):
        inputs = with_prompt(self.base_model, self.rows(), input_ids, attention_mask, token_type_ids)
        return self.base_model(**inputs, **decoder)

    def given(self) -> dict[str, torch.Tensor]:
        """What does not train, by its names in files."""
        return {name: p.detach().clone() for name, p in self.named_parameters() if ".decoder." in name and name.startswith("prompt_autoencoder.")}
