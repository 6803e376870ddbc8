"""Do the losses of PyTorch and of the studio agree? `python check_curves.py STUDY [--steps 20] [--tolerance 1e-4]`

STUDY is the folder that `delta study` trained the same cells in. Cells that only one of the two has run are named and
left out. Ends with status 1 where a loss differs by more than the tolerance, or nothing could be compared.
"""

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def losses(file: Path) -> list[float]:
    """Of the steps, in order."""
    events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [event["loss"] for event in events if event["type"] == "step"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", type=Path)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    compared, worst = 0, 0.0
    for script in sorted(HERE.glob("cell-*.py")):
        cell = script.stem.removeprefix("cell-")
        name = script.read_text(encoding="utf-8").splitlines()[0].strip('"')
        theirs, ours = HERE / "metrics" / f"{cell}.jsonl", arguments.study / "cells" / cell / "metrics.jsonl"
        absent = [str(file) for file in (theirs, ours) if not file.exists()]
        if absent:
            print(f"{name} not compared: there is no {absent[0]}")
            continue
        pairs = list(zip(losses(theirs), losses(ours)))[: arguments.steps]
        if not pairs:
            print(f"{name} not compared: no step was taken")
            continue
        difference = max(abs(a - b) for a, b in pairs)
        compared, worst = compared + 1, max(worst, difference)
        print(f"{name} {len(pairs)} steps, largest difference {difference:.1e}")
    print(f"{compared} cells compared, largest difference {worst:.1e}")
    return 0 if compared and worst <= arguments.tolerance else 1


if __name__ == "__main__":
    sys.exit(main())
