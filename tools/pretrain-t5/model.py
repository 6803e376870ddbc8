"""The small T5 (v1.1 style: gated GELU, untied head) and how its weights start."""

import torch
from transformers import GenerationConfig, T5Config, T5ForConditionalGeneration

WIDTH, HEADS = 128, 4


def config(vocabulary: int, layers: int, feed_forward: int) -> T5Config:
    return T5Config(
        vocab_size=vocabulary,
        d_model=WIDTH,
        d_kv=WIDTH // HEADS,
        num_heads=HEADS,
        d_ff=feed_forward,
        num_layers=layers,
        num_decoder_layers=layers,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.0,
        tie_word_embeddings=False,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )


def look_alike(attention: torch.nn.Module) -> None:
    """
    Cross-attention starts by looking for what resembles the query and passing it on: keys' weights equal to
    queries', the output's the transpose of the values' (after Trockman and Kolter 2023, "Mimetic
    initialization of self-attention layers"). A sentinel then finds its place in the source from the first
    step, which the model otherwise needs millions of tokens to learn.
    """
    with torch.no_grad():
        # A token's product with itself is then about 5, with others about 0 ± 1.
        torch.nn.init.normal_(attention.q.weight, std=0.035)
        attention.k.weight.copy_(attention.q.weight)
        torch.nn.init.orthogonal_(attention.v.weight)
        attention.o.weight.copy_(attention.v.weight.T)


def build(settings: T5Config, vectors: torch.Tensor, seed: int) -> T5ForConditionalGeneration:
    """
    Embeddings start as `vectors` (root mean square 1, as T5's own), the head as the same vectors at a scale
    at which logits start small. T5's own start gives the head deviation 1 and logits of deviation 11.
    """
    torch.manual_seed(seed)
    model = T5ForConditionalGeneration._from_config(settings, attn_implementation="eager")
    model.generation_config = GenerationConfig(pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    with torch.no_grad():
        model.shared.weight.copy_(vectors)
    # Transformers 5 ties every T5's head when it makes one, whatever the configuration says.
    model.lm_head.weight = torch.nn.Parameter(vectors * 0.3 * WIDTH**-0.5)
    model.config.tie_word_embeddings = False
    for block in model.decoder.block:
        look_alike(block.layer[1].EncDecAttention)
    for module in model.modules():
        if hasattr(module, "wi_0"):
            # The same function as Transformers' NewGELU, in one operation instead of eight.
            module.act = torch.nn.GELU(approximate="tanh")
    return model
