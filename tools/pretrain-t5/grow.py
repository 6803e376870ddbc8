"""
Makes a wider model out of a shipped one, to go on pretraining from.

    python grow.py --model public/models/t5-l3-h128 --out .cache/t5/start.pt
    python grow.py --model public/models/bert-l4-h128 --units 4 --out .cache/bert/start.pt

As in Net2Net (Chen et al. 2016) and bert2BERT (Chen et al. 2022): every hidden number and head stands twice, every unit of
the feed-forward layers `--units` times, and what reads the copies takes them in unequal shares that add to one. So the
function is the same, and the copies come apart when they train. Layers are not repeated: behind a norm there is no layer
that changes nothing, and with each of four layers twice the loss was that of a new model.
"""

import argparse
import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor
from transformers import AutoConfig, BertForMaskedLM, PreTrainedModel, T5ForConditionalGeneration

WIDTHS = {"bert": ("hidden_size", "num_attention_heads"), "t5": ("d_model", "num_heads")}
UNITS = {"bert": "intermediate_size", "t5": "d_ff"}


def tensors_of(file: Path, prefix: str = "") -> dict[str, Tensor]:
    """Weights by PyTorch's names: a product's is named after its node, and stands transposed."""
    graph = onnx.load(file).graph
    values = {entry.name: entry for entry in graph.initializer}
    # Half-precision weights are widened by a Cast of their own.
    behind = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Cast" and node.input[0] in values}
    found = {}
    for name, entry in values.items():
        if name.endswith((".weight", ".bias")):
            found[prefix + name] = numpy_helper.to_array(entry)
    for node in graph.node:
        if node.op_type != "MatMul":
            continue
        name = behind.get(node.input[1], node.input[1])
        if name in values and not name.endswith(".weight"):
            path = node.name.strip("/").removesuffix("/MatMul").replace("/", ".")
            found[f"{prefix}{path}.weight"] = numpy_helper.to_array(values[name]).T
    return {name: torch.from_numpy(np.array(value, np.float32)) for name, value in found.items()}


def small_of(folder: Path) -> PreTrainedModel:
    """The shipped model in PyTorch; every one of its weights must be found."""
    settings = AutoConfig.from_pretrained(folder)
    if settings.model_type == "bert":
        model = BertForMaskedLM._from_config(settings, attn_implementation="sdpa")
        state = tensors_of(folder / "model.onnx")
        state["cls.predictions.decoder.weight"] = state["bert.embeddings.word_embeddings.weight"]
        state["cls.predictions.decoder.bias"] = state["cls.predictions.bias"]
    else:
        model = T5ForConditionalGeneration._from_config(settings, attn_implementation="eager")
        model.lm_head.weight = torch.nn.Parameter(model.lm_head.weight.detach().clone())
        state = tensors_of(folder / "encoder_model.onnx", "encoder.") | tensors_of(folder / "decoder_model.onnx")
        state["encoder.embed_tokens.weight"] = state["decoder.embed_tokens.weight"] = state["shared.weight"]
    model.load_state_dict(state)
    return model


def shares(tensor: Tensor, copies: int, generator: torch.Generator) -> Tensor:
    """`[out, in]` to `[out, copies · in]`: each column so many times, in shares that add to one."""
    each = 1 + 0.4 * (torch.rand(copies, tensor.shape[1], generator=generator) - 0.5)
    return torch.cat([tensor * share for share in each / each.sum(0)], 1)


def widened(name: str, tensor: Tensor, units: int, generator: torch.Generator) -> Tensor:
    """A weight of the wider model."""
    if name in ("cls.predictions.bias", "cls.predictions.decoder.bias"):
        return tensor
    # The tied table of words is read by both copies: what it is multiplied with is halved.
    if name.startswith("cls.predictions.transform.LayerNorm"):
        return tensor.repeat(2) / 2
    if name == "lm_head.weight":
        return shares(tensor, 2, generator)
    into_units = "intermediate" in name or ".wi_" in name
    from_units = re.search(r"layer\.\d+\.output\.dense\.weight|\.wo\.", name) is not None
    if tensor.dim() == 1:
        return tensor.repeat(units if into_units else 2)
    if re.search("embed|shared|relative_attention_bias|predictions.decoder", name):
        return tensor.repeat(1, 2)
    return shares(tensor.repeat(units if into_units else 2, 1), units if from_units else 2, generator)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--units", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    small = small_of(args.model).eval()
    settings = small.config
    generator = torch.Generator().manual_seed(args.seed)
    state = {name: widened(name, tensor, args.units, generator) for name, tensor in small.state_dict().items()}
    if settings.model_type == "bert":
        state["cls.predictions.decoder.weight"] = state["bert.embeddings.word_embeddings.weight"]
    ids = torch.randint(200, 8000, (2, 9))
    with torch.no_grad():
        before = small(input_ids=ids, **({} if settings.model_type == "bert" else {"decoder_input_ids": ids})).logits
    for key in WIDTHS[settings.model_type]:
        setattr(settings, key, 2 * getattr(settings, key))
    setattr(settings, UNITS[settings.model_type], args.units * getattr(settings, UNITS[settings.model_type]))
    large = type(small)._from_config(settings, attn_implementation="eager").eval()
    if settings.model_type == "t5":
        large.lm_head.weight = torch.nn.Parameter(large.lm_head.weight.detach().clone())
    large.load_state_dict(state)
    with torch.no_grad():
        after = large(input_ids=ids, **({} if settings.model_type == "bert" else {"decoder_input_ids": ids})).logits
    print(sum(p.numel() for p in large.parameters()), "parameters; logits differ by at most", float((after - before).abs().max()))
    torch.save({"model": state, "config": settings.to_dict()}, args.out)


if __name__ == "__main__":
    main()
