/**
 * A comparison as one Python file with transformers and PEFT: the same model, methods, rates, schedule,
 * clipping and seed. It says where it cannot be the same: PyTorch draws other random numbers.
 */
import { methodRuns, type RunSpec, type SpecInput } from '../spec.ts';
import { methodSnippet, type MethodSnippet } from './methods.ts';
import { keywords, python } from './values.ts';

/** The whole file. */
export function pythonSnippet(input: SpecInput): string {
  const runs = methodRuns(input).map(({ key, spec }) => ({
    key,
    spec,
    snippet:
      spec.method === undefined
        ? {
            imports: [],
            body: null,
            note: 'Stages have no equivalent in one call; the command line does them.',
          }
        : methodSnippet(spec.method),
  }));
  const { task } = runs[0].spec.model;
  if (task !== 'classification' && task !== 'regression') {
    return `# There is no short Python for the task "${task}" here; the command line runs it.\n`;
  }
  const imports = [...new Set(runs.flatMap(({ snippet }) => snippet.imports))].sort();
  const [{ spec }] = runs;
  return [
    header(spec, imports),
    DATA,
    data(spec),
    MODEL,
    ...runs.map(({ key, snippet }, i) => tune(i, key, snippet)),
    loop(
      spec,
      runs.some(({ spec: own }) => own.training.optimizer.headLearningRate !== undefined),
    ),
    'METHODS = {',
    ...runs.flatMap(({ key, spec: own, snippet }, i) =>
      snippet.body === null ? [] : [`    ${python(key)}: (tune_${i}, ${settings(own)}),`],
    ),
    '}',
    'for name, (tune, settings) in METHODS.items():',
    '    train(name, tune, **settings)',
    '',
  ].join('\n');
}

function header(spec: RunSpec, imports: readonly string[]): string {
  const { source } = spec.model;
  const model = source.startsWith('builtin:') ? source.slice('builtin:'.length) : source;
  return `# pip install torch transformers peft
# The same comparison in Python. Random numbers differ, so curves agree in shape rather than digit by digit.
import csv
import json
import math
import random
import re

import torch
from torch import nn
from transformers import ${spec.training.optimizer.type === 'adafactor' ? 'Adafactor, ' : ''}AutoModelForSequenceClassification, AutoTokenizer, get_scheduler
${imports.length === 0 ? '' : `from peft import ${imports.join(', ')}\n`}
MODEL = ${python(model)}  # hub id, or folder, with the weights that the ONNX file was exported from
SEED = ${spec.training.seed}
HEAD = re.compile(r"(^|\\.)\\w*(classifier|score)\\.")
`;
}

const DATA = `
def read(path):
    """Rows as dictionaries, of CSV, TSV, JSON Lines or Parquet."""
    if path.endswith(".parquet"):
        import pandas

        return pandas.read_parquet(path).to_dict("records")
    with open(path, encoding="utf-8-sig", newline="") as file:
        if path.endswith((".jsonl", ".ndjson", ".json")):
            return [json.loads(line) for line in file if line.strip()]
        if path.endswith(".csv"):
            return list(csv.DictReader(file))
        return list(csv.DictReader(file, delimiter="\\t", quoting=csv.QUOTE_NONE))

`;

function data({ data: spec, model, training }: RunSpec): string {
  const regression = model.task === 'regression';
  const text = spec.columns.text ?? ['text'];
  const label = python(spec.columns.label ?? 'label');
  const limits = spec.limit;
  const cut = (rows: number | undefined): string => (rows === undefined ? '' : `[:${rows}]`);
  const lines = [`train_rows = read(${python(spec.train)})${cut(limits.train)}`];
  if (typeof spec.validation === 'string') {
    lines.push(`validation_rows = read(${python(spec.validation)})${cut(limits.validation)}`);
  } else if (typeof spec.validation === 'number') {
    lines.push(
      'random.Random(SEED).shuffle(train_rows)',
      `held_out = max(1, round(${spec.validation} * len(train_rows)))`,
      'validation_rows, train_rows = train_rows[:held_out], train_rows[held_out:]',
    );
  } else {
    lines.push('validation_rows = None');
  }
  const columns = text.map((name) => `[str(row[${python(name)}]) for row in rows]`).join(', ');
  const classes = regression
    ? ['CLASSES = None']
    : [
        `CLASSES = sorted({str(row[${label}]) for row in train_rows})  # whole numbers 0 to n-1 are class indices`,
      ];
  const weights = regression ? null : weightsOf(spec.classWeights, label);
  if (weights !== null) classes.push(`WEIGHTS = torch.tensor([${weights} for name in CLASSES])`);
  const target = regression
    ? `torch.tensor([float(row[${label}]) for row in rows])`
    : `torch.tensor([CLASSES.index(str(row[${label}])) for row in rows])`;
  return `${lines.join('\n')}
${classes.join('\n')}
tokenizer = AutoTokenizer.from_pretrained(MODEL)


def batches(rows, size, shuffle):
    """Batches without end; in the file's order where shuffle is False."""
    generator = torch.Generator().manual_seed(SEED)
    while True:
        order = torch.randperm(len(rows), generator=generator).tolist() if shuffle else range(len(rows))
        for start in range(0, len(rows), size):
            yield encode([rows[i] for i in order[start : start + size]])


def encode(rows):
    inputs = tokenizer(
        ${columns}, truncation=True, max_length=${spec.maxLength}, padding=True, return_tensors="pt"
    )
    return inputs, ${target}

BATCH, ACCUMULATE, SHUFFLE = ${training.batchSize}, ${training.gradientAccumulation}, ${python(training.shuffle)}
`;
}

/** What a class called `name` weighs, in Python; null where all weigh alike. */
function weightsOf(weights: RunSpec['data']['classWeights'], label: string): string | null {
  if (weights === undefined) return null;
  if (weights === 'balanced')
    return `len(train_rows) / (len(CLASSES) * sum(str(row[${label}]) == name for row in train_rows))`;
  return `${python(weights)}.get(name, 1.0)`;
}

const MODEL = `
NAMES = {  # what the roles q, k, v, ... are called in transformers
    "bert": {"q": r"self\\.query", "k": r"self\\.key", "v": r"self\\.value", "o": r"attention\\.output\\.dense",
             "ffn.in": r"intermediate\\.dense", "ffn.out": r"layer\\.\\d+\\.output\\.dense", "pooler": r"pooler\\.dense"},
    "distilbert": {"q": "q_lin", "k": "k_lin", "v": "v_lin", "o": "out_lin", "ffn.in": "lin1", "ffn.out": "lin2"},
    "albert": {"q": "query", "k": "key", "v": "value", "o": r"attention\\.dense", "ffn.in": "ffn", "ffn.out": "ffn_output",
               "pooler": "pooler", "embeddings.project": "embedding_hidden_mapping_in"},
}
NAMES["roberta"] = NAMES["electra"] = NAMES["bert"]


def modules(model, targets):
    """Full names of the linear layers that roles, suffixes or /regular expressions/ stand for."""
    roles = NAMES[model.config.model_type]
    patterns = []
    for target in targets:
        layer = re.fullmatch(r"encoder\\.(\\d+)\\.(?:self\\.)?(.+)", target)
        if target.startswith("/"):
            patterns.append(target[1:-1])
        elif layer:
            patterns.append(rf"\\.{layer[1]}\\..*{roles[layer[2]]}$")
        else:
            patterns.append(rf"(^|\\.){roles.get(target, re.escape(target))}$")
    names = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    return [name for name in names if any(re.search(pattern, name) for pattern in patterns)]

`;

function tune(index: number, key: string, { body, note }: MethodSnippet): string {
  const title = `# ${key}${note === undefined ? '' : `: ${note}`}`;
  if (body === null) return `\n${title}`;
  const lines = body.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
  return `\ndef tune_${index}(model):\n    ${title}\n${lines}\n`;
}

function settings({ training }: RunSpec): string {
  const { optimizer, schedule, steps } = training;
  return `dict(${keywords({
    steps: python(steps),
    rate: optimizer.learningRate === undefined ? 'None' : python(optimizer.learningRate),
    head_rate: optimizer.headLearningRate === undefined ? undefined : python(optimizer.headLearningRate),
    decay: python(optimizer.weightDecay),
    warmup: python(schedule.warmupSteps),
    schedule: python(schedule.type === 'constant' ? 'constant_with_warmup' : schedule.type),
  })})`;
}

/** What trains, in a group of its own the head where a run gives it a rate. */
const GROUPS = `[
        {"params": [p for name, p in model.named_parameters() if p.requires_grad and bool(HEAD.search(name)) == head], "lr": lr}
        for head, lr in ((False, rate), (True, rate if head_rate is None else head_rate))
    ]`;

/**
 * The optimizer's constructor; Adafactor is transformers' own.
 * @param trained the parameters, or groups of them
 */
function optimizerOf({ optimizer }: RunSpec['training'], trained: string): string {
  if (optimizer.type === 'adamw') {
    const { betas, epsilon } = optimizer;
    return `torch.optim.AdamW(${trained}, lr=rate, betas=(${betas.join(', ')}), eps=${python(epsilon)}, weight_decay=decay)`;
  }
  const { epsilon, beta1, clipThreshold, decayRate, scaleParameter, relativeStep, warmupInit } = optimizer;
  return `Adafactor(${trained}, ${keywords({
    lr: 'rate',
    eps: `(${epsilon.map(python).join(', ')})`,
    clip_threshold: python(clipThreshold),
    decay_rate: python(decayRate),
    beta1: beta1 === undefined ? 'None' : python(beta1),
    weight_decay: 'decay',
    scale_parameter: python(scaleParameter),
    relative_step: python(relativeStep),
    warmup_init: python(warmupInit),
  })})`;
}

/** @param grouped whether a run has a rate for the head */
function loop({ model, training, data: { classWeights } }: RunSpec, grouped: boolean): string {
  const regression = model.task === 'regression';
  const relative = training.optimizer.learningRate === undefined;
  const evaluate = training.evaluateEvery;
  const loss = regression
    ? 'nn.functional.mse_loss(logits.squeeze(-1), labels)'
    : `nn.functional.cross_entropy(logits, labels${classWeights === undefined ? '' : ', weight=WEIGHTS'})`;
  const score = regression
    ? '-((logits.squeeze(-1) - labels) ** 2).sum().item()'
    : '(logits.argmax(-1) == labels).sum().item()';
  const what = regression ? 'negative mean squared error' : 'accuracy';
  return `
@torch.no_grad()
def evaluate(model):
    """${what} on the validation rows"""
    total = 0.0
    for start in range(0, len(validation_rows), BATCH):
        inputs, labels = encode(validation_rows[start : start + BATCH])
        logits = model(**inputs).logits
        total += ${score}
    return total / len(validation_rows)


def train(name, tune, steps, rate, decay, warmup, schedule${grouped ? ', head_rate=None' : ''}):
    torch.manual_seed(SEED)
    model = AutoModelForSequenceClassification.from_pretrained(
        MODEL, num_labels=${regression ? '1' : 'len(CLASSES)'}, hidden_dropout_prob=${training.dropout}, attention_probs_dropout_prob=${training.dropout}
    )
    model = tune(model)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    print(f"{name}: {sum(p.numel() for p in trained):,} trained parameters")
    optimizer = ${optimizerOf(training, grouped ? GROUPS : 'trained')}
${relative ? '' : '    scheduler = get_scheduler(schedule, optimizer, num_warmup_steps=warmup, num_training_steps=steps)\n'}    source = batches(train_rows, BATCH, SHUFFLE)
    best = -math.inf
    for step in range(1, steps + 1):
        model.train()
        for _ in range(ACCUMULATE):
            inputs, labels = next(source)
            logits = model(**inputs).logits
            loss = ${loss}
            (loss / ACCUMULATE).backward()
${training.maxGradNorm > 0 ? `        nn.utils.clip_grad_norm_(trained, ${training.maxGradNorm})\n` : ''}        optimizer.step()
${relative ? '' : '        scheduler.step()\n'}        optimizer.zero_grad()
        if validation_rows is not None and ${evaluate} and (step % ${Math.max(1, evaluate)} == 0 or step == steps):
            model.eval()
            score = evaluate(model)
            best = max(best, score)
            print(f"{name} step {step}: loss {loss.item():.4f}, ${what} {score:.4f}, best {best:.4f}")

`;
}
