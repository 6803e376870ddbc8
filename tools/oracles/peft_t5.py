"""Adapters of text to text as PEFT writes them, with the logits that PEFT gives to whoever loads the folder.

    python tools/oracles/peft_t5.py [CASE ...]

Writes tests/peft-versions/<version>/<family>-<case> over the tiny T5s of tests/oracle: a folder as `save_pretrained`
leaves it, and `logits.json` beside the weights. Made with peft 0.21.2 under the versions of requirements.txt.
"""

import json
import shutil
import sys
from pathlib import Path

import torch

import t5_families
from peft_versions import OUT, perturb

INPUTS = {
    "input_ids": [[5, 30, 60, 21, 1], [2, 9, 50, 1, 0]],
    "attention_mask": [[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]],
    "decoder_input_ids": [[0, 7, 44], [0, 71, 8]],
}
LABELS = [[7, 44, 1], [71, 8, 1]]


def cases():
    """Name and configuration. What the studio does not compute it refuses by name."""
    import peft
    from peft import LoraConfig

    task = dict(task_type="SEQ_2_SEQ_LM")
    lora = dict(r=4, lora_alpha=8, lora_dropout=0.0, target_modules=["q", "v"], **task)
    patterns = dict(rank_pattern={r"decoder\.block\.1\..*q": 2}, alpha_pattern={"EncDecAttention.v": 3, "q": 5})
    yield "lora", LoraConfig(**lora)
    yield "lora-rs-patterns", LoraConfig(**lora, **patterns, use_rslora=True)
    yield "lora-bias-all", LoraConfig(**lora, bias="all")
    every = dict(r=4, lora_alpha=8, lora_dropout=0.0, target_modules="all-linear", **task)
    yield "lora-all-linear", LoraConfig(**every)
    yield "lora-decoder", LoraConfig(**(lora | dict(target_modules=r"decoder\..*\.(q|v)")))
    yield "dora", LoraConfig(**lora, use_dora=True)
    yield "pissa", LoraConfig(**lora, init_lora_weights="pissa")
    yield "lora-tokens", LoraConfig(**lora, trainable_token_indices=[9, 30])
    yield "lora-saved", LoraConfig(**lora, modules_to_save=["lm_head"])
    feed = dict(target_modules=["k", "v", "wo"], feedforward_modules=["wo"])
    yield "ia3-feedforward", peft.IA3Config(**feed, **task)
    kin = dict(r=4, alpha=6, target_modules=["q", "v"], **task)
    kin_patterns = dict(rank_pattern={"q": 2}, alpha_pattern={r"decoder\..*\.v": 9})
    yield "loha-patterns", peft.LoHaConfig(**kin, **kin_patterns)
    yield "lokr-patterns", peft.LoKrConfig(**kin, **kin_patterns)
    yield "prefix", peft.PrefixTuningConfig(num_virtual_tokens=3, **task)
    yield "prompt", peft.PromptTuningConfig(num_virtual_tokens=3, **task)
    budget = dict(init_r=4, target_r=2, lora_alpha=8, total_step=9, tinit=1, tfinal=1, deltaT=1)
    yield "adalora-ranks", peft.AdaLoraConfig(target_modules=["q", "v"], **budget, **task)
    yield "vera", peft.VeraConfig(r=4, target_modules=["q"], **task)
    yield "layernorm", peft.LNTuningConfig(target_modules=["layer_norm", "final_layer_norm"], **task)


def allocate(model, inputs) -> None:
    """AdaLoRA trains until its budget is spent, so that the file has a rank for each matrix."""
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=5e-3)
    for step in range(9):
        logits = model(**inputs).logits
        torch.nn.functional.cross_entropy(logits.flatten(0, 1), torch.tensor(LABELS).flatten()).backward()
        optimizer.step()
        model.base_model.update_and_allocate(step)
        optimizer.zero_grad()


def main(only: list[str]) -> None:
    import peft
    from peft import PeftModel, get_peft_model
    from transformers import T5ForConditionalGeneration

    # PEFT keeps a method that transformers 5 no longer has; only generation uses it.
    if not hasattr(T5ForConditionalGeneration, "_prepare_encoder_decoder_kwargs_for_generation"):
        T5ForConditionalGeneration._prepare_encoder_decoder_kwargs_for_generation = None
    inputs = {name: torch.tensor(rows) for name, rows in INPUTS.items()}
    for family in t5_families.T5_FAMILIES[:2]:
        for name, config in cases():
            if only and name not in only:
                continue
            place = OUT / peft.__version__ / f"{family.name}-{name}"
            try:
                model = get_peft_model(t5_families.build_t5(family), config).eval()
                perturb(model)
                if name == "adalora-ranks":
                    allocate(model, inputs)
                model.save_pretrained(place)
                loaded = PeftModel.from_pretrained(t5_families.build_t5(family), place).eval()
                with torch.no_grad():
                    logits = loaded(**inputs).logits
                    saved = model(**inputs).logits
            except Exception as error:  # noqa: BLE001 - what PEFT cannot save and load is no case
                print(f"{place.name}: {type(error).__name__}: {error}")
                shutil.rmtree(place, ignore_errors=True)
                continue
            (place / "README.md").unlink(missing_ok=True)
            found = {"peft": peft.__version__, "family": family.name, "inputs": INPUTS, "logits": logits.tolist()}
            (place / "logits.json").write_text(json.dumps(found) + "\n")
            print(place.name, "as saved to", (logits - saved).abs().max().item())


if __name__ == "__main__":
    main(sys.argv[1:])
