"""Makes tests/oracle/prompt-autoencoder.json: the autoencoder of prompts trained by PyTorch on reconstruction alone.

    python tools/oracles/prompt_autoencoder.py
"""

import json
from pathlib import Path

import torch
from torch import nn

PROMPTS, DIRECTIONS, DIMENSION, HIDDEN = 5, 4, 2, 6
STEPS, RATE = 20, 1e-2
OUT = Path(__file__).resolve().parents[2] / "tests" / "oracle" / "prompt-autoencoder.json"


def main() -> None:
    torch.manual_seed(5)
    torch.set_default_dtype(torch.float64)
    encoder = nn.Linear(DIRECTIONS, DIMENSION)
    decoder = nn.Sequential(nn.Linear(DIMENSION, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, DIRECTIONS))
    data = torch.randn(PROMPTS, DIRECTIONS)
    parts = {"encoder": encoder, "inner": decoder[0], "outer": decoder[2]}

    def weights() -> dict[str, list[float]]:
        """Row-major [in, out]."""
        out = {name: linear.weight.detach().T.flatten().tolist() for name, linear in parts.items()}
        return out | {f"{name}Bias": linear.bias.detach().tolist() for name, linear in parts.items()}

    start = weights()
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=RATE)
    losses = []
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        loss = nn.functional.mse_loss(decoder(encoder(data)), data)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    document = {
        "made": "python tools/oracles/prompt_autoencoder.py",
        "torch": torch.__version__,
        "training": {"steps": STEPS, "learningRate": RATE},
        "dimension": DIMENSION,
        "hidden": HIDDEN,
        "data": data.tolist(),
        "start": start,
        "losses": losses,
        "final": weights(),
    }
    OUT.write_text("{\n" + ",\n".join(f'  "{key}": {json.dumps(value)}' for key, value in document.items()) + "\n}\n")


if __name__ == "__main__":
    main()
