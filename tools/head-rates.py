"""Which rate a fresh head wants on frozen features, and what the range test would suggest.

    python tools/head-rates.py MODEL_FOLDER DATA_FOLDER [--rows 1000] [--seeds 10] [--steps 189] [--rates 1e-3,5e-3]

MODEL_FOLDER holds an exported encoder (onnx/model.onnx, tokenizer.json), DATA_FOLDER the sets sst2, mrpc and trec as
their origins lay them out. Features are the mean of each text's attended tokens, so a head is trained in a blink: the
one of the run spec (dense, tanh, out; normal 0.02), AdamW without decay, batches of 16, a linear schedule without
warm-up, clipping at 1. Prints the mean score of each rate over seeds, and over the same seeds the rate at which the
loss of the range test (src/advice/range-test.ts) is lowest.
"""
import argparse
import csv
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

LENGTH = 64


def sst2(folder):
    def rows(name):
        with open(folder / "sst2" / name, encoding="utf-8") as file:
            return [(row["sentence"], None, int(row["label"])) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]

    return rows("train-4000.tsv"), rows("dev.tsv")


def mrpc(folder):
    def rows(name):
        with open(folder / "mrpc" / name, encoding="utf-8-sig") as file:
            return [(row["#1 String"], row["#2 String"], int(row["Quality"])) for row in csv.DictReader(file, delimiter="\t")]

    return rows("train.tsv"), rows("dev.tsv")


def trec(folder):
    def rows(name):
        lines = (folder / "trec" / name).read_text(encoding="latin-1").splitlines()
        return [(line.split(" ", 1)[1], None, line.split(":", 1)[0]) for line in lines if line]

    train, test = rows("train.txt"), rows("test.txt")
    names = sorted({label for _, _, label in train})
    return tuple([(a, b, names.index(label)) for a, b, label in part] for part in (train, test))


def features(model, rows):
    """Means over attended tokens, [rows, width], and labels."""
    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(next(model.rglob("model.onnx"))), options, providers=["CPUExecutionProvider"])
    wanted = [one.name for one in session.get_inputs()]
    means = []
    for at in range(0, len(rows), 32):
        texts = [(a, b) if b is not None else a for a, b, _ in rows[at : at + 32]]
        encoded = tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        feeds = {"input_ids": np.array([one.ids for one in encoded], np.int64), "attention_mask": mask, "token_type_ids": np.array([one.type_ids for one in encoded], np.int64)}
        hidden = session.run(None, {name: feeds[name] for name in wanted})[0]
        weights = mask[..., None].astype(np.float32)
        means.append((hidden * weights).sum(1) / weights.sum(1))
    return torch.tensor(np.concatenate(means)), torch.tensor([label for _, _, label in rows])


def head(width, classes, seed):
    torch.manual_seed(seed)
    layers = torch.nn.Sequential(torch.nn.Linear(width, width), torch.nn.Tanh(), torch.nn.Linear(width, classes))
    for layer in (layers[0], layers[2]):
        torch.nn.init.normal_(layer.weight, std=0.02)
        torch.nn.init.zeros_(layer.bias)
    return layers


def train(x, y, classes, rate, steps, seed):
    layers = head(x.shape[1], classes, seed)
    optimizer = torch.optim.AdamW(layers.parameters(), lr=rate, weight_decay=0)
    generator = torch.Generator().manual_seed(seed)
    order = []
    for step in range(steps):
        if len(order) < 16:
            order += torch.randperm(len(x), generator=generator).tolist()
        batch, order = order[:16], order[16:]
        for group in optimizer.param_groups:
            group["lr"] = rate * (steps - step) / steps
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(layers(x[batch]), y[batch]).backward()
        torch.nn.utils.clip_grad_norm_(layers.parameters(), 1)
        optimizer.step()
    return layers


def lowest(x, y, classes, standard, seed, steps=80, batches=8):
    """The rate at which the smoothed loss of the range test is lowest."""
    layers = head(x.shape[1], classes, seed)
    optimizer = torch.optim.AdamW(layers.parameters(), lr=0, weight_decay=0)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))[: batches * 16].view(batches, 16)

    def step(rate, batch):
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(layers(x[order[batch]]), y[order[batch]])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(layers.parameters(), 1)
        optimizer.step()
        return loss.item()

    untouched = [step(0, batch) for batch in range(batches)]
    average, best, first = 0, (float("inf"), 0), sum(untouched) / batches
    for i in range(steps):
        rate = standard / 50 * (20000 ** (i / (steps - 1)))
        average = 0.9 * average + 0.1 * (step(rate, i % batches) - untouched[i % batches])
        smoothed = first + average / (1 - 0.9 ** (i + 1))
        best = min(best, (smoothed, rate))
        if smoothed > 2 * first or (smoothed > first and smoothed > 4 * best[0]):
            break
    return best[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=189)
    parser.add_argument("--default", type=float, default=1e-3)
    parser.add_argument("--sets", default="sst2,mrpc,trec")
    parser.add_argument("--rates", default="2e-4,5e-4,1e-3,2e-3,5e-3,1e-2,2e-2")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for name in given.sets.split(","):
        rows, judged = globals()[name](given.data)
        x, y = features(given.model, rows[: given.rows])
        test_x, test_y = features(given.model, judged)
        classes = int(max(y.max(), test_y.max())) + 1
        print(f"{given.model.name}, {name}: {len(x)} rows, {given.steps} steps; always the largest class {(test_y == y.mode().values).float().mean():.3f}")
        for rate in map(float, given.rates.split(",")):
            scores = []
            for seed in range(given.seeds):
                layers = train(x, y, classes, rate, given.steps, seed)
                scores.append((layers(test_x).argmax(1) == test_y).float().mean().item())
            print(f"  {rate:g}: {100 * np.mean(scores):.1f} ± {100 * np.std(scores, ddof=1):.1f}", flush=True)
        found = [lowest(x, y, classes, given.default, seed) for seed in range(given.seeds)]
        print(f"  lowest loss of the range test: median {np.median(found):.2g}, {min(found):.2g} to {max(found):.2g}")


main()
