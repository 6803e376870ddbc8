"""
Models of one narrow layer, exported as the fixtures' are, for tests/fuzz: an input of the fuzzer imports a whole
model, so that nodes and weights decide how many inputs it reads in a second.

Run: python tools/oracles/fuzz_seeds.py
"""

import copy
import warnings
from dataclasses import replace
from pathlib import Path

import onnx
import torch
from torch import nn

from batches import Batch
from export import export, strip, write_config
from families import FAMILIES, build, input_names
from t5_export import DECODER_INPUTS, ENCODER_INPUTS, example, export_t5
from t5_families import T5_FAMILIES, build_t5

OUT = Path(__file__).parents[2] / "tests" / "fuzz" / "seeds"
VOCAB = 20
BERT = dict(
    vocab_size=VOCAB,
    hidden_size=4,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=6,
    max_position_embeddings=12,
)
OPTIONS = {
    "bert": BERT,
    "distilbert": dict(vocab_size=VOCAB, dim=4, n_layers=1, n_heads=2, hidden_dim=6, max_position_embeddings=12),
    "roberta": BERT,
    "electra": BERT | dict(embedding_size=2),
    "bert-features": BERT,
}
# A dynamo export has half of the nodes; the others stay as older exporters write them.
DYNAMO = ("bert", "electra", "bert-features")
T5 = dict(vocab_size=VOCAB, d_model=4, d_kv=2, num_heads=2, d_ff=6, num_layers=1, num_decoder_layers=1)


def main() -> None:
    for family in FAMILIES:
        if family.name not in OPTIONS:
            continue
        small = replace(family, options=family.options | OPTIONS[family.name])
        if family.name in DYNAMO:
            small = replace(small, dynamo=True, opset=20, attention="eager")
        ids = [[2, 5, 6, 7, 3], [2, 8, 3, 0, 0]]
        values = {
            "input_ids": ids,
            "attention_mask": [[1] * 5, [1] * 3 + [0] * 2],
            "token_type_ids": [[0] * 5] * 2,
        }
        example = Batch({name: values[name] for name in input_names(small)}, [])
        export(small, build(small)[1], example, OUT / family.name)
    for family in T5_FAMILIES:
        if family.name == "t5-gated":
            continue
        small = replace(family, options=family.options | T5)
        if small.merged:
            export_t5(small, build_t5(small), OUT / family.name)
            (OUT / family.name / "generation_config.json").unlink()
        else:
            export_dynamo_t5(build_t5(small), OUT / family.name)


class Encoder(nn.Module):
    def __init__(self, model) -> None:
        super().__init__()
        self.stack = model.encoder

    def forward(self, input_ids, attention_mask):
        return self.stack(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


class Decoder(nn.Module):
    def __init__(self, model) -> None:
        super().__init__()
        self.decoder, self.lm_head = model.decoder, model.lm_head
        self.factor = model.config.d_model**-0.5 if model.config.tie_word_embeddings else 1.0

    def forward(self, encoder_attention_mask, input_ids, encoder_hidden_states):
        hidden = self.decoder(
            input_ids=input_ids,
            encoder_hidden_states=encoder_hidden_states,
            encoder_attention_mask=encoder_attention_mask,
            use_cache=False,
        ).last_hidden_state
        return self.lm_head(hidden * self.factor)


def export_dynamo_t5(model, folder: Path) -> None:
    """The two files of a T5 by the dynamo exporter, which Optimum does not use yet."""
    folder.mkdir(parents=True, exist_ok=True)
    values = example(model, source=5, target=3)
    hidden = torch.randn(2, 5, model.config.d_model, generator=torch.Generator().manual_seed(4))
    decoder_inputs = [values["attention_mask"], values["decoder_input_ids"], hidden]
    batch, source, target = (torch.export.Dim(name) for name in ("batch_size", "source", "target"))
    lengths = [source, target, source]
    parts = [
        (Encoder, "encoder_model", {name: values[name] for name in ENCODER_INPUTS}, [source] * 2, "last_hidden_state"),
        (Decoder, "decoder_model", dict(zip(DECODER_INPUTS, decoder_inputs)), lengths, "logits"),
    ]
    for part, file, inputs, dims, output in parts:
        shapes = {name: {0: batch, 1: length} for name, length in zip(inputs, dims)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                part(copy.deepcopy(model)).eval(),
                (),
                kwargs=inputs,
                input_names=list(inputs),
                output_names=[output],
                dynamic_shapes=shapes,
                opset_version=20,
                dynamo=True,
                verbose=False,
            )
        # Each time it is asked for it is made anew.
        proto = program.model_proto
        strip(proto)
        onnx.save(proto, str(folder / f"{file}.onnx"))
    write_config(model, folder)


if __name__ == "__main__":
    main()
