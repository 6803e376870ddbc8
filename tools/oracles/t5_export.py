"""ONNX export of a T5 as optimum does it: names of inputs and outputs, dynamic batch and lengths."""

import copy
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn
from transformers import PreTrainedModel

from export import write_config
from t5_families import T5Family

ENCODER_INPUTS = ["input_ids", "attention_mask"]
DECODER_INPUTS = ["encoder_attention_mask", "input_ids", "encoder_hidden_states"]
AXES = {
    "input_ids": {0: "batch_size", 1: "decoder_sequence_length"},
    "encoder_attention_mask": {0: "batch_size", 1: "encoder_sequence_length"},
    "encoder_hidden_states": {0: "batch_size", 1: "encoder_sequence_length"},
    "logits": {0: "batch_size", 1: "decoder_sequence_length"},
}


def export_t5(family: T5Family, model: PreTrainedModel, folder: Path) -> dict:
    """Writes the two .onnx files, config.json and generation_config.json; returns how, with the difference."""
    folder.mkdir(parents=True, exist_ok=True)
    write_encoder(model, folder / "encoder_model.onnx", family.opset)
    if family.merged:
        # Imported here, since it builds on this file.
        from t5_merged import write_merged

        write_merged(model, folder / "decoder_model_merged.onnx", family.opset)
    else:
        write_decoder(model, folder / "decoder_model.onnx", family.opset)
    write_config(model, folder)
    text = model.generation_config.to_json_string()
    (folder / "generation_config.json").write_text(text if text.endswith("\n") else text + "\n")
    return {
        "exporter": "torchscript",
        "attention": family.attention,
        "opset": family.opset,
        "inputs": {"encoder": ENCODER_INPUTS, "decoder": DECODER_INPUTS},
        "output": "logits",
        "largestDifference": difference(model, folder, merged=family.merged),
    }


def example(model: PreTrainedModel, rows: int = 2, source: int = 7, target: int = 5) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    size = model.config.vocab_size
    mask = torch.ones(rows, source, dtype=torch.long)
    mask[-1, source // 2 :] = 0
    return {
        "input_ids": torch.randint(3, size, (rows, source), generator=generator),
        "attention_mask": mask,
        "decoder_input_ids": torch.randint(3, size, (rows, target), generator=generator),
    }


def write_encoder(model: PreTrainedModel, path: Path, opset: int) -> None:
    """The encoder's own module is the root, so its names lack `encoder.`, as in optimum's files."""
    encoder = copy.deepcopy(model.encoder)
    original = encoder.forward
    encoder.forward = lambda input_ids, attention_mask: original(
        input_ids=input_ids, attention_mask=attention_mask
    ).last_hidden_state
    values = example(model)
    axes = {name: {0: "batch_size", 1: "encoder_sequence_length"} for name in [*ENCODER_INPUTS, "last_hidden_state"]}
    trace(encoder, [values[name] for name in ENCODER_INPUTS], path, ENCODER_INPUTS, ["last_hidden_state"], axes, opset)


def write_decoder(model: PreTrainedModel, path: Path, opset: int) -> None:
    """Decoder and head without a cache: what teacher forcing runs."""
    decoder = copy.deepcopy(model)
    # The encoder is in the other file.
    decoder.encoder = nn.Identity()

    def forward(encoder_attention_mask, input_ids, encoder_hidden_states):
        hidden = decoder.decoder(
            input_ids=input_ids,
            encoder_hidden_states=encoder_hidden_states,
            encoder_attention_mask=encoder_attention_mask,
            use_cache=False,
        ).last_hidden_state
        if model.config.tie_word_embeddings:
            hidden = hidden * model.config.d_model**-0.5
        return decoder.lm_head(hidden)

    decoder.forward = forward
    values = example(model)
    hidden = torch.randn(*values["input_ids"].shape, model.config.d_model, generator=torch.Generator().manual_seed(4))
    inputs = [values["attention_mask"], values["decoder_input_ids"], hidden]
    trace(decoder, inputs, path, DECODER_INPUTS, ["logits"], AXES, opset)


def trace(module: nn.Module, inputs: list, path: Path, names: list[str], outputs: list[str], axes: dict, opset: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            tuple(inputs),
            str(path),
            input_names=names,
            output_names=outputs,
            dynamic_axes={name: axes[name] for name in [*names, *outputs]},
            opset_version=opset,
            dynamo=False,
        )


def run_files(folder: Path, values: dict[str, np.ndarray], config, merged: bool) -> np.ndarray:
    """Logits of the two files in onnxruntime; of a merged decoder, what its branch without a cache says."""
    providers = ["CPUExecutionProvider"]
    encoder = onnxruntime.InferenceSession(str(folder / "encoder_model.onnx"), providers=providers)
    hidden = encoder.run(None, {name: values[name] for name in ENCODER_INPUTS})[0]
    name = "decoder_model_merged.onnx" if merged else "decoder_model.onnx"
    session = onnxruntime.InferenceSession(str(folder / name), providers=providers)
    inputs = {
        "encoder_attention_mask": values["attention_mask"],
        "input_ids": values["decoder_input_ids"],
        "encoder_hidden_states": hidden,
    }
    for wanted in session.get_inputs():
        if wanted.name.startswith("past_key_values"):
            length = hidden.shape[1] if ".encoder." in wanted.name else 0
            inputs[wanted.name] = np.zeros((len(hidden), config.num_heads, length, config.d_kv), np.float32)
    if merged:
        inputs["use_cache_branch"] = np.array([False])
    return session.run(["logits"], inputs)[0]


def difference(model: PreTrainedModel, folder: Path, limit: float = 1e-4, merged: bool = False) -> float:
    """The files in onnxruntime against PyTorch, at a batch and lengths the export did not see."""
    values = example(model, rows=3, source=11, target=8)
    with torch.no_grad():
        expected = model(**values).logits.numpy()
    actual = run_files(folder, {name: value.numpy() for name, value in values.items()}, model.config, merged)
    largest = float(np.abs(actual - expected).max())
    if largest > limit:
        raise RuntimeError(f"{folder}: onnxruntime and PyTorch differ by {largest}")
    return largest
