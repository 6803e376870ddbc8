"""Delta methods on a T5 in PyTorch: PEFT's where it has them, written out where it does not."""

import copy
import re
import warnings
from typing import Callable

import torch
from peft import IA3Config, LNTuningConfig, LoraConfig, PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig
from torch import nn
from transformers import PreTrainedModel, T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5LayerNorm

from bottleneck import add_adapters
from cases import STEPS, Case
from intrinsic import moved
from mix import T5Mixed
from methods import adalora_config, fuse, kin, shira, start_from_trained, with_budget
from trained import Trained, from_peft, plain
from prompt_methods import with_decoder, with_encoder
from subspace import SubspacePrompt
from t5_families import T5Family
from task_prompt import TaskPrompt, task_config
from t5_prefix import T5Prefix
from weights import ALPHA_RATE, gated, masked

TASK = "SEQ_2_SEQ_LM"
# PEFT 0.21 looks for this method, which Transformers 5 no longer has; only generation would call it.
if not hasattr(T5ForConditionalGeneration, "_prepare_encoder_decoder_kwargs_for_generation"):
    T5ForConditionalGeneration._prepare_encoder_decoder_kwargs_for_generation = None


def attach_t5(family: T5Family, model: PreTrainedModel, case: Case, seed: int) -> Trained:
    """A copy of `model` with the case's delta; everything but the trainables is frozen."""
    model = copy.deepcopy(model)
    model.requires_grad_(False)
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trained = T5_METHODS[case.method["type"]](family, model, case)
    trained.parameters = dict(sorted(trained.parameters.items()))
    trainable = {id(p) for p in trained.module.parameters() if p.requires_grad}
    named = {id(p) for p in trained.parameters.values()}
    if trainable != named:
        raise RuntimeError(f"{family.name}/{case.name}: {len(trainable)} tensors train, {len(named)} have names")
    if case.trained_start:
        start_from_trained(trained)
    return trained


def linears(family: T5Family, model: nn.Module, targets: list[str]) -> list[str]:
    """Full names of the modules that have one of the roles."""
    patterns = [re.compile(rf".*\.{family.modules[target]}") for target in targets]
    names = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    return [name for name in names if any(pattern.fullmatch(name) for pattern in patterns)]


def lora_targets(family: T5Family, model: nn.Module, targets: list[str]) -> list[str]:
    """The short names everybody uses where those do; full names where a role names stack and attention too."""
    if set(targets) <= {"q", "k", "v", "o"}:
        return targets
    names = {"self": "SelfAttention", "cross": "EncDecAttention"}
    patterns = []
    for target in targets:
        stack, attention, part = target.split(".")
        patterns.append(re.compile(rf"{stack}\.block\.\d+\.layer\.\d+\.{names[attention]}\.{part}"))
    return [name for name, _ in model.named_modules() if any(pattern.fullmatch(name) for pattern in patterns)]


def unfreeze(model: PreTrainedModel, chosen: Callable[[str], bool]) -> Trained:
    parameters = {name: parameter for name, parameter in model.named_parameters() if chosen(name)}
    for parameter in parameters.values():
        parameter.requires_grad_(True)
    return Trained(model, parameters, None, "pytorch")


def full(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    return unfreeze(model, lambda name: True)


def head(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    """The language-model head, where it is a parameter of its own."""
    return unfreeze(model, lambda name: name == "lm_head.weight")


def last_layer(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    """Linears and normalisations of the last layer of one stack."""
    stack = case.method["stack"]
    last = len(getattr(model, stack).block) - 1
    inside = f"{stack}.block.{last}."
    return unfreeze(model, lambda name: name.startswith(inside) and "relative_attention_bias" not in name)


def lora(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    options = case.method
    config = LoraConfig(
        task_type=TASK,
        r=options["rank"],
        lora_alpha=options["alpha"],
        lora_dropout=0.0,
        use_rslora=options["rankStabilized"],
        target_modules=lora_targets(family, model, options["targets"]),
    )
    return from_peft(model, config)


def prompt(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    """Before the encoder's input. One sub-module: with PEFT's default of two, half of the rows never train."""
    config = PromptTuningConfig(
        task_type=TASK,
        num_virtual_tokens=case.method["virtualTokens"],
        prompt_tuning_init="SAMPLE_VOCAB",
        token_dim=model.config.d_model,
        num_layers=model.config.num_layers,
        num_attention_heads=model.config.num_heads,
        num_transformer_submodules=1,
    )
    return from_peft(model, config)


def prefix(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    places = case.method.get("placements")
    count = case.method["virtualTokens"]
    if places is None:
        config = PrefixTuningConfig(
            task_type=TASK,
            num_virtual_tokens=count,
            # The keys' width, which PEFT takes for the model's.
            token_dim=model.config.num_heads * model.config.d_kv,
            num_layers=model.config.num_decoder_layers,
            num_attention_heads=model.config.num_heads,
            # PEFT knows an encoder-decoder by this; the decoder alone has a prefix.
            num_transformer_submodules=2,
            prefix_projection=case.method.get("projection", False),
            encoder_hidden_size=case.method.get("encoderHiddenSize"),
        )
        trained = from_peft(model, config)
        return with_encoder(trained, count) if config.prefix_projection else trained
    module = T5Prefix(model, count, tuple(places))
    return Trained(module, {f"{place}_prefix": module.prefixes[place] for place in places}, dict(case.method), "written-out")


def ptuning(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    """Before the encoder's input, as `prompt`."""
    config = PromptEncoderConfig(
        task_type=TASK,
        num_virtual_tokens=case.method["virtualTokens"],
        token_dim=model.config.d_model,
        num_layers=model.config.num_layers,
        num_attention_heads=model.config.num_heads,
        num_transformer_submodules=1,
        encoder_reparameterization_type=case.method["encoderReparameterizationType"].upper(),
        encoder_hidden_size=case.method["encoderHiddenSize"],
        encoder_num_layers=case.method["encoderLayers"],
    )
    return with_encoder(from_peft(model, config), case.method["virtualTokens"])


def multitask_prompt(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    config = task_config(TASK, model, case.method, model.config.num_layers, model.config.num_heads)
    module = TaskPrompt(model, case.method["virtualTokens"], case.method["rank"])
    parameters = {name: p for name, p in module.named_parameters() if p.requires_grad}
    return Trained(module, parameters, plain(config.to_dict()), "written-out")


def ipt(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    module = SubspacePrompt(model, case.method)
    parameters = {name: p for name, p in module.named_parameters() if p.requires_grad}
    config = PromptTuningConfig(task_type=TASK, num_virtual_tokens=case.method["virtualTokens"], num_transformer_submodules=1)
    return with_decoder(Trained(module, parameters, plain(config.to_dict()), "written-out"), module)


def bitfit(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    """T5 has no biases: every linear but the head gets one that starts at zero."""
    parameters = {}
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.Linear) and name != "lm_head":
            module.bias = nn.Parameter(torch.zeros(module.out_features))
            parameters[f"{name}.bias"] = module.bias
    return Trained(model, parameters, None, "written-out")


def ia3(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    """PEFT's own choice for T5: keys, values, and what enters `wo`."""
    return from_peft(model, IA3Config(task_type=TASK, target_modules=["k", "v", "wo"], feedforward_modules=["wo"]))


def layernorm(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    norms = [name for name, module in model.named_modules() if isinstance(module, T5LayerNorm)]
    return from_peft(model, LNTuningConfig(task_type=TASK, target_modules=norms))


def of_kin(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    return from_peft(model, kin(TASK, case.method, lora_targets(family, model, case.method["targets"])))


def adalora(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    config = adalora_config(TASK, case.method, lora_targets(family, model, case.method["targets"]))
    return with_budget(from_peft(model, config), case.method["orthogonality"])


def sparse(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    return from_peft(model, shira(TASK, case.method, lora_targets(family, model, case.method["targets"])))


def mask(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    names = linears(family, model, case.method["targets"])
    parameters = masked(model, [f"{name}.weight" for name in names], case.method)
    return Trained(model, parameters, dict(case.method), "written-out")


def without_head(family: T5Family, model: PreTrainedModel) -> tuple[list[str], set[str]]:
    """Every weight but the language-model head's, which a tied model shares with its embedding; the linears' apart."""
    head = "shared.weight" if family.tied else "lm_head.weight"
    # One module, so that every use of the embedding is moved alike.
    model.encoder.embed_tokens = model.decoder.embed_tokens = model.shared
    names = [name for name, _ in model.named_parameters() if name != head]
    return names, {f"{name}.weight" for name, module in model.named_modules() if isinstance(module, nn.Linear)}


def said(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    names, transposed = without_head(family, model)
    return Trained(model, moved(model, names, transposed, case.method), dict(case.method), "written-out")


def diff_pruning(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    names, transposed = without_head(family, model)
    parameters, rules = gated(model, names, transposed, case.method, STEPS)
    rates = {".alpha": (ALPHA_RATE, False), ".group": (ALPHA_RATE, False)}
    return Trained(model, parameters, dict(case.method), "written-out", rules=rules, rates=rates)


def adapter(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    """Behind the last linear of every sub-layer, cross-attention included."""
    names = {role: linears(family, model, [role]) for role in ("o", "ffn.out")}
    parameters = add_adapters(model, names, case.method)
    return Trained(model, parameters, dict(case.method), "written-out")


def fusion(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    return fuse(model, {role: linears(family, model, [role]) for role in ("o", "ffn.out")}, case)


def mixed(family: T5Family, model: PreTrainedModel, case: Case) -> Trained:
    names = {role: linears(family, model, [role]) for role in ("q", "v", "ffn.out")}
    module = T5Mixed(model, names, case.method)
    for parameter in module.own_parameters.values():
        parameter.requires_grad_(True)
    return Trained(module, dict(module.own_parameters), dict(case.method), "written-out")


T5_METHODS: dict[str, Callable[[T5Family, PreTrainedModel, Case], Trained]] = {
    "full": full,
    "head": head,
    "lastLayer": last_layer,
    "lora": lora,
    "prompt": prompt,
    "prefix": prefix,
    "ptuning": ptuning,
    "multitaskPrompt": multitask_prompt,
    "ipt": ipt,
    "bitfit": bitfit,
    "ia3": ia3,
    "layernorm": layernorm,
    "adalora": adalora,
    "vera": of_kin,
    "loha": of_kin,
    "lokr": of_kin,
    "adapter": adapter,
    "fusion": fusion,
    "mam": mixed,
    "unipelt": mixed,
    "compacter": adapter,
    "sparse": sparse,
    "mask": mask,
    "diffPruning": diff_pruning,
    "said": said,
}
