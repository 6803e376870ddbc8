"""Delta methods in PyTorch: what is put around a model, what trains, and how its tensors are called on disk."""

import copy
import json
import re
import warnings
from pathlib import Path
from typing import Callable

import torch
from peft import (
    AdaLoraConfig,
    IA3Config,
    LNTuningConfig,
    LoHaConfig,
    LoKrConfig,
    LoraConfig,
    ShiraConfig,
    VeraConfig,
)
from torch import nn
from transformers import PreTrainedModel

from bottleneck import NAME, Adapter, add_adapters
from cases import STEPS, Case
from families import Family, input_names
from fusion import Fusion, adapter_config, penalty, trained_before
from intrinsic import moved
from mix import Mixed
from prompt_methods import ipt, multitask_prompt, prefix, prompt, ptuning
from trained import HEAD_PARAMETER, Trained, from_peft, with_head
from weights import ALPHA_RATE, gated, masked


def attach(family: Family, model: PreTrainedModel, case: Case, seed: int) -> Trained:
    """A copy of `model` with the case's delta; everything but the trainables is frozen."""
    model = copy.deepcopy(model)
    model.requires_grad_(False)
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trained = METHODS[case.method["type"]](family, model, case)
    trained.parameters = dict(sorted(trained.parameters.items()))
    trainable = {id(p) for p in trained.module.parameters() if p.requires_grad}
    named = {id(p) for p in trained.parameters.values()}
    if trainable != named:
        raise RuntimeError(f"{family.name}/{case.name}: {len(trainable)} tensors train, {len(named)} have names")
    if case.trained_start:
        start_from_trained(trained)
    return trained


def start_from_trained(trained: Trained) -> None:
    """LoRA's B at something else than zero, as in an adapter trained before."""
    with torch.no_grad():
        for name, parameter in trained.parameters.items():
            if "lora_B" in name:
                parameter.normal_(std=0.05)


def full(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    model.requires_grad_(True)
    return Trained(model, dict(model.named_parameters()), None, "pytorch")


def head(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    # The language-model head of a model that answers by words; its output embedding is tied and stays.
    pattern = re.compile(r"^cls\.") if family.words else HEAD_PARAMETER
    parameters = {name: p for name, p in model.named_parameters() if pattern.search(name)}
    for parameter in parameters.values():
        parameter.requires_grad_(True)
    return Trained(model, parameters, None, "pytorch")


def lora(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    options = case.method
    config = LoraConfig(
        task_type="SEQ_CLS",
        r=options["rank"],
        lora_alpha=options["alpha"],
        lora_dropout=0.0,
        use_rslora=options["rankStabilized"],
        use_dora=options.get("dora", False),
        init_lora_weights=options["initialization"] if options.get("initialization") in {"pissa", "olora"} else True,
        target_modules=target_modules(family, model, options["targets"]),
    )
    return from_peft(model, config)


def target_modules(family: Family, model: nn.Module, targets: list[str]) -> list[str]:
    """Full module names of roles; the short names everybody uses where those are q and v."""
    if set(targets) == {"q", "v"}:
        return [family.modules[target].split(".")[-1] for target in targets]
    patterns = [re.compile(rf"(.*\.)?{family.modules[target]}") for target in targets]
    names = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    return [name for name in names if any(pattern.fullmatch(name) for pattern in patterns)]


def bitfit(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    chosen = {name: p for name, p in model.named_parameters() if name.endswith("bias") or HEAD_PARAMETER.search(name)}
    for parameter in chosen.values():
        parameter.requires_grad_(True)
    return Trained(model, chosen, None, "pytorch")


def ia3(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    """On keys and values, and on the inputs of both linears that end a sub-layer: PEFT's own choice for BERT."""
    config = IA3Config(
        task_type="SEQ_CLS",
        target_modules=target_modules(family, model, ["k", "v", "o", "ffn.out"]),
        feedforward_modules=target_modules(family, model, ["o", "ffn.out"]),
    )
    return from_peft(model, config)


def layernorm(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    norms = [name for name, module in model.named_modules() if isinstance(module, nn.LayerNorm)]
    return from_peft(model, LNTuningConfig(task_type="SEQ_CLS", target_modules=norms))


def kin(task: str, options: dict, modules: list[str]):
    """PEFT's configuration of one of LoRA's kin."""
    common = {"task_type": task, "r": options["rank"], "target_modules": modules}
    if options["type"] == "vera":
        return VeraConfig(
            **common, d_initial=options["initialScale"], projection_prng_key=options["projectionKey"]
        )
    if options["type"] == "loha":
        return LoHaConfig(**common, alpha=options["alpha"])
    return LoKrConfig(
        **common,
        alpha=options["alpha"],
        decompose_factor=options["factor"],
        decompose_both=options["decomposeBoth"],
    )


def of_kin(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    return from_peft(model, kin("SEQ_CLS", case.method, target_modules(family, model, case.method["targets"])))


def adalora_config(task: str, options: dict, modules: list[str]) -> AdaLoraConfig:
    return AdaLoraConfig(
        task_type=task,
        init_r=options["initialRank"],
        target_r=options["rank"],
        lora_alpha=options["alpha"],
        tinit=options["warmupSteps"],
        tfinal=options["finalSteps"],
        deltaT=options["interval"],
        orth_reg_weight=options["orthogonality"],
        total_step=STEPS,
        target_modules=modules,
    )


def with_budget(trained: Trained, weight: float) -> Trained:
    """PEFT's AdaLoRA with its term of the loss, which its forward adds only where the model computes the loss."""

    def penalty(module: nn.Module) -> torch.Tensor:
        norms = []
        for name, p in module.named_parameters():
            if "lora_A" in name or "lora_B" in name:
                gram = p @ p.T if "lora_A" in name else p.T @ p
                norms.append(torch.norm(gram - torch.eye(len(gram), dtype=gram.dtype), p="fro"))
        return weight * sum(norms) / len(norms)

    trained.penalty = penalty
    trained.after = lambda module, step: module.base_model.update_and_allocate(step)
    return trained


def adalora(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    modules = target_modules(family, model, case.method["targets"])
    return with_budget(from_peft(model, adalora_config("SEQ_CLS", case.method, modules)), case.method["orthogonality"])


def shira(task: str, options: dict, modules: list[str]) -> ShiraConfig:
    return ShiraConfig(task_type=task, r=options["rank"], random_seed=options["maskSeed"], target_modules=modules)


def sparse(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    return from_peft(model, shira("SEQ_CLS", case.method, target_modules(family, model, case.method["targets"])))


def mask(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    modules = target_modules(family, model, case.method["targets"])
    inside = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    full = [name for name in inside if any(name == short or name.endswith(f".{short}") for short in modules)]
    parameters = masked(model, [f"{name}.weight" for name in full], case.method)
    return with_head(model, parameters, dict(case.method))


def diff_pruning(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    names = [name for name, _ in model.named_parameters() if not HEAD_PARAMETER.search(name)]
    parameters, rules = gated(model, names, held_transposed(model), case.method, STEPS)
    trained = with_head(model, parameters, dict(case.method))
    trained.rules = rules
    trained.rates = {".alpha": (ALPHA_RATE, False), ".group": (ALPHA_RATE, False)}
    return trained


def said(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    names = [name for name, _ in model.named_parameters() if not HEAD_PARAMETER.search(name)]
    return with_head(model, moved(model, names, held_transposed(model), case.method), dict(case.method))


def held_transposed(model: nn.Module) -> set[str]:
    """A linear over tokens is exported transposed; the pooler's, over rows, is not."""
    return {
        f"{name}.weight" for name, module in model.named_modules() if isinstance(module, nn.Linear) and "pooler" not in name
    }


def adapter(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    linears = {role: target_modules(family, model, [role]) for role in ("o", "ffn.in", "ffn.out")}
    parameters = add_adapters(model, linears, case.method)
    for name, parameter in model.named_parameters():
        if HEAD_PARAMETER.search(name):
            parameters[name] = parameter
    for parameter in parameters.values():
        parameter.requires_grad_(True)
    return Trained(model, parameters, dict(case.method), "written-out")


def fuse(model: PreTrainedModel, linears: dict[str, list[str]], case: Case) -> Trained:
    """A fusion of the adapters that the case's shapes describe; without the head."""
    method, shapes = case.method, case.members
    width = model.config.hidden_size
    place = {"type": "fusion", "placement": shapes[0]["placement"]}

    def make(_: int, __: dict, ___) -> Fusion:
        return Fusion(width, [trained_before(Adapter(width, shape, None)) for shape in shapes])

    names = [path.rpartition("/")[2] for path in method["adapters"]]
    members = {path: (adapter_config(width, shape, name), {}) for path, shape, name in zip(method["adapters"], shapes, names)}
    parameters = {}
    for key, parameter in add_adapters(model, linears, place, make).items():
        module, _, part = key.partition(f".adapters.{NAME}.")
        if part.startswith("members."):
            _, index, rest = part.split(".", 2)
            path, name = method["adapters"][int(index)], names[int(index)]
            members[path][1][f"{module}.adapters.{name}.{rest}"] = parameter.detach().clone()
        else:
            parameter.requires_grad_(True)
            parameters[f"{module}.adapter_fusion_layer.{','.join(names)}.{part}"] = parameter
    weight = method["penalty"]
    return Trained(
        model,
        parameters,
        dict(method),
        "written-out",
        members=members,
        penalty=penalty(weight) if weight > 0 else None,
    )


def fusion(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    linears = {role: target_modules(family, model, [role]) for role in ("o", "ffn.in", "ffn.out")}
    trained = fuse(model, linears, case)
    for name, parameter in model.named_parameters():
        if HEAD_PARAMETER.search(name):
            parameter.requires_grad_(True)
            trained.parameters[name] = parameter
    return trained


def mixed(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    linears = {role: target_modules(family, model, [role]) for role in ("q", "v", "o", "ffn.in", "ffn.out")}
    module = Mixed(model, linears, case.method)
    parameters = dict(module.own_parameters)
    for name, parameter in model.named_parameters():
        if HEAD_PARAMETER.search(name):
            parameters[name] = parameter
    for parameter in parameters.values():
        parameter.requires_grad_(True)
    return Trained(module, parameters, dict(case.method), "written-out")


METHODS: dict[str, Callable[[Family, PreTrainedModel, Case], Trained]] = {
    "full": full,
    "head": head,
    "lora": lora,
    "prompt": prompt,
    "ptuning": ptuning,
    "multitaskPrompt": multitask_prompt,
    "ipt": ipt,
    "prefix": prefix,
    "bitfit": bitfit,
    "ia3": ia3,
    "layernorm": layernorm,
    "adalora": adalora,
    "vera": of_kin,
    "loha": of_kin,
    "lokr": of_kin,
    "adapter": adapter,
    "compacter": adapter,
    "fusion": fusion,
    "mam": mixed,
    "unipelt": mixed,
    "sparse": sparse,
    "mask": mask,
    "diffPruning": diff_pruning,
    "said": said,
}


def inputs_of(family: Family, batch) -> dict[str, torch.Tensor]:
    return {name: torch.tensor(batch.inputs[name]) for name in input_names(family)}


def write_adapter(trained: Trained, folder: Path, save: Callable) -> None:
    """The layout of a PEFT adapter, or of what `full` and `head` leave."""
    folder.mkdir(parents=True, exist_ok=True)
    if trained.config is None:
        save(trained.tensors(), folder / "model.safetensors")
        return
    save(trained.tensors(), folder / "adapter_model.safetensors")
    if trained.given:
        save(trained.given, folder / "encoder.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps(trained.config, indent=2) + "\n")
