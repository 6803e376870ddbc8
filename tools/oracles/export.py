"""ONNX export as optimum does it: input and output names, dynamic batch and sequence, no machine paths."""

import copy
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from transformers import PreTrainedModel

from batches import Batch
from families import Family, input_names

# What recovering module names from a dynamo export needs; everything else it records is about the machine.
KEPT_METADATA = ("pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy")


def export(family: Family, model: PreTrainedModel, example: Batch, folder: Path) -> dict:
    """Writes model.onnx and config.json; returns how, with the largest difference from PyTorch."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "model.onnx"
    names = input_names(family)
    inputs = {name: torch.tensor(example.inputs[name]) for name in names}
    if family.dynamo:
        export_dynamo(model, inputs, path, family)
    else:
        axes = {name: {0: "batch_size", 1: "sequence_length"} for name in names}
        axes[family.output] = {0: "batch_size"} | ({1: "sequence_length"} if family.exported else {})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                named_forward(model, names, family.output),
                tuple(inputs.values()),
                str(path),
                input_names=names,
                output_names=[family.output],
                dynamic_axes=axes,
                opset_version=family.opset,
                dynamo=False,
            )
    write_config(model, folder)
    return {
        "exporter": "dynamo" if family.dynamo else "torchscript",
        "attention": family.attention,
        "opset": family.opset,
        "inputs": names,
        "output": family.output,
        "largestDifference": difference(path, model, family, names),
    }


def named_forward(model: PreTrainedModel, names: list[str], output: str) -> PreTrainedModel:
    """A copy whose forward has these inputs and this output only, as optimum patches models for tracing."""
    model = copy.deepcopy(model)
    original = model.forward

    def forward(*values):
        return getattr(original(**dict(zip(names, values))), output)

    model.forward = forward
    return model


def export_dynamo(model: PreTrainedModel, inputs: dict, path: Path, family: Family) -> None:
    batch, length = torch.export.Dim("batch_size"), torch.export.Dim("sequence_length")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            model,
            (),
            kwargs=inputs,
            input_names=list(inputs),
            output_names=[family.output],
            dynamic_shapes={name: {0: batch, 1: length} for name in inputs},
            opset_version=family.opset,
            dynamo=True,
            verbose=False,
        )
    proto = program.model_proto
    strip(proto)
    onnx.save(proto, str(path))


def strip(proto: onnx.ModelProto) -> None:
    """Stack traces name files of the exporting machine."""
    graphs = [proto.graph, *proto.functions]
    for graph in graphs:
        for node in graph.node:
            kept = [entry for entry in node.metadata_props if entry.key in KEPT_METADATA]
            node.ClearField("metadata_props")
            node.metadata_props.extend(kept)
            node.ClearField("doc_string")
    for value in [*proto.graph.value_info, *proto.graph.input, *proto.graph.output, *proto.graph.initializer]:
        value.ClearField("metadata_props")
    proto.graph.ClearField("metadata_props")
    proto.ClearField("metadata_props")


def write_config(model: PreTrainedModel, folder: Path) -> None:
    model.config.architectures = [type(model).__name__]
    text = model.config.to_json_string(use_diff=False)
    (folder / "config.json").write_text(text if text.endswith("\n") else text + "\n")


def difference(path: Path, model: PreTrainedModel, family: Family, names: list[str]) -> float:
    """The file in onnxruntime against PyTorch, at a batch and length the export did not see."""
    rng = np.random.default_rng(5)
    ids = rng.integers(5, model.config.vocab_size, (3, 7))
    mask = np.array([[1] * 7, [1] * 5 + [0] * 2, [1] * 2 + [0] * 5])
    types = np.array([[0] * 3 + [1] * 4] * 3)
    values = dict(zip(["input_ids", "attention_mask", "token_type_ids"], (ids, mask, types)))
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    actual = session.run([family.output], {name: values[name] for name in names})[0]
    with torch.no_grad():
        expected = getattr(model(**{name: torch.tensor(values[name]) for name in names}), family.output).numpy()
    attended = np.ones(expected.shape, bool) if expected.ndim == 2 else mask[..., None].astype(bool)
    largest = float(np.abs(np.where(attended, actual - expected, 0)).max())
    if largest > 1e-4:
        raise RuntimeError(f"{path}: onnxruntime and PyTorch differ by {largest}")
    return largest
