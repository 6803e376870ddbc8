"""Makes the fixtures of tests/oracle: tiny models trained 20 steps by PyTorch and PEFT.

    python tools/oracles/make_fixtures.py                     # everything
    python tools/oracles/make_fixtures.py --families bert     # one folder

Versions are pinned in requirements.txt and written to tests/oracle/manifest.json. The result is
deterministic: the same versions on the same kind of processor write the same files.
"""

import argparse
import copy
import importlib.metadata
import json
import shutil
from pathlib import Path

import torch

from batches import make_batches
from cases import Case, cases_of
from export import export
from families import FAMILIES, Family, build
from methods import attach, inputs_of
from prefix import Prefix
from record import write_case
from soft_prompt import graph_logits
from t5_batches import make_t5_batches
from t5_cases import t5_cases
from t5_export import export_t5
from t5_families import T5_FAMILIES, T5Family, build_t5
from t5_methods import attach_t5
from t5_prefix import T5Prefix
from train import train
from trained import Trained

PACKAGES = ["torch", "transformers", "peft", "onnx", "onnxruntime", "onnxscript", "safetensors", "numpy"]
NOTES = {
    "lora-pissa": ["The targeted weights lose scale·B·A of the initial tensors, so that the start changes nothing."],
    "lora-olora": ["The targeted weights lose scale·B·A of the initial tensors, so that the start changes nothing."],
    "lora-plus": ["Rates and decay differ by tensor (`groups`); learningRates are those of rate 1."],
}
ALL = [*FAMILIES, *T5_FAMILIES]
DEFAULT_OUT = Path(__file__).resolve().parents[2] / "tests" / "oracle"


def prompt_notes(family: Family, start: Trained, batches: list) -> list[str]:
    """Holds prompt tuning to what a rewritten graph computes; says so in the fixture."""
    inputs = inputs_of(family, batches[0])
    with torch.no_grad():
        ours = start.module(**inputs).logits
    model = getattr(start.module, "base_model")
    rewritten = graph_logits(model, start.parameters["prompt_embeddings"], inputs)
    difference = (ours - rewritten).abs().max().item()
    if difference > 1e-5:
        raise RuntimeError(f"{family.name}: prompt and rewritten graph differ by {difference}")
    return [f"Virtual ids put before input_ids inside the graph give the same logits (largest difference {difference:.1e})."]


def prefix_notes(family: Family, start: Trained, model, batches: list) -> list[str]:
    """Holds PEFT's prefix tuning to the formulas written out here."""
    if start.reference != "peft":
        return []
    inputs = inputs_of(family, batches[0])
    rows = start.parameters["prompt_embeddings"].detach().clone()
    written = Prefix(copy.deepcopy(model), len(rows), rows)
    with torch.no_grad():
        difference = (start.module(**inputs).logits - written(**inputs).logits).abs().max().item()
    if difference > 1e-5:
        raise RuntimeError(f"{family.name}: PEFT's prefix and the written-out one differ by {difference}")
    return [f"The formulas written out in tools/oracles give the same logits (largest difference {difference:.1e})."]


def notes_of(family: Family, start: Trained, model, case: Case, batches: list) -> list[str]:
    if case.method["type"] == "prompt":
        return prompt_notes(family, start, batches)
    if case.method["type"] == "prefix" and not case.method.get("projection"):
        return prefix_notes(family, start, model, batches)
    return NOTES.get(case.name, [])


def t5_notes(start: Trained, model, case: Case, batches: list) -> list[str]:
    """Holds PEFT's prefix tuning to the formulas written out here."""
    if case.method["type"] != "prefix" or start.reference != "peft" or case.method.get("projection"):
        return []
    inputs = {name: torch.tensor(values) for name, values in batches[0].inputs.items()}
    rows = start.parameters["prompt_embeddings"].detach()
    written = T5Prefix(copy.deepcopy(model), len(rows), ("decoder",), as_peft=True)
    with torch.no_grad():
        written.prefixes["decoder"].copy_(rows)
        difference = (start.module(**inputs).logits - written(**inputs).logits).abs().max().item()
    if difference > 1e-5:
        raise RuntimeError(f"PEFT's prefix and the written-out one differ by {difference}")
    return [f"The formulas written out in tools/oracles give the same logits (largest difference {difference:.1e})."]


def versions() -> dict[str, str]:
    return {package: importlib.metadata.version(package) for package in PACKAGES}


def other_versions(known: dict) -> dict:
    """What of the packages is not as the manifest says, for a case that is made anew beside older ones."""
    other = {package: version for package, version in versions().items() if known.get(package) != version}
    return {"versions": other} if other else {}


def make_family(
    family: Family | T5Family, out: Path, known: dict, only: list[str] | None, made_with: dict
) -> dict:
    """Writes the family's folder, or only some of its cases into the folder there is."""
    folder = out / family.name
    text2text = isinstance(family, T5Family)
    trained_model, exported_model = (build_t5(family), None) if text2text else build(family)
    if only is not None:
        exported = known["model"]
        for name in only:
            shutil.rmtree(folder / name, ignore_errors=True)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        if text2text:
            exported = export_t5(family, trained_model, folder)
        else:
            exported = export(family, exported_model, make_batches(family, "plain")[0], folder)
    summary = dict(known["cases"]) if only else {}
    for case in t5_cases(family) if text2text else cases_of(family):
        if only is not None and case.name not in only:
            continue
        batches = (make_t5_batches if text2text else make_batches)(family, case.batches)
        start = (attach_t5 if text2text else attach)(family, trained_model, case, seed=family.seed)
        notes = (
            t5_notes(start, trained_model, case, batches)
            if text2text
            else notes_of(family, start, trained_model, case, batches)
        )
        single = train(family, start, case, batches, torch.float32)
        double = train(family, start, case, batches, torch.float64)
        document = write_case(family, case, batches, start, single, double, notes, folder)
        worst = max(document["noise"]["final"].values())
        print(
            f"{family.name}/{case.name}: {document['reference']}, {document['trainableParameters']} parameters, "
            f"loss {single.losses[0]:.4f} → {single.losses[-1]:.4f}, norm {min(single.grad_norms):.3g}–{max(single.grad_norms):.3g}, "
            f"noise: loss {document['noise']['loss']:.1e}, final {worst:.1e}"
        )
        about = {"method": case.method["type"], "reference": document["reference"]}
        summary[case.name] = about | (other_versions(made_with) if only else {})
    labels = {} if text2text else {"labels": family.labels}
    return {"model": exported, **labels, "cases": summary}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="folder to write to (default: tests/oracle)")
    parser.add_argument("--families", nargs="+", choices=[f.name for f in ALL], help="only these (default: all)")
    parser.add_argument("--cases", nargs="+", help="only these, into the folders there are (default: all)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    path = options.out / "manifest.json"
    manifest = json.loads(path.read_text()) if path.exists() else {}
    # Cases made alone stand beside older ones, whose versions the manifest keeps.
    made_with = manifest["versions"] if options.cases else versions()
    families = dict(manifest.get("families", {})) if options.families or options.cases else {}
    for family in ALL:
        if not options.families or family.name in options.families:
            known = manifest.get("families", {}).get(family.name, {})
            families[family.name] = make_family(family, options.out, known, options.cases, made_with)
    manifest = {
        "made": "python tools/oracles/make_fixtures.py",
        "versions": made_with,
        "families": {family.name: families[family.name] for family in ALL if family.name in families},
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
