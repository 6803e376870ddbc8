"""
Pretrains the built-in T5 by span corruption.

    python pretrain.py --text wiki.txt.gz reviews.txt.gz --work .cache/t5 --minutes 75

writes into the work folder the tokenizer, cached ids and embeddings, a checkpoint every five minutes
(`<name>.pt`), and training and held-out losses (`<name>.jsonl`). Started again it goes on from the checkpoint.
A tokenizer already in the work folder is kept: put the one in `tokenizer/` there to keep its vocabulary.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import T5Config, T5ForConditionalGeneration

import spans
from cooccurrence import embeddings
from corpus import documents, tokenise
from loop import Training
from model import build, config
from tokenizer import train_tokenizer, write_tokenizer

VOCABULARY = 8192


def prepare(args: argparse.Namespace) -> tuple[np.ndarray, np.ndarray, Tensor]:
    """Training ids, held-out ids and first embeddings; from the cache where they are there."""
    from tokenizers import Tokenizer

    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "tokenizer.json").exists():
        stride = args.tokenizer_stride
        sample = (text for index, text in enumerate(documents(args.text)) if index % stride == 0)
        write_tokenizer(train_tokenizer(sample, VOCABULARY), work)
        print("tokenizer trained", flush=True)
    if not (work / "ids.npy").exists():
        tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
        np.save(work / "ids.npy", tokenise(tokenizer, args.text, args.seed, args.text_stride))
        print("text tokenised", flush=True)
    ids = np.load(work / "ids.npy")
    held = held_out(ids)
    vectors = work / f"embeddings-{args.width}.pt"
    if not vectors.exists():
        torch.save(embeddings(ids[held : held + 12_000_000], VOCABULARY, args.width, args.seed), vectors)
        print("embeddings made", flush=True)
    return ids[held:], ids[:held], torch.load(vectors)


def first_model(args: argparse.Namespace, vectors: Tensor) -> T5ForConditionalGeneration:
    if args.start is None:
        return build(config(VOCABULARY, args.width, args.heads, args.layers, args.feed_forward), vectors, args.seed)
    start = torch.load(args.start)
    model = build(T5Config.from_dict(start["config"]), start["model"]["shared.weight"], args.seed)
    model.load_state_dict(start["model"])
    return model


def held_out(ids: np.ndarray) -> int:
    """How many of the first tokens are kept for evaluation."""
    return min(200_000, len(ids) // 20)


def blocks_of(ids: np.ndarray, length: int) -> np.ndarray:
    return ids[: len(ids) // length * length].reshape(-1, length).astype(np.int64)


def parameter_groups(model: T5ForConditionalGeneration, rate: float, embedding_factor: float) -> list[dict]:
    """Embeddings are of scale 1, so their step is larger; the matrices' scale is their width's inverse root."""
    tables = [p for name, p in model.named_parameters() if "shared" in name or "relative_attention_bias" in name]
    norms = [p for name, p in model.named_parameters() if "layer_norm" in name]
    known = {id(p) for p in tables + norms}
    rest = [p for p in model.parameters() if id(p) not in known]
    return [
        {"params": tables, "lr": rate, "factor": embedding_factor},
        {"params": norms, "lr": rate, "factor": 2.0},
        {"params": rest, "lr": rate, "factor": 1.0},
    ]


def losses(model: T5ForConditionalGeneration, source: Tensor, target: Tensor, half: bool) -> Tensor:
    """Cross-entropy of every target token, `[batch · target]`."""
    start = torch.zeros(len(target), 1, dtype=torch.long)
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        logits = model(input_ids=source, decoder_input_ids=torch.cat([start, target[:, :-1]], 1), use_cache=False).logits
    return nn.functional.cross_entropy(logits.float().flatten(0, 1), target.flatten(), reduction="none")


@torch.no_grad()
def evaluate(model: T5ForConditionalGeneration, ids: np.ndarray, args: argparse.Namespace, batches: int) -> dict:
    """Held-out loss and accuracy: over all target tokens, and over words alone (no sentinels, no `</s>`)."""
    rng = np.random.default_rng(7)
    blocks = blocks_of(ids, args.block)
    total, words, right, seen, seen_words = 0.0, 0.0, 0, 0, 0
    model.eval()
    for at in range(min(batches, len(blocks) // 64)):
        source, target = spans.batch(rng, blocks[at * 64 : at * 64 + 64], args.density, args.span, VOCABULARY)
        source, target = torch.from_numpy(source), torch.from_numpy(target)
        start = torch.zeros(len(target), 1, dtype=torch.long)
        logits = model(input_ids=source, decoder_input_ids=torch.cat([start, target[:, :-1]], 1)).logits
        flat = target.flatten()
        each = nn.functional.cross_entropy(logits.flatten(0, 1), flat, reduction="none")
        word = (flat > 2) & (flat < VOCABULARY - 100)
        total, seen = total + each.sum().item(), seen + len(flat)
        words, seen_words = words + each[word].sum().item(), seen_words + int(word.sum())
        right += int((logits.flatten(0, 1).argmax(1) == flat)[word].sum())
    model.train()
    return {"loss": total / seen, "wordLoss": words / seen_words, "wordAccuracy": right / seen_words}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="budget of the training itself, in processor time of one thread")
    parser.add_argument("--start", type=Path, help="weights to go on from (`grow.py`) instead of a new model")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--heads", type=int, default=4)
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--feed-forward", type=int, default=256)
    parser.add_argument("--block", type=int, default=112)
    parser.add_argument("--density", type=float, default=0.15)
    parser.add_argument("--span", type=float, default=3.0)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--embedding-factor", type=float, default=5.0)
    parser.add_argument("--warmup", type=float, default=0.03, help="share of the budget")
    parser.add_argument("--tokenizer-stride", type=int, default=12)
    parser.add_argument("--text-stride", type=int, default=1, help="read every nth document")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--half", action="store_true", help="matrix products in bfloat16")
    parser.add_argument("--name", default="model")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    ids, held, vectors = prepare(args)
    model = first_model(args, vectors)
    print(f"{len(ids)} tokens of text, {sum(p.numel() for p in model.parameters())} parameters", flush=True)
    optimizer = torch.optim.AdamW(
        parameter_groups(model, args.rate, args.embedding_factor), betas=(0.9, 0.98), weight_decay=0.0, fused=True
    )

    def loss(rng: np.random.Generator, blocks: np.ndarray) -> Tensor:
        source, target = spans.batch(rng, blocks, args.density, args.span, VOCABULARY)
        return losses(model, torch.from_numpy(source), torch.from_numpy(target), args.half).mean()

    Training(args, model, optimizer, blocks_of(ids, args.block), loss, lambda n: evaluate(model, held, args, n)).run()


if __name__ == "__main__":
    main()
