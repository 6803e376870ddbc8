"""
PyTorch beside the benches: `npm run bench -- --adapter wasm --python PATH/TO/python` starts this file and asks it for
training steps, forward passes and products of the same sizes as ours, in turn with the other engines. Calls and answers
are lines of JSON: {"name", "argument"} and {"value"} or {"error"}; times are milliseconds of clock and processor time.

BERT is transformers' own with `sdpa` attention, LoRA is PEFT's, AdamW is PyTorch's fused one; weights are random.

Needs: pip install torch transformers peft
"""

import json
import os
import resource
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from torch import nn
from transformers import BertConfig, BertForSequenceClassification

torch.set_num_threads(int(os.environ.get("DELTA_THREADS", "1")))


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def spent(work):
    processor, clock = processor_seconds(), time.perf_counter()
    result = work()
    return result, {
        "wall": 1000 * (time.perf_counter() - clock),
        "cpu": 1000 * (processor_seconds() - processor),
    }


class Bottleneck(nn.Module):
    """A linear and Houlsby's adapter behind it, as the study has it: 64 wide, SiLU."""

    def __init__(self, linear, width=64):
        super().__init__()
        self.linear = linear
        self.down = nn.Linear(linear.out_features, width)
        self.up = nn.Linear(width, linear.out_features)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        y = self.linear(x)
        return y + self.up(nn.functional.silu(self.down(y)))


class Prompt(nn.Module):
    """Twenty trained rows before the embedded words."""

    def __init__(self, model, tokens=20):
        super().__init__()
        self.model = model
        self.rows = nn.Parameter(torch.randn(tokens, model.config.hidden_size) * 0.02)

    def forward(self, input_ids, attention_mask, labels):
        words = self.model.bert.embeddings.word_embeddings(input_ids)
        batch, tokens = len(input_ids), len(self.rows)
        x = torch.cat([self.rows.expand(batch, -1, -1), words], 1)
        mask = torch.cat([attention_mask.new_ones(batch, tokens), attention_mask], 1)
        return self.model(inputs_embeds=x, attention_mask=mask, labels=labels)


def with_method(model, method):
    """The model with what the method adds, and only its tensors trained."""
    if method == "full":
        return model
    if method == "lora":
        config = LoraConfig(r=8, lora_alpha=16, target_modules=["query", "value"], task_type="SEQ_CLS")
        return get_peft_model(model, config)
    for name, parameter in model.named_parameters():
        parameter.requires_grad = name.startswith("classifier") or (method == "bitfit" and name.endswith("bias"))
    if method == "adapter":
        for layer in model.bert.encoder.layer:
            layer.attention.output.dense = Bottleneck(layer.attention.output.dense)
            layer.output.dense = Bottleneck(layer.output.dense)
    if method == "prompt":
        return Prompt(model)
    return model


class Peer:
    def open(self, stack):
        config = BertConfig(
            vocab_size=stack["vocabulary"],
            hidden_size=stack["hidden"],
            num_hidden_layers=stack["layers"],
            num_attention_heads=stack["heads"],
            intermediate_size=4 * stack["hidden"],
            hidden_dropout_prob=0,
            attention_probs_dropout_prob=0,
            num_labels=2,
            attn_implementation="sdpa",
        )
        torch.manual_seed(1)
        self.model = with_method(BertForSequenceClassification(config), stack["method"]).train()
        self.trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.trained, lr=1e-4, weight_decay=0, fused=True)
        shape = (stack["batchSize"], stack["length"])
        self.batch = {
            "input_ids": torch.tensor(stack["ids"]).reshape(shape),
            "attention_mask": torch.tensor(stack["mask"]).reshape(shape),
            "labels": torch.tensor(stack["labels"]),
        }

    def step(self):
        loss = self.model(**self.batch).loss
        loss.backward()
        nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        return loss.item()

    def train(self, steps):
        made = [spent(self.step) for _ in range(steps)]
        return {"losses": [loss for loss, _ in made], "times": [times for _, times in made]}

    def forward(self, steps):
        self.model.eval()
        with torch.inference_mode():
            times = [spent(lambda: self.model(**self.batch).logits)[1] for _ in range(steps)]
        self.model.train()
        return times

    def close(self, _):
        self.model = self.optimizer = self.trained = None

    def matmul(self, product):
        form, m, n, k = (product[key] for key in ("form", "m", "n", "k"))
        a = torch.randn(m, k) if form[0] == "N" else torch.randn(k, m).T
        b = torch.randn(k, n) if form[1] == "N" else torch.randn(n, k).T
        y = torch.empty(m, n)

        def run(times):
            for _ in range(times):
                torch.matmul(a, b, out=y)

        run(1)
        _, once = spent(lambda: run(4))
        times = max(1, int(4 * product["milliseconds"] / max(once["cpu"], 0.01)))
        made = [spent(lambda: run(times))[1] for _ in range(5)]
        return {what: min(each[what] for each in made) / times for what in ("wall", "cpu")}

    def about(self, _):
        return {"torch": torch.__version__, "capability": torch.backends.cpu.get_cpu_capability()}


peer = Peer()
for line in sys.stdin:
    call = json.loads(line)
    try:
        answer = {"value": getattr(peer, call["name"])(call.get("argument"))}
    except Exception as error:  # Told to the bench, which names the engine.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
