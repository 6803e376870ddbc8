"""Multitask prompt tuning of one task: PEFT's wrapper told the task, and the same written out (Wang et al., 2023)."""

import torch
from peft import MultitaskPromptTuningConfig, get_peft_model
from torch import nn
from transformers import PreTrainedModel

from soft_prompt import with_prompt

DEVIATION = 0.02


class OfTask(nn.Module):
    """PEFT's model, always asked as its first task."""

    def __init__(self, wrapped: nn.Module):
        super().__init__()
        self.wrapped = wrapped

    def forward(self, **inputs):
        rows = next(iter(inputs.values())).shape[0]
        return self.wrapped(task_ids=torch.zeros(rows, dtype=torch.long), **inputs)


class TaskPrompt(nn.Module):
    """For the models that PEFT's prompts fail on, and for a T5, whose decoder inputs PEFT's multitask prompt drops."""

    def __init__(self, base_model: PreTrainedModel, virtual_tokens: int, rank: int):
        super().__init__()
        width = base_model.get_input_embeddings().embedding_dim
        self.prompt_embeddings = nn.Parameter(torch.randn(virtual_tokens, width))
        self.prefix_task_cols = nn.Parameter(torch.randn(1, virtual_tokens, rank) * DEVIATION)
        self.prefix_task_rows = nn.Parameter(torch.randn(1, rank, width) * DEVIATION)
        self.base_model = base_model

    def forward(self, input_ids, attention_mask, token_type_ids=None, **decoder):
        rows = self.prompt_embeddings * (self.prefix_task_cols[0] @ self.prefix_task_rows[0])
        inputs = with_prompt(self.base_model, rows, input_ids, attention_mask, token_type_ids)
        return self.base_model(**inputs, **decoder)


def task_config(task: str, model: PreTrainedModel, options: dict, layers: int, heads: int) -> MultitaskPromptTuningConfig:
    return MultitaskPromptTuningConfig(
        task_type=task,
        num_virtual_tokens=options["virtualTokens"],
        prompt_tuning_init="RANDOM",
        token_dim=model.get_input_embeddings().embedding_dim,
        num_layers=layers,
        num_attention_heads=heads,
        num_transformer_submodules=1,
        num_ranks=options["rank"],
        num_tasks=1,
    )


def in_peft(model: PreTrainedModel, config: MultitaskPromptTuningConfig) -> tuple[nn.Module, dict[str, nn.Parameter]]:
    """The module, and what of the prompt trains by the names in PEFT's files."""
    module = get_peft_model(model, config).eval()
    encoder = module.prompt_encoder["default"]
    return OfTask(module), {
        "prompt_embeddings": encoder.embedding.weight,
        "prefix_task_cols": encoder.prefix_task_cols,
        "prefix_task_rows": encoder.prefix_task_rows,
    }
