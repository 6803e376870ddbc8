"""A fresh classification head over an encoder exported without one.

`classifier.dense` (H to H), tanh, `classifier.out_proj` (H to labels), normal with deviation 0.02 and
zero biases, over the mean of the text's attended tokens. Virtual tokens are no text: prompt tuning sets
`virtual_tokens` and the mean leaves the first rows out.
"""

import torch
from torch import nn
from transformers import BertForMaskedLM, BertModel
from transformers.modeling_outputs import SequenceClassifierOutput


class FreshHead(nn.Module):
    """mean over attended tokens → dense → tanh → out_proj"""

    def __init__(self, hidden: int, labels: int):
        super().__init__()
        self.dense = nn.Linear(hidden, hidden)
        self.out_proj = nn.Linear(hidden, labels)
        for linear in (self.dense, self.out_proj):
            nn.init.normal_(linear.weight, std=0.02)
            nn.init.zeros_(linear.bias)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """states [batch, length, hidden], mask [batch, length] → logits [batch, labels]"""
        weights = mask.to(states.dtype).unsqueeze(-1)
        mean = (states * weights).sum(1) / weights.sum(1)
        return self.out_proj(torch.tanh(self.dense(mean)))


def classify(model, encoder_output, attention_mask) -> SequenceClassifierOutput:
    skip = model.virtual_tokens
    logits = model.classifier(encoder_output[:, skip:], attention_mask[:, skip:])
    return SequenceClassifierOutput(logits=logits)


class BertFeaturesWithHead(BertModel):
    """A feature-extraction BERT (no `bert.` prefix in its names, no pooler) with a fresh head."""

    virtual_tokens = 0

    @classmethod
    def around(cls, base: BertModel, labels: int) -> "BertFeaturesWithHead":
        model = cls(base.config, add_pooling_layer=False)
        model.embeddings, model.encoder = base.embeddings, base.encoder
        model.classifier = FreshHead(base.config.hidden_size, labels)
        return model

    def forward(self, attention_mask=None, labels=None, **inputs):
        states = super().forward(attention_mask=attention_mask, **inputs).last_hidden_state
        return classify(self, states, attention_mask)


class BertFillMaskWithHead(BertForMaskedLM):
    """A fill-mask BERT whose language-model head gave way to a fresh classifier."""

    virtual_tokens = 0
    _tied_weights_keys = {}

    @classmethod
    def around(cls, base: BertForMaskedLM, labels: int) -> "BertFillMaskWithHead":
        model = cls(base.config)
        model.bert = base.bert
        del model.cls
        model.classifier = FreshHead(base.config.hidden_size, labels)
        return model

    def forward(self, attention_mask=None, labels=None, **inputs):
        states = self.bert(attention_mask=attention_mask, **inputs).last_hidden_state
        return classify(self, states, attention_mask)
