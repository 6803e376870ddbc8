"""A small BERT for filling masks, and how its weights start."""

import torch
from torch import Tensor
from transformers import BertConfig, BertForMaskedLM

POSITIONS = 128


def config(vocabulary: int, width: int, layers: int, heads: int) -> BertConfig:
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=4 * width,
        max_position_embeddings=POSITIONS,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=0,
    )


def build(settings: BertConfig, vectors: Tensor, seed: int) -> BertForMaskedLM:
    """Word embeddings start as `vectors` `[vocabulary, width]`, of root mean square 1, at a scale of 0.1."""
    torch.manual_seed(seed)
    model = BertForMaskedLM._from_config(settings, attn_implementation="sdpa")
    with torch.no_grad():
        model.bert.embeddings.word_embeddings.weight.copy_(vectors * 0.1)
    return model


def words_of(model: BertForMaskedLM, ids: Tensor, chosen: Tensor) -> Tensor:
    """Logits at the chosen places only, `[chosen, vocabulary]`: the table of words is most of the arithmetic."""
    hidden = model.bert(input_ids=ids).last_hidden_state
    return model.cls(hidden[chosen])
