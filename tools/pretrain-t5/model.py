"""The small T5 (v1.1 style: gated GELU, untied head) and how its weights start."""

import torch
from transformers import GenerationConfig, T5Config, T5ForConditionalGeneration

def config(vocabulary: int, width: int, heads: int, layers: int, feed_forward: int) -> T5Config:
    return T5Config(
        vocab_size=vocabulary,
        d_model=width,
        d_kv=width // heads,
        num_heads=heads,
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
        torch.nn.init.normal_(attention.q.weight, std=(5 / (attention.key_value_proj_dim * attention.d_model)) ** 0.5)
        attention.k.weight.copy_(attention.q.weight)
        torch.nn.init.orthogonal_(attention.v.weight)
        attention.o.weight.copy_(attention.v.weight.T)


def look_near(bias: torch.nn.Embedding, both_ways: bool) -> None:
    """
    Self-attention starts local: one head looks at the token before, one at the token after (in the decoder at
    the one before that), one at the nearest few, and the last anywhere. The queries' and keys' products start
    near 0, so the relative position biases `[buckets, heads]` alone decide; left at their own start, every
    head averages over the whole block, and nothing is learned from word order for millions of tokens.
    """
    later = bias.num_embeddings // 2 if both_ways else 0
    with torch.no_grad():
        bias.weight.zero_()
        bias.weight[1, 0] = 4.0
        bias.weight[later + 1 if both_ways else 2, 1] = 4.0
        for distance in range(1, 6):
            bias.weight[distance, 2] = 4.0 - 0.5 * distance
            bias.weight[later + distance, 2] = 4.0 - 0.5 * distance


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
    model.lm_head.weight = torch.nn.Parameter(vectors * 0.3 * settings.d_model**-0.5)
    model.config.tie_word_embeddings = False
    for block in model.decoder.block:
        look_alike(block.layer[1].EncDecAttention)
    look_near(model.encoder.block[0].layer[0].SelfAttention.relative_attention_bias, both_ways=True)
    look_near(model.decoder.block[0].layer[0].SelfAttention.relative_attention_bias, both_ways=False)
    for module in model.modules():
        if hasattr(module, "wi_0"):
            # The same function as Transformers' NewGELU, in one operation instead of eight.
            module.act = torch.nn.GELU(approximate="tanh")
    return model
