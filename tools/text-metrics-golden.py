"""Writes tests/data/text-metrics.golden.json: scores of generated texts by the libraries that define them:
sacreBLEU for BLEU and chrF, torchmetrics for ROUGE (`rouge_score`'s formulas; its tokens for ASCII, single
characters for Chinese) and for SQuAD's exact match and F1.

    pip install sacrebleu torchmetrics nltk
    python tools/text-metrics-golden.py

Sentences are written for this file.
"""

import json
import re
from pathlib import Path

import sacrebleu
import torchmetrics
from torchmetrics.functional.text import squad
from torchmetrics.functional.text.rouge import rouge_score

OUT = Path(__file__).parent.parent / "tests" / "data" / "text-metrics.golden.json"

ENGLISH = [
    ("The committee approved the new budget on Friday.", "On Friday, the committee approved a new budget."),
    ("A cat sat on the mat, and the dog slept.", "The cat sat on the mat while a dog slept."),
    ("Prices rose 12.5% to $3,400 in 2024-02.", "In 2024 prices rose by 12.5% to $3,400."),
    ("we propose a method for pruning", "We propose a simple method for pruning attention heads."),
    ("I don't know.", "I do not know."),
    ("nothing shared here", "Completely different words"),
    ("yes", "Yes!"),
    ("", "An empty prediction"),
    ("the the the the the the", "the cat is on the mat"),
    ("AT&amp;T &quot;quotes&quot; &lt;tags&gt; e-mail state-of-the-art", 'AT&T "quotes" <tags> email state of the art'),
]
CHINESE = [
    ("这家酒店的房间很干净。", "酒店房间非常干净，服务也好。"),
    ("今天天气很好", "今天的天气很好。"),
    ("我在Berlin喝了一杯coffee，花了20元。", "我在Berlin喝coffee，花了25元。"),
    ("“模型”学会了——写摘要…", "模型“学会”了写摘要。"),
    ("完全不同", "毫无关系的句子"),
]
SEVERAL = [
    (
        "The cat sat on the mat near the door.",
        ["A cat sat on a mat by the door.", "The cat was on the mat close to the door."],
    ),
    ("We propose a new optimizer for sparse models.", ["We present an optimizer for sparse models."]),
    (
        "Results improve on three tasks.",
        ["The results get better on three of the tasks.", "Results improve.", "Three tasks show improved results."],
    ),
]


def several(rows):
    predicted = [text for text, _ in rows]
    most = max(len(references) for _, references in rows)
    streams = [[references[i] if i < len(references) else None for _, references in rows] for i in range(most)]
    return {
        "predicted": predicted,
        "truth": [references for _, references in rows],
        "bleu": sacrebleu.corpus_bleu(predicted, streams).score,
        "chrf": sacrebleu.corpus_chrf(predicted, streams).score,
    }


def characters(text):
    return re.findall(r"[\u4e00-\u9fff]|[a-z0-9]+", text.lower())


def rouge(pairs, **options):
    keys = ("rouge1", "rouge2", "rougeL")
    rows = []
    for predicted, truth in pairs:
        scores = rouge_score(predicted, truth, rouge_keys=keys, **options)
        rows.append({key: scores[f"{key}_fmeasure"].item() for key in keys})
    return rows


def answers(pairs):
    rows = []
    for predicted, truth in pairs:
        answer = {"answers": {"answer_start": [0], "text": [truth]}, "id": "1"}
        scores = squad({"prediction_text": predicted, "id": "1"}, answer)
        rows.append({"exactMatch": scores["exact_match"].item() / 100, "tokenF1": scores["f1"].item() / 100})
    return rows


def corpus(pairs, tokenize):
    predicted, truth = [p for p, _ in pairs], [t for _, t in pairs]
    return {
        "bleu": sacrebleu.corpus_bleu(predicted, [truth], tokenize=tokenize).score,
        "chrf": sacrebleu.corpus_chrf(predicted, [truth]).score,
    }


def tokens(pairs, tokenize):
    tokenizer = sacrebleu.metrics.bleu._get_tokenizer(tokenize)()
    return [tokenizer(text.rstrip()).split() for pair in pairs for text in pair]


golden = {
    "libraries": {"sacrebleu": sacrebleu.__version__, "torchmetrics": torchmetrics.__version__},
    "english": {
        "pairs": ENGLISH,
        "rouge": rouge(ENGLISH),
        "answers": answers(ENGLISH),
        "tokens": tokens(ENGLISH, "13a"),
        "corpora": [corpus(ENGLISH, "13a"), corpus(ENGLISH[:2], "13a"), corpus(ENGLISH[4:7], "13a")],
        "slices": [[0, len(ENGLISH)], [0, 2], [4, 7]],
    },
    "chinese": {
        "pairs": CHINESE,
        "rouge": rouge(CHINESE, tokenizer=characters, normalizer=lambda text: text),
        "tokens": tokens(CHINESE, "zh"),
        "corpora": [corpus(CHINESE, "zh"), corpus(CHINESE[1:3], "zh")],
        "slices": [[0, len(CHINESE)], [1, 3]],
    },
    "references": several(SEVERAL),
}
OUT.write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"') + "\n")
