"""A model of PyTorch that is ready to train, and what files call its tensors."""

import json
import re
from dataclasses import dataclass, field
from typing import Callable

import torch
from peft import get_peft_model
from peft.utils import get_peft_model_state_dict
from torch import nn
from transformers import PreTrainedModel

HEAD_PARAMETER = re.compile(r"(^|\.)\w*(classifier|score)\.")


@dataclass
class Trained:
    """A model ready to train and the names its trainable tensors have in files."""

    module: nn.Module
    # File name to parameter: PEFT's adapter names, Hugging Face's for `full` and `head`.
    parameters: dict[str, nn.Parameter]
    # adapter_config.json, or None for methods that are no adapter.
    config: dict | None
    # Who computed it: PEFT, plain PyTorch, or a reference written out here.
    reference: str

    # What training does beside following the gradient of the loss (weights.DiffPruning); called with copies' modules.
    rules: object | None = None
    # Learning rate of a tensor as a multiple of the schedule's, and whether it decays, by the end of its name.
    rates: dict[str, tuple[float, bool]] = field(default_factory=dict)

    # What files hold in the place of an encoder: the rows it gives, called so that copies give their own.
    baked: Callable[[nn.Module], torch.Tensor] | None = None

    # Frozen tensors that lie beside what a run starts from, by their names there.
    given: dict[str, torch.Tensor] = field(default_factory=dict)
    # Adapters that were trained before, by the folder they go to: description and tensors.
    members: dict[str, tuple[dict, dict[str, torch.Tensor]]] = field(default_factory=dict)

    # A term of the loss beside the task's, and what follows the optimizer's step n (from 1).
    penalty: Callable[[nn.Module], torch.Tensor] | None = None
    after: Callable[[nn.Module, int], None] | None = None

    def tensors(self) -> dict[str, torch.Tensor]:
        return {name: parameter.detach().clone().contiguous() for name, parameter in self.parameters.items()}


def with_head(model: PreTrainedModel, parameters: dict[str, nn.Parameter], config: dict) -> Trained:
    for name, parameter in model.named_parameters():
        if HEAD_PARAMETER.search(name):
            parameter.requires_grad_(True)
            parameters[name] = parameter
    return Trained(model, parameters, config, "written-out")


def from_peft(model: PreTrainedModel, config) -> Trained:
    """PEFT's wrapper, with the parameters under the names its own files use."""
    module = get_peft_model(model, config).eval()
    saved = get_peft_model_state_dict(module)
    trainable = [(name, p) for name, p in module.named_parameters() if p.requires_grad]
    encoder = sum(name.startswith("prompt_encoder.") for name, _ in trainable) > 1
    parameters = {file_name(name, encoder): parameter for name, parameter in trainable}
    # Of an encoder PEFT saves what it gives; it trains, and is named, by its own weights.
    if encoder:
        del saved["prompt_embeddings"]
        saved |= {name: p.detach() for name, p in parameters.items() if name.startswith("prompt_encoder.")}
    # VeRA saves its frozen pair beside what trains, SHiRA its places.
    frozen = re.compile(r"base_model\.vera_[AB]|.*\.shira_indices")
    saved = {name: tensor for name, tensor in saved.items() if not frozen.fullmatch(name)}
    missing = set(saved) ^ set(parameters)
    if missing:
        raise RuntimeError(f"PEFT saves other tensors than those that train: {sorted(missing)}")
    for name, tensor in saved.items():
        if not torch.equal(tensor, parameters[name].detach()):
            raise RuntimeError(f"PEFT saves something else as {name}")
    return Trained(module, parameters, plain(module.peft_config["default"].to_dict()), "peft")


def file_name(name: str, encoder: bool = False) -> str:
    """PEFT's parameter name as its adapter files have it; an encoder's as the module has it."""
    if name.startswith("prompt_encoder.default.embedding.") and not encoder:
        return "prompt_embeddings"
    name = name.replace("lora_magnitude_vector.default.weight", "lora_magnitude_vector")
    return name.replace(".modules_to_save.default", "").replace(".default", "")


def plain(config: dict) -> dict:
    """A configuration as JSON takes it: enums by value, sets in order, nothing of the machine."""

    def value(item):
        if isinstance(item, set):
            return sorted(item)
        if isinstance(item, dict):
            return {key: value(child) for key, child in item.items()}
        return getattr(item, "value", item)

    result = {key: value(item) for key, item in sorted(config.items())}
    result["base_model_name_or_path"] = None
    result["inference_mode"] = True
    return json.loads(json.dumps(result))
