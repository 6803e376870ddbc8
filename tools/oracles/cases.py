"""The table of cases: what each fixture trains, in the words of the run spec."""

from dataclasses import dataclass, field

from families import Family

STEPS = 20


@dataclass(frozen=True)
class Case:
    name: str
    # As in the run spec.
    method: dict
    learning_rate: float
    weight_decay: float = 0.0
    schedule: dict = field(default_factory=lambda: {"type": "constant", "warmupSteps": 0})
    max_grad_norm: float | None = None
    accumulation: int = 1
    batches: str = "plain"
    # Whether the gradients of step 1 are written out (they equal another case's where not).
    gradients: bool = True
    # Whether the trained tensors are (the losses and logits that they lead to always are).
    final: bool = True
    # A delta whose start is not PEFT's, so that every tensor of it has a gradient at step 1.
    trained_start: bool = False
    # Of a fusion: the adapters, as the method `adapter` has them.
    members: tuple[dict, ...] = ()
    # Of the head's weights, where they learn at a rate of their own.
    head_rate: float | None = None
    # Instead of AdamW: an optimizer's options as in the run spec.
    optimizer: dict | None = None

    def training(self, batch_size: int) -> dict:
        return {
            "steps": STEPS,
            "batchSize": batch_size,
            "accumulation": self.accumulation,
            "shuffle": False,
            "optimizer": self.optimizer
            or {
                "type": "adamw",
                "learningRate": self.learning_rate,
                **({} if self.head_rate is None else {"headLearningRate": self.head_rate}),
                "weightDecay": self.weight_decay,
                "betas": [0.9, 0.999],
                "epsilon": 1e-8,
            },
            "schedule": self.schedule,
            "maxGradNorm": self.max_grad_norm,
            "dropout": 0,
        }


FULL = {"type": "full"}
LORA = {"type": "lora", "rank": 4, "alpha": 8, "targets": ["q", "v"], "rankStabilized": False}
PROMPT = {"type": "prompt", "virtualTokens": 5}
HEAD = {"type": "head"}
LINEAR = {"type": "linear", "warmupSteps": 5}

ADAFACTOR = {
    "type": "adafactor",
    "weightDecay": 0,
    "epsilon": [1e-30, 1e-3],
    "clipThreshold": 1.0,
    "decayRate": -0.8,
    "beta1": None,
    "warmupInit": False,
}
RELATIVE = ADAFACTOR | {"learningRate": None, "scaleParameter": True, "relativeStep": True}
CONSTANT = ADAFACTOR | {"learningRate": 5e-3, "weightDecay": 0.01, "scaleParameter": True, "relativeStep": False}


def lora(**options) -> dict:
    return LORA | options


def adapter(placement: str, activation: str, learned: bool = False) -> dict:
    scale = {"learnedScale": True} if learned else {}
    return {"type": "adapter", "bottleneck": 8, "activation": activation, "placement": placement} | scale


def placement_cases(family: Family) -> list[Case]:
    """AdapterHub's other placements, each on families that lay out their layers differently."""
    cases = {
        "adapter-pfeiffer": (adapter("pfeiffer", "relu"), {"bert", "distilbert", "albert"}),
        "adapter-parallel": (adapter("parallel", "tanh"), {"distilbert"}),
        "adapter-scaled": (adapter("scaledParallel", "relu"), {"bert", "albert"}),
        "adapter-learned": (adapter("scaledParallel", "gelu", learned=True), {"bert", "roberta"}),
    }
    return [Case(name, method, 5e-3) for name, (method, families) in cases.items() if family.name in families]


def ptuning(kind: str, hidden: int) -> dict:
    return {
        "type": "ptuning",
        "virtualTokens": 4,
        "encoderReparameterizationType": kind,
        "encoderHiddenSize": hidden,
        "encoderLayers": 2,
        "encoderDropout": 0,
    }


def core_cases() -> list[Case]:
    """What every family has, the ones with a fresh head too."""
    return [
        Case("full", FULL, 1e-3),
        Case("lora", LORA, 5e-3),
        Case("prompt", PROMPT, 1e-2),
        Case("head", HEAD, 5e-3),
    ]


def variant_cases(family: Family) -> list[Case]:
    """Schedules, clipping, accumulation, odd batches, and LoRA's own options."""
    inside = ["q", "k", "v", "o", "ffn.in", "ffn.out"]
    everything = inside + [role for role in ("pooler", "embeddings.project") if role in family.modules]
    return [
        Case("full-decay-clip", FULL, 1e-3, 0.01, LINEAR, max_grad_norm=0.5, gradients=False),
        Case("full-cosine", FULL, 1e-3, schedule={"type": "cosine", "warmupSteps": 5}, gradients=False, final=False),
        Case("full-accumulate", FULL, 1e-3, accumulation=2, batches="partial"),
        Case("full-masks", FULL, 1e-3, batches="masks", gradients=False, final=False),
        Case(
            "lora-rs",
            lora(targets=inside, rankStabilized=True),
            5e-3,
            0.01,
            LINEAR,
            max_grad_norm=1.0,
            trained_start=True,
        ),
        Case("lora-all-linear", lora(rank=2, alpha=4, targets=everything), 5e-3),
        Case("lora-partial", LORA, 5e-3, batches="partial"),
        Case("prompt-partial", PROMPT, 1e-2, schedule=LINEAR, batches="partial"),
        Case("head-masks", HEAD, 5e-3, batches="masks"),
    ]


def further_cases(family: Family) -> list[Case]:
    """Methods beyond the first four."""
    return [
        Case("adapter", adapter("both", "silu"), 5e-3),
        *placement_cases(family),
        Case("ptuning", ptuning("mlp", 16), 5e-3),
        Case("ptuning-lstm", ptuning("lstm", 6), 5e-3),
        Case("prefix", {"type": "prefix", "virtualTokens": 4}, 1e-2),
        Case(
            "prefix-projection",
            {"type": "prefix", "virtualTokens": 4, "projection": True, "encoderHiddenSize": 12},
            5e-3,
        ),
        Case("bitfit", {"type": "bitfit"}, 3e-3),
        Case("ia3", {"type": "ia3"}, 1e-2),
        Case("layernorm", {"type": "layernorm"}, 5e-3),
        Case("lora-dora", lora(dora=True), 5e-3),
        Case("lora-pissa", lora(initialization="pissa"), 2e-3),
        Case(
            "lora-plus",
            lora(initialization="default", learningRateRatio=8),
            1e-3,
            0.01,
            LINEAR,
        ),
    ]


VERA = {"type": "vera", "rank": 12, "targets": ["q", "v"], "initialScale": 0.1, "projectionKey": 0}
LOHA = {"type": "loha", "rank": 4, "alpha": 8, "targets": ["q", "v"]}
LOKR = {"type": "lokr", "rank": 2, "alpha": 4, "targets": ["q", "v"], "factor": -1, "decomposeBoth": False}


ADALORA = {
    "type": "adalora",
    "initialRank": 4,
    "rank": 2,
    "alpha": 8,
    "targets": ["q", "v"],
    "warmupSteps": 4,
    "finalSteps": 6,
    "interval": 2,
    "orthogonality": 0.5,
}


def compacter(placement: str) -> dict:
    return {"type": "compacter", "reduction": 4, "kroneckerFactors": 4, "placement": placement}


def fusion(name: str, rate: float, members: tuple[dict, ...], weight: float = 0.01, **options) -> Case:
    paths = [f"{name}/{letter}" for letter in "abc"[: len(members)]]
    method = {"type": "fusion", "adapters": paths, "penalty": weight}
    return Case(name, method, rate, members=members, **options)


def fusion_cases(both: bool = True) -> list[Case]:
    three = (
        adapter("pfeiffer", "relu"),
        adapter("pfeiffer", "silu") | {"bottleneck": 4},
        adapter("pfeiffer", "gelu", learned=True) | {"bottleneck": 16},
    )
    two = (adapter("both", "silu"), adapter("both", "tanh") | {"bottleneck": 2})
    return [
        fusion("fusion", 5e-3, three),
        *([fusion("fusion-both", 2e-3, two, 0, weight_decay=0.01, schedule=LINEAR, max_grad_norm=1.0, batches="partial", gradients=False, final=False)] if both else []),
    ]


TASK_PROMPT = {"type": "multitaskPrompt", "virtualTokens": 4, "rank": 2, "initialization": "random", "sourceTask": 0}


IPT = {"type": "ipt", "dimension": 3, "decoderHiddenSize": 6, "virtualTokens": 4}


MAM = {"type": "mam", "virtualTokens": 4, "reduction": 4, "encoderHiddenSize": 12}


UNIPELT = {
    "type": "unipelt",
    "virtualTokens": 4,
    "reduction": 4,
    "rank": 2,
    "encoderHiddenSize": 12,
}


def kin_cases() -> list[Case]:
    """LoRA's kin, as PEFT has them: frozen pairs, Hadamard and Kronecker products."""
    inside = {"targets": ["q", "v", "ffn.in", "ffn.out"]}
    return [
        Case("lora-olora", lora(initialization="olora"), 2e-3),
        Case("compacter", compacter("both"), 1e-2),
        Case("compacter-pfeiffer", compacter("pfeiffer"), 1e-2, gradients=False, final=False),
        *fusion_cases(),
        Case("mam", MAM, 5e-3),
        Case("multitask-prompt", TASK_PROMPT, 2e-2),
        Case("multitask-prompt-partial", TASK_PROMPT | {"rank": 1}, 2e-2, 0.01, LINEAR, max_grad_norm=1.0, batches="partial", gradients=False, final=False),
        Case("ipt", IPT, 1e-1),
        Case("ipt-partial", IPT | {"dimension": 1}, 1e-1, 0.01, LINEAR, max_grad_norm=1.0, batches="partial", gradients=False, final=False),
        Case("mam-partial", MAM | {"reduction": 3}, 5e-3, 0.01, LINEAR, max_grad_norm=1.0, batches="partial", gradients=False, final=False),
        Case("unipelt", UNIPELT, 5e-3),
        Case("unipelt-masks", UNIPELT | {"virtualTokens": 3}, 5e-3, 0.01, LINEAR, max_grad_norm=1.0, batches="masks", gradients=False, final=False),
        Case("adalora", ADALORA | inside, 1e-2, max_grad_norm=1.0),
        Case("adalora-plain", ADALORA | {"warmupSteps": 0, "finalSteps": 0, "interval": 1}, 1e-2, gradients=False),
        Case("vera", VERA | inside, 2e-2),
        Case("loha", LOHA, 5e-3),
        Case("loha-pairs", LOHA | inside | {"rank": 2}, 5e-3, gradients=False),
        Case("lokr", LOKR | inside, 5e-3),
        Case("lokr-both", LOKR | {"rank": 1, "decomposeBoth": True}, 5e-3, gradients=False),
        Case("lokr-factor", LOKR | {"rank": 8, "factor": 2}, 5e-3, gradients=False, final=False),
    ]


SPARSE = {"type": "sparse", "rank": 2, "targets": ["q", "v", "ffn.in"], "maskSeed": 1}
MASK = {"type": "mask", "threshold": 0.01, "initialSparsity": 0.2, "targets": ["q", "v", "ffn.in", "ffn.out"]}
DIFF = {"type": "diffPruning", "sparsity": 0.05, "structured": False, "penalty": 1e-5, "fixedMaskSteps": 6}


SAID = {"type": "said", "dimension": 300, "byLayer": False, "projectionKey": 0}


def said_cases(family: Family) -> list[Case]:
    """One of more numbers than a block holds, and one whose head has its own rate, on one family."""
    long = [
        Case("said-long", SAID | {"dimension": 5000}, 5e-3, gradients=False, final=False),
        Case("said-head-rate", SAID, 3e-3, 0.01, LINEAR, max_grad_norm=1.0, gradients=False, head_rate=2e-2),
    ]
    return [
        Case("said", SAID, 1e-2),
        Case("said-layers", SAID | {"dimension": 100, "byLayer": True, "projectionKey": 3}, 2e-2, 0.01, LINEAR, max_grad_norm=1.0),
        *(long if family.name == "bert" else []),
    ]


def weight_cases() -> list[Case]:
    """Methods that choose among the model's own weights."""
    return [
        Case("sparse", SPARSE, 5e-3),
        Case("mask", MASK, 2e-3),
        Case("diff-pruning", DIFF, 1e-3, 0.01, gradients=False),
        Case("diff-pruning-structured", DIFF | {"structured": True}, 1e-3, batches="partial", max_grad_norm=1.0, gradients=False),
    ]


def adafactor_cases() -> list[Case]:
    """Adafactor's options, on one family."""
    moment = CONSTANT | {"beta1": 0.9}
    return [
        Case("full-adafactor", FULL, 0.0, max_grad_norm=0.5, gradients=False, optimizer=RELATIVE),
        Case("full-adafactor-constant", FULL, 5e-3, schedule=LINEAR, gradients=False, final=False, optimizer=moment),
        Case("lora-adafactor", LORA, 0.0, gradients=False, final=False, trained_start=True, optimizer=RELATIVE),
        Case("lora-adafactor-constant", LORA, 5e-3, gradients=False, optimizer=CONSTANT),
    ]


def cases_of(family: Family) -> list[Case]:
    if family.regression:
        return [
            Case("full", FULL, 1e-3),
            Case("lora", LORA, 5e-3),
            Case("head-partial", HEAD, 5e-3, batches="partial"),
        ]
    if family.words:
        return [Case("full", FULL, 1e-3), Case("lora", LORA, 5e-3), Case("head", HEAD, 5e-3, batches="partial")]
    if family.fresh_head:
        return [*core_cases(), Case("lora-partial", LORA, 5e-3, batches="partial")]
    adafactor = adafactor_cases() if family.name == "bert" else []
    kin = [*kin_cases(), *weight_cases(), *said_cases(family)] if family.name in {"bert", "roberta", "albert"} else []
    return [*core_cases(), *variant_cases(family), *further_cases(family), *kin, *adafactor]
