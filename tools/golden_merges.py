"""Merged LoRA adapters as PEFT makes them (`add_weighted_adapter`): tests/merge/golden.

Usage: python tools/golden_merges.py tests/merge/golden
"""

import json
import sys
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file

out = Path(sys.argv[1])


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.query = torch.nn.Linear(12, 10)
        self.value = torch.nn.Linear(12, 16)

    def forward(self, x):
        return self.query(x).sum() + self.value(x).sum()


torch.manual_seed(7)
model = get_peft_model(Block(), LoraConfig(r=3, lora_alpha=6, target_modules=["query", "value"]), "a")
model.add_adapter("b", LoraConfig(r=3, lora_alpha=5, use_rslora=True, target_modules=["query", "value"]))
for name, parameter in model.named_parameters():
    if "lora_" in name:
        torch.nn.init.normal_(parameter)
weights = [0.7, -0.4]
model.add_weighted_adapter(["a", "b"], weights, "linear", combination_type="linear")
model.add_weighted_adapter(["a", "b"], [1.0, 0.5], "ties", combination_type="ties", density=0.4)
model.add_weighted_adapter(["a", "b"], weights, "svd", combination_type="svd", svd_rank=2)
for name in ["a", "b"]:
    model.save_pretrained(out, selected_adapters=[name])
    config = out / name / "adapter_config.json"
    fields = json.loads(config.read_text())
    kept = ["peft_type", "r", "lora_alpha", "use_rslora", "use_dora", "bias", "fan_in_fan_out"]
    short = {field: fields[field] for field in kept} | {"target_modules": ["query", "value"]}
    config.write_text(json.dumps(short, indent=2) + "\n")
    (out / name / "README.md").unlink(missing_ok=True)
factors = {}
for name in ["linear", "ties", "svd"]:
    for module in ["query", "value"]:
        layer = getattr(model.base_model.model, module)
        assert layer.scaling[name] == 1
        a, b = layer.lora_A[name].weight, layer.lora_B[name].weight
        if name == "svd":
            factors[f"{name}.{module}"] = (b @ a).detach().contiguous()
        else:
            factors[f"{name}.{module}.lora_A"] = a.detach().contiguous()
            factors[f"{name}.{module}.lora_B"] = b.detach().contiguous()
save_file(factors, out / "merged.safetensors")
