"""
Pretrains a built-in BERT by filling masks.

    python pretrain.py --text wiki.txt.gz reviews.txt.gz --tokenizer public/models/bert-l4-h128 --work .cache/bert \\
        --width 96 --layers 3 --heads 3 --minutes 30

All sizes share one tokenizer. The work folder gets cached ids, embeddings to start from, a checkpoint every five minutes
(`NAME.pt`) and losses (`NAME.jsonl`). Started again it goes on from the checkpoint; `--minutes` are of processor time.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertForMaskedLM

import masks
from model import build, config, words_of

sys.path.append(str(Path(__file__).resolve().parents[1] / "pretrain-t5"))
from cooccurrence import embeddings  # noqa: E402
from corpus import documents  # noqa: E402

BLOCK = 64


def tokens_of(args: argparse.Namespace) -> np.ndarray:
    """Every nth document in a seeded order as blocks `[n, 64]`: `[CLS]`, 62 tokens of one or more documents, `[SEP]`."""
    from tokenizers import Tokenizer

    file = args.work / f"ids-{args.text_stride}.npy"
    if file.exists():
        return np.load(file)
    tokenizer = Tokenizer.from_file(str(args.tokenizer / "tokenizer.json"))
    start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    texts = [text for index, text in enumerate(documents(args.text)) if index % args.text_stride == 0]
    np.random.default_rng(args.seed).shuffle(texts)
    parts = []
    for at in range(0, len(texts), 2000):
        found = tokenizer.encode_batch_fast(texts[at : at + 2000], add_special_tokens=False)
        parts.extend(np.array([*entry.ids, end], np.uint16) for entry in found)
    flat = np.concatenate(parts)
    inner = BLOCK - 2
    rows = flat[: len(flat) // inner * inner].reshape(-1, inner)
    edge = np.ones((len(rows), 1), np.uint16)
    blocks = np.concatenate([edge * start, rows, edge * end], 1)
    np.save(file, blocks)
    return blocks


def first_embeddings(args: argparse.Namespace, blocks: np.ndarray, vocabulary: int) -> Tensor:
    file = args.work / f"embeddings-{args.width}.pt"
    if not file.exists():
        ids = blocks[:200_000, 1:-1].reshape(-1)
        torch.save(embeddings(ids, vocabulary, args.width, args.seed), file)
    return torch.load(file)


def losses(model: BertForMaskedLM, seen: np.ndarray, blocks: np.ndarray, chosen: np.ndarray, half: bool) -> tuple[Tensor, Tensor]:
    """Cross-entropy of each token that is asked for, and whether it was found."""
    places = torch.from_numpy(chosen)
    wanted = torch.from_numpy(blocks.astype(np.int64))[places]
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        logits = words_of(model, torch.from_numpy(seen.astype(np.int64)), places)
    each = nn.functional.cross_entropy(logits.float(), wanted, reduction="none")
    return each, logits.argmax(1) == wanted


@torch.no_grad()
def evaluate(model: BertForMaskedLM, held: np.ndarray, mask: int, vocabulary: int, batches: int) -> dict:
    rng = np.random.default_rng(7)
    model.eval()
    parts = []
    for at in range(min(batches, len(held) // 64)):
        blocks = held[at * 64 : at * 64 + 64]
        parts.append(losses(model, *masks_of(rng, blocks, mask, vocabulary), half=False))
    model.train()
    return {
        "loss": torch.cat([each for each, _ in parts]).mean().item(),
        "accuracy": torch.cat([found for _, found in parts]).float().mean().item(),
    }


def masks_of(rng: np.random.Generator, blocks: np.ndarray, mask: int, vocabulary: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    seen, chosen = masks.batch(rng, blocks, mask, vocabulary)
    return seen, blocks, chosen


class Training:
    """The loop: warm-up and linear decay run over processor time, so the run may be paused and its end is known."""

    def __init__(self, args: argparse.Namespace, model: BertForMaskedLM, blocks: np.ndarray, mask: int) -> None:
        held = min(4096, len(blocks) // 20)
        self.args, self.model, self.mask = args, model, mask
        self.held, self.blocks = blocks[:held], blocks[held:]
        self.blocks = self.blocks[np.random.default_rng(args.seed).permutation(len(self.blocks))]
        matrices = [p for p in model.parameters() if p.dim() == 2]
        others = [p for p in model.parameters() if p.dim() != 2]
        groups = [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=args.rate, betas=(0.9, 0.98), fused=True)
        self.step, self.spent = 0, 0.0
        self.checkpoint = args.work / f"{args.name}.pt"
        self.log = (args.work / f"{args.name}.jsonl").open("a")
        if self.checkpoint.exists():
            saved = torch.load(self.checkpoint)
            model.load_state_dict(saved["model"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step, self.spent = saved["step"], saved["spent"]

    def scale(self, share: float) -> float:
        return max(1e-3, min(share / self.args.warmup, (1 - share) / (1 - self.args.warmup)))

    def run(self) -> None:
        args, budget, vocabulary = self.args, self.args.minutes * 60, self.model.config.vocab_size
        began, saved, evaluated = time.process_time() - self.spent, time.time(), time.time()
        recent: list[float] = []
        while (spent := time.process_time() - began) < budget:
            rng = np.random.default_rng((args.seed, self.step))
            rows = np.arange(self.step * args.batch, (self.step + 1) * args.batch) % len(self.blocks)
            for group in self.optimizer.param_groups:
                group["lr"] = args.rate * self.scale(spent / budget)
            each, _ = losses(self.model, *masks_of(rng, self.blocks[rows], self.mask, vocabulary), args.half)
            loss = each.mean()
            self.optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.step, self.spent = self.step + 1, spent
            recent.append(loss.item())
            if not math.isfinite(recent[-1]):
                raise RuntimeError(f"the loss is {recent[-1]} at step {self.step}; lower --rate")
            if self.step % 100 == 0:
                self.write({"loss": float(np.mean(recent[-100:]))})
            if time.time() - evaluated > 240:
                self.write(evaluate(self.model, self.held, self.mask, vocabulary, 8), "heldOut")
                evaluated = time.time()
            if time.time() - saved > 300:
                self.save()
                saved = time.time()
        self.write(evaluate(self.model, self.held, self.mask, vocabulary, 64), "final")
        self.save()

    def write(self, values: dict, kind: str = "train") -> None:
        tokens = self.step * self.args.batch * BLOCK
        self.log.write(json.dumps({"type": kind, "step": self.step, "tokens": tokens, "seconds": round(self.spent)} | values) + "\n")
        self.log.flush()

    def save(self) -> None:
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state | {"step": self.step, "spent": self.spent, "config": self.model.config.to_dict()}, self.checkpoint)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", type=Path, nargs="+", required=True)
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="of processor time, of one thread")
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--heads", type=int, default=3)
    parser.add_argument("--batch", type=int, default=48, help="blocks of 64 tokens")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--warmup", type=float, default=0.03, help="share of the budget")
    parser.add_argument("--text-stride", type=int, default=1, help="read every nth document")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", action="store_true", help="matrix products in bfloat16")
    parser.add_argument("--name", default="model")
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.work.mkdir(parents=True, exist_ok=True)
    vocabulary = json.loads((args.tokenizer / "tokenizer.json").read_text())["model"]["vocab"]
    blocks = tokens_of(args)
    vectors = first_embeddings(args, blocks, len(vocabulary))
    model = build(config(len(vocabulary), args.width, args.layers, args.heads), vectors, args.seed)
    print(f"{blocks.size} tokens of text, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    Training(args, model, blocks, vocabulary["[MASK]"]).run()


if __name__ == "__main__":
    main()
