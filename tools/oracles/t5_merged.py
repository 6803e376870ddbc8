"""
A merged decoder as optimum writes it: one `If` on `use_cache_branch` between a decoder that continues from cached
keys and values (then) and one that starts from nothing (else), with the weights outside both.
"""

import copy
from pathlib import Path

import onnx
import torch
from onnx import helper
from torch import nn
from transformers import DynamicCache, EncoderDecoderCache, PreTrainedModel

from t5_export import AXES, DECODER_INPUTS, example, trace

PAST = {0: "batch_size", 2: "past_decoder_sequence_length"}
CROSS = {0: "batch_size", 2: "encoder_sequence_length"}
GROWN = {0: "batch_size", 2: "past_decoder_sequence_length + decoder_sequence_length"}


def cache_names(prefix: str, layers: int) -> list[str]:
    parts = [f"{stack}.{part}" for stack in ("decoder", "encoder") for part in ("key", "value")]
    return [f"{prefix}.{layer}.{part}" for layer in range(layers) for part in parts]


def write_merged(model: PreTrainedModel, path: Path, opset: int) -> None:
    layers = model.config.num_decoder_layers
    outputs = ["logits", *cache_names("present", layers)]
    pasts = cache_names("past_key_values", layers)
    axes = AXES | {name: CROSS if ".encoder." in name else PAST for name in pasts}
    axes |= {name: CROSS if ".encoder." in name else GROWN for name in outputs[1:]}
    decoder = copy.deepcopy(model)
    decoder.encoder = nn.Identity()
    values = example(model)
    hidden = torch.randn(*values["input_ids"].shape, model.config.d_model, generator=torch.Generator().manual_seed(4))
    mask, ids = values["attention_mask"], values["decoder_input_ids"]

    def run(mask, ids, hidden, cache):
        states = decoder.decoder(
            input_ids=ids, encoder_hidden_states=hidden, encoder_attention_mask=mask, past_key_values=cache, use_cache=True
        ).last_hidden_state
        if model.config.tie_word_embeddings:
            states = states * model.config.d_model**-0.5
        flat = [decoder.lm_head(states)]
        for own, cross in zip(cache.self_attention_cache.layers, cache.cross_attention_cache.layers):
            flat += [own.keys, own.values, cross.keys, cross.values]
        return tuple(flat)

    def first(encoder_attention_mask, input_ids, encoder_hidden_states):
        cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
        return run(encoder_attention_mask, input_ids, encoder_hidden_states, cache)

    def later(encoder_attention_mask, input_ids, *past):
        own, cross = DynamicCache(), DynamicCache()
        for layer in range(layers):
            own.update(past[4 * layer], past[4 * layer + 1], layer)
            cross.update(past[4 * layer + 2], past[4 * layer + 3], layer)
        # Cached cross-attention reads nothing of these but that they are there.
        hidden = encoder_attention_mask[..., None].float().expand(-1, -1, model.config.d_model)
        return run(encoder_attention_mask, input_ids, hidden, EncoderDecoderCache(own, cross))

    decoder.forward = first
    temporary = path.with_name("no_past.onnx"), path.with_name("with_past.onnx")
    trace(decoder, [mask, ids, hidden], temporary[0], DECODER_INPUTS, outputs, axes, opset)
    with torch.no_grad():
        past = list(first(mask, ids, hidden)[1:])
    decoder.forward = later
    trace(decoder, [mask, ids[:, :1], *past], temporary[1], [*DECODER_INPUTS[:2], *pasts], outputs, axes, opset)
    merge(*(onnx.load(str(file)) for file in temporary), path)
    for file in temporary:
        file.unlink()


def merge(first: onnx.ModelProto, later: onnx.ModelProto, path: Path) -> None:
    branches, weights, seen = [], [], {}
    for model, name in ((first, "no_past"), (later, "with_past")):
        graph = model.graph
        aliases = []
        for weight in graph.initializer:
            key = (weight.data_type, tuple(weight.dims), weight.raw_data)
            if key not in seen:
                seen[key] = f"{weight.name}_merged_{len([w for w in weights if w.name.startswith(weight.name + '_merged_')])}"
                weights.append(copy.deepcopy(weight))
                weights[-1].name = seen[key]
            aliases.append(helper.make_node("Identity", [seen[key]], [weight.name], name=f"Alias_{name}_{weight.name}"))
        branches.append(helper.make_graph([*aliases, *graph.node], name, [], list(graph.output)))
    inputs = {value.name: value for value in [*first.graph.input, *later.graph.input]}
    outputs = list(later.graph.output)
    choice = helper.make_tensor_value_info("use_cache_branch", onnx.TensorProto.BOOL, [1])
    node = helper.make_node(
        "If",
        ["use_cache_branch"],
        [value.name for value in outputs],
        name="optimum::if",
        else_branch=branches[0],
        then_branch=branches[1],
    )
    graph = helper.make_graph([node], "merged", [*inputs.values(), choice], outputs, weights)
    merged = helper.make_model(graph, opset_imports=first.opset_import, producer_name="optimum-onnx")
    merged.ir_version = first.ir_version
    onnx.checker.check_model(merged, full_check=False)
    onnx.save(merged, str(path))
