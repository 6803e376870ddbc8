"""Methods of virtual tokens: prompts, their encoders and subspaces, and prefixes, in PEFT or around a model."""

import torch
from peft import PrefixTuningConfig, PromptEncoderConfig, PromptTuningConfig
from peft.tuners.p_tuning.model import PromptEncoder
from peft.tuners.prefix_tuning.model import PrefixEncoder
from torch import nn
from transformers import PreTrainedModel

from cases import Case
from families import Family
from prefix import Prefix
from soft_prompt import EncodedPrompt, SoftPrompt
from subspace import SubspacePrompt
from task_prompt import TaskPrompt, in_peft, task_config
from trained import HEAD_PARAMETER, Trained, file_name, from_peft, plain


def prompt(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    count = case.method["virtualTokens"]
    config = PromptTuningConfig(
        task_type="SEQ_CLS",
        num_virtual_tokens=count,
        prompt_tuning_init="SAMPLE_VOCAB",
        # Said outright, since PEFT does not find them in DistilBERT's configuration.
        token_dim=model.get_input_embeddings().embedding_dim,
        num_layers=model.config.num_hidden_layers,
        num_attention_heads=model.config.num_attention_heads,
        num_transformer_submodules=1,
    )
    if hasattr(model, "virtual_tokens"):
        model.virtual_tokens = count
    if family.peft_prompt:
        return from_peft(model, config)
    return around_base(SoftPrompt(model, count), config)


def ptuning(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    count = case.method["virtualTokens"]
    config = PromptEncoderConfig(
        task_type="SEQ_CLS",
        num_virtual_tokens=count,
        token_dim=model.get_input_embeddings().embedding_dim,
        num_layers=model.config.num_hidden_layers,
        num_attention_heads=model.config.num_attention_heads,
        num_transformer_submodules=1,
        encoder_reparameterization_type=case.method["encoderReparameterizationType"].upper(),
        encoder_hidden_size=case.method["encoderHiddenSize"],
        encoder_num_layers=case.method["encoderLayers"],
    )
    if hasattr(model, "virtual_tokens"):
        model.virtual_tokens = count
    if family.peft_prompt:
        return with_encoder(from_peft(model, config), count)
    return with_encoder(around_base(EncodedPrompt(model, PromptEncoder(config), count), config), count)


def with_encoder(trained: Trained, count: int) -> Trained:
    def rows(module: nn.Module) -> torch.Tensor:
        encoder = module.prompt_encoder
        encoder = encoder["default"] if isinstance(encoder, nn.ModuleDict) else encoder
        return encoder(torch.arange(count)).detach().clone()

    trained.baked = rows
    return trained


def multitask_prompt(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    options = case.method
    config = task_config("SEQ_CLS", model, options, model.config.num_hidden_layers, model.config.num_attention_heads)
    if hasattr(model, "virtual_tokens"):
        model.virtual_tokens = options["virtualTokens"]
    if not family.peft_prompt:
        return around_base(TaskPrompt(model, options["virtualTokens"], options["rank"]), config)
    module, parameters = in_peft(model, config)
    rest = [(name, p) for name, p in module.wrapped.named_parameters() if p.requires_grad and "prompt_encoder" not in name]
    return Trained(module, parameters | {file_name(name): p for name, p in rest}, plain(config.to_dict()), "peft")


def ipt(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    if hasattr(model, "virtual_tokens"):
        model.virtual_tokens = case.method["virtualTokens"]
    module = SubspacePrompt(model, case.method)
    config = PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=case.method["virtualTokens"], num_transformer_submodules=1)
    return with_decoder(around_base(module, config), module)


def with_decoder(trained: Trained, module: SubspacePrompt) -> Trained:
    trained.given = module.given()
    trained.baked = lambda copy: copy.rows().detach().clone()
    return trained


def around_base(module: SoftPrompt | EncodedPrompt | TaskPrompt | SubspacePrompt | Prefix, config) -> Trained:
    """A written-out prompt method, its tensors named as PEFT's prompt methods name theirs."""
    own = [(name, p) for name, p in module.named_parameters() if not name.startswith("base_model.") and p.requires_grad]
    parameters = dict(own)
    for name, parameter in module.base_model.named_parameters():
        if HEAD_PARAMETER.search(name):
            parameter.requires_grad_(True)
            parameters[f"base_model.{name}"] = parameter
    return Trained(module, parameters, plain(config.to_dict()), "written-out")


def prefix(family: Family, model: PreTrainedModel, case: Case) -> Trained:
    count = case.method["virtualTokens"]
    config = PrefixTuningConfig(
        task_type="SEQ_CLS",
        num_virtual_tokens=count,
        token_dim=model.config.hidden_size,
        num_layers=model.config.num_hidden_layers,
        num_attention_heads=model.config.num_attention_heads,
        num_transformer_submodules=1,
        prefix_projection=case.method.get("projection", False),
        encoder_hidden_size=case.method.get("encoderHiddenSize", model.config.hidden_size),
        init_weights=None,
    )
    projected = config.prefix_projection
    if family.peft_prefix:
        trained = from_peft(model, config)
    elif projected:
        trained = around_base(Prefix(model, count, encoder=PrefixEncoder(config)), config)
    else:
        trained = around_base(Prefix(model, count), config)
    return with_encoder(trained, count) if projected else trained
