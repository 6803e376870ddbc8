"""
Fine-tunes the pretrained T5 on a two-column TSV in PyTorch, to see what it has learned to be good for.

    python finetune.py --model .cache/t5/model.pt --tokenizer .cache/t5/tokenizer.json --data public/data/demo-text2text
"""

import argparse
import csv
import random
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import T5Config, T5ForConditionalGeneration

from model import build


def load(path: Path) -> T5ForConditionalGeneration:
    saved = torch.load(path)
    settings = T5Config(**saved["config"])
    model = build(settings, saved["model"]["shared.weight"], seed=0)
    model.load_state_dict(saved["model"])
    return model


def rows(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [(row["source"], row["target"]) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def padded(tokenizer: Tokenizer, texts: list[str], fill: int) -> Tensor:
    ids = [tokenizer.encode(text).ids for text in texts]
    length = max(map(len, ids))
    return torch.tensor([[*row, *[fill] * (length - len(row))] for row in ids])


def loss_of(model: T5ForConditionalGeneration, tokenizer: Tokenizer, batch: list[tuple[str, str]]) -> Tensor:
    source, labels = padded(tokenizer, [s for s, _ in batch], 0), padded(tokenizer, [t for _, t in batch], -100)
    return model(input_ids=source, attention_mask=(source != 0).long(), labels=labels).loss


@torch.no_grad()
def exact(model: T5ForConditionalGeneration, tokenizer: Tokenizer, data: list[tuple[str, str]], show: int) -> float:
    right = 0
    for at in range(0, len(data), 50):
        part = data[at : at + 50]
        source = padded(tokenizer, [s for s, _ in part], 0)
        made = model.generate(input_ids=source, attention_mask=(source != 0).long(), max_new_tokens=32, do_sample=False)
        for (text, target), ids in zip(part, made.tolist()):
            answer = tokenizer.decode(ids)
            right += answer == target
            if show > 0:
                print(f"  {text}\n    → {answer}\n    = {target}")
                show -= 1
    return right / len(data)


def chosen(model: T5ForConditionalGeneration, method: str) -> list[nn.Parameter]:
    """What trains: everything, or LoRA (rank 8, alpha 16, q and v), which PEFT puts into the model's own layers."""
    if method == "full":
        return list(model.parameters())
    tuned = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=["q", "v"]))
    return [parameter for parameter in tuned.parameters() if parameter.requires_grad]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--method", default="full", choices=["full", "lora"])
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--limit", type=int, default=200, help="validation rows to generate for")
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    model = load(args.model)
    train, validation = rows(args.data / "train.tsv"), rows(args.data / "validation.tsv")[: args.limit]
    parameters = chosen(model, args.method)
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, weight_decay=0)
    random.Random(args.seed).shuffle(train)
    seen = 0.0
    for step in range(1, args.steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = args.rate * (args.steps - step + 1) / args.steps
        at = (step - 1) * args.batch % (len(train) - args.batch)
        loss = loss_of(model, tokenizer, train[at : at + args.batch])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        seen += loss.item()
        if step % args.every == 0:
            show = 6 if step == args.steps else 0
            print(f"step {step}: loss {seen / args.every:.3f}, exact {exact(model, tokenizer, validation, show):.3f}", flush=True)
            seen = 0.0


if __name__ == "__main__":
    main()
