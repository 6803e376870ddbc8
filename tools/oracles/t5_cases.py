"""What the T5 fixtures train, in the words of the run spec."""

from cases import ADAFACTOR, ADALORA, CONSTANT, DIFF, FULL, HEAD, IPT, LINEAR, LOHA, LOKR, MAM, MASK, RELATIVE, SAID, SPARSE, TASK_PROMPT, UNIPELT, VERA, Case
from cases import compacter, fusion_cases, lora, ptuning
from t5_families import T5Family

PLAIN = ADAFACTOR | {"learningRate": 1e-3, "scaleParameter": False, "relativeStep": False}
PROMPT = {"type": "prompt", "virtualTokens": 4}
PREFIX = {"type": "prefix", "virtualTokens": 3}
PLACES = {"type": "prefix", "virtualTokens": 3, "placements": ["encoder", "decoder", "cross"]}


def t5_cases(family: T5Family) -> list[Case]:
    core = [
        Case("full", FULL, 1e-3),
        Case("full-adafactor", FULL, 0.0, optimizer=RELATIVE, gradients=False),
        Case("lora", lora(), 5e-3, trained_start=family.name == "t5-gated"),
        Case("prompt", PROMPT, 1e-2),
    ]
    if family.merged:
        return [*core, Case("full-partial", FULL, 1e-3, 0.01, LINEAR, 1.0, batches="partial", gradients=False)]
    further = [Case("prompt-adafactor", PROMPT, 0.0, optimizer=RELATIVE, gradients=False)]
    if not family.tied:
        further = [
            Case("head", HEAD, 5e-3),
            Case("lora-roles", lora(rank=2, targets=["encoder.self.o", "decoder.self.q", "decoder.cross.v"]), 5e-3),
            Case("lastLayer-encoder", {"type": "lastLayer", "layers": 1, "stack": "encoder"}, 1e-3),
        ]
    return [
        *core,
        *further,
        Case("full-partial", FULL, 1e-3, 0.01, LINEAR, 1.0, batches="partial", gradients=False, final=False),
        Case("full-accumulate", FULL, 1e-3, accumulation=2, batches="partial", gradients=False, final=False),
        Case("full-adafactor-constant", FULL, 5e-3, optimizer=CONSTANT, gradients=False, final=False),
        Case("lora-adafactor-plain", lora(), 1e-3, optimizer=PLAIN, gradients=False, trained_start=True),
        Case("prefix", PREFIX, 1e-2),
        Case("prefix-places", PLACES, 1e-2),
        Case("prefix-projection", PREFIX | {"projection": True, "encoderHiddenSize": 10}, 3e-3),
        Case("ptuning", ptuning("mlp", 8), 3e-3),
        Case("ptuning-lstm", ptuning("lstm", 6), 3e-3),
        *([Case("multitask-prompt", TASK_PROMPT, 2e-2)] if family.tied else []),
        *([Case("ipt", IPT, 1e-1)] if family.tied else []),
        Case("bitfit", {"type": "bitfit"}, 3e-3),
        Case("ia3", {"type": "ia3"}, 1e-2),
        Case("compacter", compacter("both") | {"reduction": 2, "kroneckerFactors": 2}, 1e-2),
        Case("adalora", ADALORA, 1e-2),
        Case("vera", VERA, 2e-2),
        Case("loha", LOHA, 5e-3),
        Case("lokr", LOKR, 5e-3),
        Case("sparse", SPARSE | {"targets": ["q", "v"]}, 5e-3),
        Case("mask", MASK | {"targets": ["q", "v", "ffn.out"]}, 2e-3),
        Case("diff-pruning", DIFF, 1e-3, gradients=False),
        Case("said", SAID | {"dimension": 120, "byLayer": True}, 2e-2),
        Case("adapter", {"type": "adapter", "bottleneck": 6, "activation": "silu", "placement": "both"}, 5e-3),
        *fusion_cases(both=family.tied),
        Case("mam", MAM | {"virtualTokens": 3, "encoderHiddenSize": 8}, 5e-3),
        Case("unipelt", UNIPELT | {"virtualTokens": 3, "encoderHiddenSize": 8}, 5e-3),
        Case("layernorm", {"type": "layernorm"}, 5e-3),
        Case("lastLayer", {"type": "lastLayer", "layers": 1, "stack": "decoder"}, 1e-3),
    ]
