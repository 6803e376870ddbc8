"""Rows of SST-2, TREC, MRPC and CoLA as the study on real encoders reads them (docs/study.md).

    python tools/real_rows.py DATASETS OUT

DATASETS holds the folders sst2, trec, mrpc and cola with the files as they are published (GLUE's TSV files,
TREC's `COARSE:fine question` in Latin-1). OUT gets NAME-train.tsv and NAME-test.tsv with named columns. CoLA stands
sorted by source and MRPC's files have quotation marks of their own, so all rows are shuffled with one seed and the
first are taken: 1,400 to train (of which the spec holds out a fourteenth to validate) and 400 to test.
"""

import csv
import random
import sys
from pathlib import Path

TRAIN, TEST, SEED = 1400, 400, 0


def sst2(folder: Path, part: str):
    name = {"train": "train-4000.tsv", "test": "dev.tsv"}[part]
    for line in (folder / name).read_text("utf-8").splitlines()[1:]:
        text, label = line.rsplit("\t", 1)
        yield {"text": text.strip(), "label": {"0": "bad", "1": "good"}[label]}


def trec(folder: Path, part: str):
    for line in (folder / f"{part}.txt").read_text("latin-1").splitlines():
        label, text = line.split(" ", 1)
        yield {"text": text.strip(), "label": label.split(":")[0]}


def mrpc(folder: Path, part: str):
    name = {"train": "train.tsv", "test": "dev.tsv"}[part]
    with open(folder / name, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield {
                "text": " ".join(row["#1 String"].split()),
                "text2": " ".join(row["#2 String"].split()),
                "label": {"0": "different", "1": "same"}[row["Quality"]],
            }


def cola(folder: Path, part: str):
    name = {"train": "train.tsv", "test": "dev.tsv"}[part]
    for line in (folder / name).read_text("utf-8").splitlines():
        _, label, _, text = line.split("\t")
        yield {"text": text.strip(), "label": {"0": "wrong", "1": "right"}[label]}


def main(datasets: Path, out: Path):
    out.mkdir(parents=True, exist_ok=True)
    for read in (sst2, trec, mrpc, cola):
        for part, count in (("train", TRAIN), ("test", TEST)):
            rows = list(read(datasets / read.__name__, part))
            random.Random(SEED).shuffle(rows)
            with open(out / f"{read.__name__}-{part}.tsv", "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0].keys(), delimiter="\t", lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows[:count])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
