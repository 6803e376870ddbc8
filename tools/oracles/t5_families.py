"""The tiny T5s of the fixtures: an encoder file and a decoder file each, as optimum exports them."""

from dataclasses import dataclass, field

import torch
from torch import nn
from transformers import GenerationConfig, PreTrainedModel, T5Config, T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5LayerNorm

VOCAB = 96
MODULES = {
    "q": r"(Self|EncDec)Attention\.q",
    "k": r"(Self|EncDec)Attention\.k",
    "v": r"(Self|EncDec)Attention\.v",
    "o": r"(Self|EncDec)Attention\.o",
    "ffn.out": r"DenseReluDense\.wo",
}


@dataclass(frozen=True)
class T5Family:
    """One folder of fixtures."""

    name: str
    seed: int
    options: dict
    opset: int
    attention: str = "eager"
    # Whether the decoder is also written with its branches for generation merged into one `If`.
    merged: bool = False
    modules: dict = field(default_factory=lambda: MODULES)
    # As the other families have them.
    task: str = "text2text"
    labels: int | None = None
    fresh_head: bool = False

    @property
    def tied(self) -> bool:
        return self.options["tie_word_embeddings"]


COMMON = dict(
    vocab_size=VOCAB,
    dropout_rate=0.0,
    # Few buckets and a short reach, so that short texts use all of both.
    relative_attention_num_buckets=8,
    relative_attention_max_distance=12,
    pad_token_id=0,
    eos_token_id=1,
    decoder_start_token_id=0,
)

T5_FAMILIES = [
    T5Family(
        "t5",
        seed=31,
        options=COMMON
        | dict(d_model=24, d_kv=6, num_heads=4, d_ff=40, num_layers=2, num_decoder_layers=2)
        | dict(feed_forward_proj="relu", tie_word_embeddings=True),
        opset=18,
    ),
    T5Family(
        "t5-gated",
        seed=32,
        options=COMMON
        | dict(d_model=20, d_kv=8, num_heads=3, d_ff=28, num_layers=2, num_decoder_layers=2)
        | dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False),
        opset=14,
        attention="sdpa",
    ),
    T5Family(
        "t5-merged",
        seed=33,
        options=COMMON
        | dict(d_model=16, d_kv=4, num_heads=4, d_ff=32, num_layers=1, num_decoder_layers=2)
        | dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False),
        opset=17,
        merged=True,
    ),
]


def build_t5(family: T5Family) -> PreTrainedModel:
    torch.manual_seed(family.seed)
    config = T5Config(**family.options)
    model = T5ForConditionalGeneration._from_config(config, attn_implementation=family.attention)
    if not family.tied:
        # Transformers 5 ties every T5's head when it makes one, whatever the configuration says.
        model.lm_head.weight = nn.Parameter(torch.empty_like(model.shared.weight))
        model.config.tie_word_embeddings = False
    model.generation_config = GenerationConfig(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    randomise(model, family)
    return model.eval()


def randomise(model: PreTrainedModel, family: T5Family) -> None:
    """Weights large enough that attention is not uniform and no gradient drowns in rounding."""
    generator = torch.Generator().manual_seed(family.seed)

    def normal(parameter: nn.Parameter, deviation: float, mean: float = 0.0) -> None:
        parameter.data = mean + deviation * torch.randn(parameter.shape, generator=generator)

    for name, module in model.named_modules():
        if name == "lm_head" and family.tied:
            continue  # the shared table
        if isinstance(module, nn.Linear):
            # T5 does not scale the product of queries and keys, so the queries are to be small.
            small = module.in_features**0.25 if name.endswith(".q") else 1.0
            normal(module.weight, 1.0 / module.in_features**0.5 / small)
        elif isinstance(module, nn.Embedding):
            normal(module.weight, 1.0 if family.tied or "relative" in name else 0.7)
        elif isinstance(module, T5LayerNorm):
            normal(module.weight, 0.15, mean=1.0)
