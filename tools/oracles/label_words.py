"""A fill-mask BERT that answers by label words: its head's logits of the words where the text is masked."""

import torch
from transformers import BertForMaskedLM
from transformers.modeling_outputs import SequenceClassifierOutput

MASK = 4


class BertLabelWords(BertForMaskedLM):
    """Logits [batch, words]: every row holds one mask."""

    words: tuple[int, ...] = ()

    @classmethod
    def around(cls, base: BertForMaskedLM, words: tuple[int, ...]) -> "BertLabelWords":
        base.__class__ = type("BertLabelWords", (cls,), {"words": words})
        return base

    def forward(self, input_ids=None, labels=None, **inputs):
        logits = super().forward(input_ids=input_ids, **inputs).logits
        rows, places = (input_ids == MASK).nonzero(as_tuple=True)
        assert torch.equal(rows, torch.arange(len(input_ids)))
        return SequenceClassifierOutput(logits=logits[rows, places][:, list(self.words)])
