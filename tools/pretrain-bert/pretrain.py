"""
Pretrains a built-in BERT by filling masks.

    python pretrain.py --text wiki.txt.gz reviews.txt.gz --tokenizer public/models/bert-l4-h128 --work .cache/bert \\
        --width 96 --layers 3 --heads 3 --minutes 30

All sizes share one tokenizer. The work folder gets cached ids, embeddings to start from, a checkpoint every five minutes
(`NAME.pt`) and losses (`NAME.jsonl`). Started again it goes on from the checkpoint; `--minutes` are of processor time.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertForMaskedLM

import masks
from model import build, config, words_of

sys.path.append(str(Path(__file__).resolve().parents[1] / "pretrain-t5"))
from cooccurrence import embeddings  # noqa: E402
from corpus import documents  # noqa: E402
from loop import Training  # noqa: E402

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


def held_out(blocks: np.ndarray) -> int:
    """How many of the first blocks are kept for evaluation."""
    return min(4096, len(blocks) // 20)


def optimizer_of(model: BertForMaskedLM, rate: float) -> torch.optim.AdamW:
    """Matrices decay; biases and norms do not."""
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    groups = [{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)


def first_embeddings(args: argparse.Namespace, blocks: np.ndarray, vocabulary: int) -> Tensor:
    file = args.work / f"embeddings-{args.width}.pt"
    if not file.exists():
        ids = blocks[:200_000, 1:-1].reshape(-1)
        torch.save(embeddings(ids, vocabulary, args.width, args.seed), file)
    return torch.load(file)


def first_model(args: argparse.Namespace, blocks: np.ndarray, vocabulary: int) -> BertForMaskedLM:
    if args.start is None:
        vectors = first_embeddings(args, blocks, vocabulary)
        return build(config(vocabulary, args.width, args.layers, args.heads), vectors, args.seed)
    start = torch.load(args.start)
    model = BertForMaskedLM._from_config(BertConfig.from_dict(start["config"]), attn_implementation="sdpa")
    model.load_state_dict(start["model"])
    return model


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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", type=Path, nargs="+", required=True)
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder with tokenizer.json")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="of processor time of one thread")
    parser.add_argument("--width", type=int, default=96)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--heads", type=int, default=3)
    parser.add_argument("--start", type=Path, help="weights to go on from (`../pretrain-t5/grow.py`) instead of a new model")
    parser.add_argument("--batch", type=int, default=48, help="blocks of 64 tokens")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--warmup", type=float, default=0.03, help="share of the budget")
    parser.add_argument("--text-stride", type=int, default=1, help="read every nth document")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--half", action="store_true", help="matrix products in bfloat16")
    parser.add_argument("--name", default="model")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    vocabulary = json.loads((args.tokenizer / "tokenizer.json").read_text())["model"]["vocab"]
    blocks = tokens_of(args)
    model = first_model(args, blocks, len(vocabulary))
    print(f"{blocks.size} tokens of text, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    held = held_out(blocks)
    mask, size = vocabulary["[MASK]"], len(vocabulary)

    def loss(rng: np.random.Generator, some: np.ndarray) -> Tensor:
        return losses(model, *masks_of(rng, some, mask, size), args.half)[0].mean()

    Training(
        args, model, optimizer_of(model, args.rate), blocks[held:], loss, lambda n: evaluate(model, blocks[:held], mask, size, n)
    ).run()


if __name__ == "__main__":
    main()
