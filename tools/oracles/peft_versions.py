"""Adapter folders as earlier versions of PEFT wrote them, with the logits that those versions give.

    python tools/oracles/peft_versions.py models FOLDER
    PYTHONPATH=<an old peft with its transformers> python tools/oracles/peft_versions.py adapters FOLDER [CASE ...]

The first, under the versions of requirements.txt, writes the tiny models of tests/oracle as Hugging Face folders;
the second, under any version of PEFT, writes tests/peft-versions/<version>/<family>-<case>: a folder as
`save_pretrained` leaves it, and `logits.json` beside the weights. Made with peft 0.3.0, 0.6.2 and 0.10.0
(transformers 4.36.2) and 0.21.2.
"""

import json
import shutil
import sys
from pathlib import Path

import torch

OUT = Path(__file__).resolve().parents[2] / "tests" / "peft-versions"
FAMILIES = ["bert", "roberta", "electra"]
INPUTS = {
    "input_ids": [[2, 30, 60, 21, 3], [2, 9, 150, 3, 0]],
    "attention_mask": [[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]],
}


def write_models(folder: Path) -> None:
    import families

    for name in FAMILIES:
        model, _ = families.build(next(family for family in families.FAMILIES if family.name == name))
        model.save_pretrained(folder / name)


def cases(version: tuple[int, ...]):
    """Name, configuration, whether pickled. Options that the version lacks are left out."""
    import peft
    from peft import LoraConfig, PrefixTuningConfig, PromptTuningConfig

    task = dict(task_type="SEQ_CLS")
    lora = dict(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=["query", "value"], **task)
    pickled = version < (0, 6)
    yield "lora", LoraConfig(**lora), True
    yield "lora-bias-all", LoraConfig(**lora, bias="all"), pickled
    yield "lora-bias-only", LoraConfig(**lora, bias="lora_only"), pickled
    yield "prompt", PromptTuningConfig(num_virtual_tokens=3, **task), pickled
    yield "prefix", PrefixTuningConfig(num_virtual_tokens=3, **task), pickled
    if version >= (0, 6):
        targets = dict(target_modules=["key", "value"], feedforward_modules=[])
        yield "ia3", peft.IA3Config(**targets, **task), False
        patterns = dict(rank_pattern={"0.attention.self.query": 2}, alpha_pattern={"value": 32})
        yield "lora-patterns", LoraConfig(**lora, **patterns), False
    if version >= (0, 10):
        yield "dora", LoraConfig(**lora, use_dora=True, use_rslora=True), False
        yield "pissa", LoraConfig(**lora, init_lora_weights="pissa"), False
    if version >= (0, 21):
        yield "olora", LoraConfig(**lora, init_lora_weights="olora"), False
        patterns = dict(rank_pattern={r".*\.layer\.1\..*": 2}, alpha_pattern={r"layer\.[0]\..*query": 3, "query": 5})
        yield "lora-expressions", LoraConfig(**lora, **patterns), False
        # Modules by an expression, by layer, and by what is left out.
        one = dict(r=4, lora_alpha=8, lora_dropout=0.0, **task)
        yield "lora-places", LoraConfig(target_modules=r".*layer\.1.*(query|value)", **one), False
        skipped = ["0.attention.self.query"]
        yield "lora-excluded", LoraConfig(target_modules=["query", "value"], exclude_modules=skipped, **one), False
        kin = dict(r=4, alpha=6, target_modules=["query", "value"], **task)
        patterns = dict(rank_pattern={"query": 2}, alpha_pattern={r"layer\.[1]\..*value": 9})
        yield "loha-patterns", peft.LoHaConfig(**kin, **patterns), False
        yield "lokr-patterns", peft.LoKrConfig(**kin, **patterns), False
        budget = dict(init_r=4, target_r=2, lora_alpha=8, total_step=9, tinit=1, tfinal=1, deltaT=1)
        yield "adalora-ranks", peft.AdaLoraConfig(target_modules=["query", "value", "dense"], **budget, **task), False
        yield from siblings(lora, one, task)


def siblings(lora: dict, one: dict, task: dict):
    """Of one model alone: what else an adapter of PEFT 0.21 may be. What the studio does not compute it refuses by name."""
    import peft
    from peft import LoraConfig

    both = dict(rank_pattern={"query": 2, r"layer\.1\..*value": 6}, alpha_pattern={r"^bert\.encoder\.layer\.1\.": 3})
    yield "lora-rs-patterns", LoraConfig(**lora, **both, use_rslora=True), False
    yield "dora-patterns", LoraConfig(**lora, **both, use_dora=True, bias="all"), False
    yield "pissa-patterns", LoraConfig(**lora, **both, init_lora_weights="pissa"), False
    yield "olora-patterns", LoraConfig(**lora, **both, init_lora_weights="olora", use_rslora=True), False
    yield "lora-orthogonal", LoraConfig(**lora, init_lora_weights="orthogonal"), False
    layers = dict(target_modules=["query", "value"], layers_to_transform=[1], layers_pattern="layer")
    yield "lora-layers", LoraConfig(**layers, **one), False
    yield "lora-all-linear", LoraConfig(target_modules="all-linear", **one), True
    yield "lora-pooler", LoraConfig(**lora, modules_to_save=["classifier", "pooler"]), False
    yield "lora-embeddings", LoraConfig(target_modules=["word_embeddings", "query"], **one), False
    yield "lora-tokens", LoraConfig(**lora, trainable_token_indices={"word_embeddings": [9, 30]}), False
    yield "lora-replication", LoraConfig(**lora, layer_replication=[[0, 2], [1, 2]]), False
    yield "lora-own-bias", LoraConfig(**lora, lora_bias=True), False
    yield "lora-pissa-niter", LoraConfig(**lora, init_lora_weights="pissa_niter_4"), False
    yield "vera", peft.VeraConfig(r=4, target_modules=["query", "value"], **task), False
    apart = dict(save_projection=False, projection_prng_key=7)
    yield "vera-unsaved", peft.VeraConfig(r=4, target_modules=["query", "value"], **apart, **task), False
    feed = dict(target_modules=["key", "value", "output.dense"], feedforward_modules=["output.dense"])
    yield "ia3-feedforward", peft.IA3Config(**feed, **task), True
    kin = dict(r=4, alpha=6, target_modules=["query", "value"], **task)
    yield "lokr-both", peft.LoKrConfig(**kin, decompose_both=True, decompose_factor=4), False
    yield "lokr-whole", peft.LoKrConfig(**(kin | {"r": 32})), False
    yield "layernorm", peft.LNTuningConfig(target_modules=["LayerNorm"], **task), False
    yield "shira", peft.ShiraConfig(r=2, random_seed=3, target_modules=["query"], **task), False
    yield "ptuning", peft.PromptEncoderConfig(num_virtual_tokens=3, encoder_hidden_size=8, **task), False
    yield "hra", peft.HRAConfig(r=4, target_modules=["query"], **task), False
    yield "oft", peft.OFTConfig(oft_block_size=4, target_modules=["query"], **task), False
    yield "c3a", peft.C3AConfig(block_size=4, target_modules=["query"], **task), False
    yield "trainable-tokens", peft.TrainableTokensConfig(token_indices=[9, 30], **task), False


SIBLINGS = "bert"


def perturb(model) -> None:
    """What trains moves off its start, so that every tensor of the file matters."""
    torch.manual_seed(5)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            spread = 0.02 if "embedding" not in name else 0.3
            parameter.data += spread * torch.randn(parameter.shape)


def allocate(model, inputs) -> None:
    """AdaLoRA trains until its budget is spent, so that the file has a rank for each matrix."""
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-3)
    for step in range(9):
        logits = model(**inputs).logits
        torch.nn.functional.cross_entropy(logits, torch.tensor([0, 1])).backward()
        optimizer.step()
        model.base_model.update_and_allocate(step)
        optimizer.zero_grad()


def write_adapters(folder: Path, only: list[str]) -> None:
    import peft
    from peft import PeftModel, get_peft_model
    from transformers import AutoModelForSequenceClassification

    version = tuple(int(part) for part in peft.__version__.split("."))
    inputs = {name: torch.tensor(rows) for name, rows in INPUTS.items()}
    of_one = {name for name, _, _ in siblings({}, {}, dict(task_type="SEQ_CLS"))} if version >= (0, 21) else set()

    def base(family: str):
        return AutoModelForSequenceClassification.from_pretrained(folder / family).eval()

    for family in FAMILIES:
        for name, config, pickled in cases(version):
            if only and name not in only:
                continue
            if family != "bert" and not name.startswith("lora") and version < (0, 21):
                continue
            if family != SIBLINGS and name in of_one:
                continue
            place = OUT / peft.__version__ / f"{family}-{name}"
            try:
                model = get_peft_model(base(family), config).eval()
                perturb(model)
                if name == "adalora-ranks":
                    allocate(model, inputs)
                options = {} if version < (0, 6) else {"safe_serialization": not pickled}
                model.save_pretrained(place, **options)
                # What a person gets who loads the folder, which for PiSSA is not quite what was saved.
                loaded = PeftModel.from_pretrained(base(family), place).eval()
                with torch.no_grad():
                    logits = loaded(**inputs).logits
            except Exception as error:  # noqa: BLE001 - an old version that cannot do it is no case
                print(f"{place.name}: {type(error).__name__}: {error}")
                shutil.rmtree(place, ignore_errors=True)
                continue
            (place / "README.md").unlink(missing_ok=True)
            found = {"peft": peft.__version__, "family": family, "inputs": INPUTS, "logits": logits.tolist()}
            (place / "logits.json").write_text(json.dumps(found, indent=1) + "\n")
            print(place.name, logits.flatten().tolist()[:3])


if __name__ == "__main__":
    if sys.argv[1] == "models":
        write_models(Path(sys.argv[2]))
    else:
        write_adapters(Path(sys.argv[2]), sys.argv[3:])
