"""The tiny models of the fixtures: one configuration a family, random weights with healthy gradients."""

import copy
from dataclasses import dataclass, field

import torch
from torch import nn
from transformers import (
    AlbertConfig,
    AlbertForSequenceClassification,
    BertConfig,
    BertForMaskedLM,
    BertForSequenceClassification,
    BertModel,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    ElectraConfig,
    ElectraForSequenceClassification,
    PreTrainedModel,
    RobertaConfig,
    RobertaForSequenceClassification,
)

from fresh_head import BertFeaturesWithHead, BertFillMaskWithHead
from label_words import BertLabelWords

HIDDEN, LAYERS, HEADS, FEED_FORWARD, VOCAB, POSITIONS = 32, 2, 4, 64, 200, 32

NO_DROPOUT = dict(hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, classifier_dropout=0.0)
COMMON = dict(
    vocab_size=VOCAB,
    hidden_size=HIDDEN,
    num_hidden_layers=LAYERS,
    num_attention_heads=HEADS,
    intermediate_size=FEED_FORWARD,
    max_position_embeddings=POSITIONS,
)


@dataclass(frozen=True)
class Family:
    """One folder of fixtures: an architecture, a way of exporting it and what it is asked to do."""

    name: str
    seed: int
    model: type[PreTrainedModel]
    config: type
    options: dict
    labels: int
    # How the .onnx is made.
    attention: str = "eager"
    opset: int = 17
    dynamo: bool = False
    # What is exported; None exports the model that is trained.
    exported: type[PreTrainedModel] | None = None
    output: str = "logits"
    # Tokens whose logits at the mask are the classes', of a model that answers by words.
    words: tuple[int, ...] = ()
    # Families with every LayerNorm at its default and every bias zero make the exporter merge equal initializers.
    merged_initializers: bool = False
    # Module names by role, as regular expressions that end a name.
    modules: dict = field(default_factory=dict)
    # PEFT's prompt tuning takes the embeddings' width for the hidden width.
    peft_prompt: bool = True
    # PEFT's prefix tuning needs a model that takes a cache of keys and values.
    peft_prefix: bool = True

    @property
    def regression(self) -> bool:
        return self.labels == 1

    @property
    def task(self) -> str:
        return "regression" if self.regression else "classification"

    @property
    def fresh_head(self) -> bool:
        return self.exported is not None and not self.words


BERT_MODULES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "o": "attention.output.dense",
    "ffn.in": "intermediate.dense",
    "ffn.out": r"layer\.\d+\.output.dense",
}

BERT = dict(model=BertForSequenceClassification, config=BertConfig, options=COMMON | NO_DROPOUT)
ROBERTA_OPTIONS = COMMON | NO_DROPOUT | dict(type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2)
ALBERT_OPTIONS = COMMON | dict(
    embedding_size=16,
    num_hidden_layers=3,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
    classifier_dropout_prob=0.0,
    pad_token_id=0,
    bos_token_id=2,
    eos_token_id=3,
)

FAMILIES = [
    Family(
        "bert",
        seed=11,
        labels=3,
        **BERT,
        attention="sdpa",
        opset=18,
        modules=BERT_MODULES | {"pooler": "pooler.dense"},
    ),
    Family(
        "distilbert",
        seed=12,
        labels=2,
        model=DistilBertForSequenceClassification,
        config=DistilBertConfig,
        options=dict(
            vocab_size=VOCAB,
            dim=HIDDEN,
            n_layers=LAYERS,
            n_heads=HEADS,
            hidden_dim=FEED_FORWARD,
            max_position_embeddings=POSITIONS,
            dropout=0.0,
            attention_dropout=0.0,
            seq_classif_dropout=0.0,
        ),
        attention="eager",
        opset=14,
        merged_initializers=True,
        modules={
            "q": "attention.q_lin",
            "k": "attention.k_lin",
            "v": "attention.v_lin",
            "o": "attention.out_lin",
            "ffn.in": "ffn.lin1",
            "ffn.out": "ffn.lin2",
        },
        peft_prefix=False,
    ),
    Family(
        "roberta",
        seed=13,
        labels=3,
        model=RobertaForSequenceClassification,
        config=RobertaConfig,
        options=ROBERTA_OPTIONS,
        attention="eager",
        opset=17,
        modules=BERT_MODULES,
    ),
    Family(
        "albert",
        seed=14,
        labels=2,
        model=AlbertForSequenceClassification,
        config=AlbertConfig,
        options=ALBERT_OPTIONS,
        attention="sdpa",
        opset=16,
        modules={
            "q": "attention.query",
            "k": "attention.key",
            "v": "attention.value",
            "o": "attention.dense",
            "ffn.in": "ffn",
            "ffn.out": "ffn_output",
            "pooler": "albert.pooler",
            "embeddings.project": "embedding_hidden_mapping_in",
        },
        peft_prompt=False,
        peft_prefix=False,
    ),
    Family(
        "electra",
        seed=15,
        labels=4,
        model=ElectraForSequenceClassification,
        config=ElectraConfig,
        options=COMMON | NO_DROPOUT | dict(embedding_size=16),
        attention="sdpa",
        opset=18,
        dynamo=True,
        modules=BERT_MODULES | {"embeddings.project": "embeddings_project"},
        peft_prompt=False,
    ),
    Family("bert-regression", seed=16, labels=1, **BERT, attention="eager", opset=18, modules=BERT_MODULES),
    Family(
        "roberta-regression",
        seed=17,
        labels=1,
        model=RobertaForSequenceClassification,
        config=RobertaConfig,
        options=ROBERTA_OPTIONS,
        attention="sdpa",
        opset=15,
        modules=BERT_MODULES,
    ),
    Family(
        "bert-features",
        seed=18,
        labels=3,
        model=BertFeaturesWithHead,
        config=BertConfig,
        options=COMMON | NO_DROPOUT,
        exported=BertModel,
        output="last_hidden_state",
        attention="eager",
        opset=17,
        modules=BERT_MODULES,
    ),
    Family(
        "bert-fill-mask",
        seed=19,
        labels=2,
        model=BertFillMaskWithHead,
        config=BertConfig,
        options=COMMON | NO_DROPOUT,
        exported=BertForMaskedLM,
        attention="sdpa",
        opset=18,
        modules=BERT_MODULES,
    ),
    Family(
        "bert-label-words",
        seed=20,
        labels=3,
        model=BertLabelWords,
        config=BertConfig,
        options=COMMON | NO_DROPOUT,
        exported=BertForMaskedLM,
        words=(17, 45, 9),
        attention="eager",
        opset=17,
        modules=BERT_MODULES,
    ),
]


def input_names(family: Family) -> list[str]:
    """Inputs of the exported model, in the order of optimum's exports."""
    has_types = not issubclass(family.config, (DistilBertConfig, RobertaConfig))
    return ["input_ids", "attention_mask"] + (["token_type_ids"] if has_types else [])


def build(family: Family) -> tuple[PreTrainedModel, PreTrainedModel]:
    """The model that is trained, and the one that is exported (the same but for a fresh head); weights are shared."""
    names = {} if family.exported else {"num_labels": family.labels}
    if family.regression:
        names["problem_type"] = "regression"
    config = family.config(**family.options, **names)
    torch.manual_seed(family.seed)
    if not family.exported:
        model = family.model._from_config(config, attn_implementation=family.attention)
        randomise(model, family)
        return model.eval(), model.eval()
    keywords = {"add_pooling_layer": False} if family.exported is BertModel else {}
    base = family.exported._from_config(config, attn_implementation=family.attention, **keywords)
    randomise(base, family)
    if family.words:
        return family.model.around(copy.deepcopy(base), family.words).eval(), base.eval()
    model = family.model.around(base, family.labels)
    return model.eval(), base.eval()


def randomise(model: PreTrainedModel, family: Family) -> None:
    """Weights large enough that attention is not uniform and no gradient drowns in rounding."""
    generator = torch.Generator().manual_seed(family.seed)

    def normal(parameter: nn.Parameter, deviation: float, mean: float = 0.0) -> None:
        parameter.data = mean + deviation * torch.randn(parameter.shape, generator=generator)

    for module in model.modules():
        if isinstance(module, nn.Linear):
            normal(module.weight, 1.2 / module.in_features**0.5)
            if module.bias is not None:
                normal(module.bias, 0.0 if family.merged_initializers else 0.1)
        elif isinstance(module, nn.Embedding):
            normal(module.weight, 0.5)
        elif isinstance(module, nn.LayerNorm) and not family.merged_initializers:
            normal(module.weight, 0.15, mean=1.0)
            normal(module.bias, 0.15)
    model.tie_weights()
