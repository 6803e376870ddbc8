"""The loop of pretraining, whatever the model: by processor time, so that a run may be stopped and go on."""

import argparse
import json
import math
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel


class Training:
    """
    Warm-up and linear decay run over processor time, so the run may be paused and its end is known. `args` has `minutes`,
    `threads`, `warmup`, `rate`, `batch`, `seed`, `work` and `name`; parameter groups may have a `factor` of the rate.
    A checkpoint every five minutes (`NAME.pt`), training and held-out losses in `NAME.jsonl`.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        model: PreTrainedModel,
        optimizer: torch.optim.Optimizer,
        blocks: np.ndarray,
        loss: Callable[[np.random.Generator, np.ndarray], Tensor],
        evaluate: Callable[[int], dict],
    ) -> None:
        """`loss` is of some blocks `[batch, length]`, with a generator of that step; `evaluate` of so many held-out batches."""
        self.args, self.model, self.optimizer, self.loss, self.evaluate = args, model, optimizer, loss, evaluate
        self.blocks = blocks[np.random.default_rng(args.seed).permutation(len(blocks))]
        self.step, self.spent = 0, 0.0
        self.checkpoint = args.work / f"{args.name}.pt"
        self.log = (args.work / f"{args.name}.jsonl").open("a")
        if self.checkpoint.exists():
            saved = torch.load(self.checkpoint)
            model.load_state_dict(saved["model"])
            optimizer.load_state_dict(saved["optimizer"])
            self.step, self.spent = saved["step"], saved["spent"]

    def scale(self, share: float) -> float:
        return max(1e-3, min(share / self.args.warmup, (1 - share) / (1 - self.args.warmup)))

    def run(self) -> None:
        args, budget = self.args, self.args.minutes * 60
        clock = lambda: time.process_time() / args.threads  # noqa: E731
        began, saved, evaluated = clock() - self.spent, time.time(), time.time()
        recent: list[float] = []
        while (spent := clock() - began) < budget:
            rng = np.random.default_rng((args.seed, self.step))
            rows = np.arange(self.step * args.batch, (self.step + 1) * args.batch) % len(self.blocks)
            scale = self.scale(spent / budget)
            for group in self.optimizer.param_groups:
                group["lr"] = args.rate * group.get("factor", 1.0) * scale
            loss = self.loss(rng, self.blocks[rows])
            self.optimizer.zero_grad()
            loss.backward()
            norm = nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.step, self.spent = self.step + 1, spent
            recent.append(loss.item())
            if not math.isfinite(recent[-1]):
                raise RuntimeError(f"the loss is {recent[-1]} at step {self.step}; lower --rate")
            if self.step % 50 == 0:
                self.write({"loss": float(np.mean(recent[-50:])), "gradNorm": norm.item(), "scale": scale})
            if time.time() - evaluated > 240:
                self.write(self.evaluate(8), "heldOut")
                evaluated = time.time()
            if time.time() - saved > 300:
                self.save()
                saved = time.time()
        self.write(self.evaluate(28), "final")
        self.save()

    def write(self, values: dict, kind: str = "train") -> None:
        tokens = self.step * self.args.batch * self.blocks.shape[1]
        entry = {"type": kind, "step": self.step, "tokens": tokens, "seconds": round(self.spent)} | values
        self.log.write(json.dumps(entry) + "\n")
        self.log.flush()

    def save(self) -> None:
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state | {"step": self.step, "spent": self.spent, "config": self.model.config.to_dict()}, self.checkpoint)
