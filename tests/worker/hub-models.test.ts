/**
 * The models that the studio suggests, loaded as its button does: by their ids, from a hub whose repositories are
 * laid out as theirs (with tiny graphs of their families and tokenizers of their kinds), planned, and trained for
 * two steps.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadBytes, SUGGESTIONS, type Suggestion } from '../../src/advice/suggestions.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { Bench } from '../support/engine-bench.ts';
import { HubServer } from '../support/hub-server.ts';
import { tinyRows, tinyT5 } from '../support/tiny-t5.ts';

const ORACLE = path.join(import.meta.dirname, '../oracle');
const HUB = path.join(import.meta.dirname, '../import/hub');
const read = (...parts: string[]) => new Uint8Array(readFileSync(path.join(...parts)));
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
/** What must not be read: variants of other precisions. */
const OTHER = new TextEncoder().encode('another precision');

const WORDS = ['the', 'film', 'was', 'good', 'bad', 'sun', 'rain', 'say', 'short', 'long', 'tale', 'of'];

function added(tokens: readonly string[]): unknown[] {
  const flags = { special: true, normalized: false, single_word: false, lstrip: false, rstrip: false };
  return tokens.map((content, id) => ({ id, content, ...flags }));
}

/** Around a text and around a pair, as BERT and as XLM-RoBERTa do it. */
function template(
  begin: string,
  end: string,
  between: readonly string[],
  ids: Record<string, number>,
): unknown {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const text = (id: string) => ({ Sequence: { id, type_id: 0 } });
  return {
    type: 'TemplateProcessing',
    single: [special(begin), text('A'), special(end)],
    pair: [special(begin), text('A'), ...between.map(special), text('B'), special(end)],
    special_tokens: Object.fromEntries(
      [begin, end].map((token) => [token, { id: token, ids: [ids[token]], tokens: [token] }]),
    ),
  };
}

/** A WordPiece `tokenizer.json`, as BERT's and DistilBERT's repositories have it. */
function wordPiece(): unknown {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const vocab = Object.fromEntries([...special, ...WORDS].map((token, id) => [token, id]));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: template('[CLS]', '[SEP]', ['[SEP]'], vocab),
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}

/** A Unigram `tokenizer.json` as of XLM-RoBERTa, which the multilingual sentence encoders have. */
function unigram(): unknown {
  const special = ['<s>', '<pad>', '</s>', '<unk>'];
  const ids = Object.fromEntries(special.map((token, id) => [token, id]));
  const metaspace = { type: 'Metaspace', replacement: '▁', add_prefix_space: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added(special),
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    post_processor: template('<s>', '</s>', ['</s>', '</s>'], ids),
    decoder: metaspace,
    model: {
      type: 'Unigram',
      unk_id: 3,
      vocab: [...special.map((token) => [token, 0]), ...WORDS.map((word) => [`▁${word}`, -1])],
    },
  };
}

/** Files that all of these repositories have. */
const COMMON = {
  'special_tokens_map.json': json({}),
  'tokenizer_config.json': json({ model_max_length: 512 }),
  'quantize_config.json': json({}),
};

function graphFiles(graph: Uint8Array): Record<string, Uint8Array> {
  const others = ['bnb4', 'fp16', 'int8', 'q4', 'q4f16', 'quantized', 'uint8'];
  return {
    'onnx/model.onnx': graph,
    ...Object.fromEntries(others.map((name) => [`onnx/model_${name}.onnx`, OTHER])),
  };
}

function repositoryOf({ id, reads, writes }: Suggestion): Record<string, Uint8Array> {
  if (writes) {
    const files = tinyT5();
    const graphs = ['encoder_model', 'decoder_model'].map(
      (name) => [`onnx/${name}.onnx`, files.get(`${name}.onnx`)!] as const,
    );
    const others = [
      'encoder_model_fp16',
      'decoder_model_fp16',
      'decoder_model_quantized',
      'encoder_model_quantized',
    ];
    return {
      ...COMMON,
      'config.json': files.get('config.json')!,
      'generation_config.json': json({ decoder_start_token_id: 0, eos_token_id: 1, pad_token_id: 0 }),
      'tokenizer.json': files.get('tokenizer.json')!,
      ...Object.fromEntries(graphs),
      ...Object.fromEntries(others.map((name) => [`onnx/${name}.onnx`, OTHER])),
    };
  }
  const tokenizer = { 'tokenizer.json': json(reads === 'multilingual' ? unigram() : wordPiece()) };
  if (id.includes('distilbert'))
    return {
      ...COMMON,
      ...tokenizer,
      'config.json': read(HUB, 'distilbert-fill-mask.json'),
      ...graphFiles(read(HUB, 'distilbert-fill-mask.onnx')),
    };
  // The base models are published to fill masks, the sentence encoders to give features.
  const oracle = id.includes('bert-base') ? 'bert-fill-mask' : 'bert-features';
  return {
    ...COMMON,
    ...tokenizer,
    'config.json': read(ORACLE, oracle, 'config.json'),
    ...graphFiles(read(ORACLE, oracle, 'model.onnx')),
  };
}

describe('the numbers of the suggestions', () => {
  const models = JSON.parse(new TextDecoder().decode(read(HUB, 'models.json'))) as Record<
    string,
    { parameters: number; inFiles: number; layers: number; width: number }
  >;
  it.each(SUGGESTIONS.map((one) => [one.id, one] as const))('%s', (id, one) => {
    const { parameters, layers, width } = one;
    const { inFiles, ...expected } = models[id];
    expect({ parameters, layers, width }).toEqual(expected);
    expect(downloadBytes(one)).toBe(4 * inFiles);
  });
});

describe('a suggested model, loaded by its id', { timeout: 120_000 }, () => {
  const hub = new HubServer();
  let endpoint = '';
  let bench: Bench;
  beforeAll(async () => {
    endpoint = await hub.open();
    SUGGESTIONS.forEach((one, i) =>
      hub.repositories.set(one.id, { commit: `c0ffee${i}`, files: repositoryOf(one) }),
    );
    bench = new Bench();
    await bench.engine.receive({ type: 'open', base: 'http://localhost/', device: { adapter: 'wasm' } });
  });
  afterAll(() => hub.close());

  it.each(SUGGESTIONS.map((one) => [one.id, one] as const))('%s', async (id, { writes }) => {
    hub.requests.length = 0;
    const { model } = await bench.ask('model', { type: 'loadModel', source: { kind: 'hub', id, endpoint } });
    expect(model).toMatchObject({
      source: id,
      architecture: writes ? 't5' : id.includes('distil') ? 'distilbert' : 'bert',
    });
    expect(model.layers).toBeGreaterThan(0);
    expect(model.hiddenSize).toBeGreaterThan(0);
    // Of the graphs only those in single precision were asked for.
    const graphs = new Set(
      hub.requests.map((request) => /onnx\/\w+\.onnx/.exec(request)?.[0]).filter(Boolean),
    );
    expect([...graphs].sort()).toEqual(
      writes ? ['onnx/decoder_model.onnx', 'onnx/encoder_model.onnx'] : ['onnx/model.onnx'],
    );
    const columns = writes ? { text: ['source'], target: 'target' } : { text: ['source'], label: 'class' };
    const file = (name: string, rows: number) => new File([tinyRows(rows)], name);
    await bench.ask('data', {
      type: 'loadData',
      source: { kind: 'files', train: file('train.tsv', 16), validation: file('dev.tsv', 8) },
      task: writes ? 'text2text' : 'classification',
      columns,
    });
    const spec = {
      model: { source: id, task: writes ? ('text2text' as const) : ('classification' as const) },
      data: {
        train: 'train.tsv',
        validation: 'dev.tsv',
        columns,
        maxLength: 8,
        ...(writes && { maxTargetLength: 8 }),
      },
      training: { steps: 2, batchSize: 4, evaluateEvery: 2 },
      compare: [{ method: { type: 'lora' as const, rank: 2 } }, { method: { type: 'full' as const } }],
    };
    const { forecasts, refusals } = await bench.ask('forecast', { type: 'forecast', spec });
    expect(refusals).toEqual([]);
    expect(forecasts.map(({ run }) => run)).toEqual(['lora', 'full']);
    const idle = bench.next((reply) => reply.type === 'state' && reply.state === 'idle');
    const from = bench.replies.length;
    await bench.ask('started', { type: 'start', spec });
    await idle;
    const events = bench.replies
      .slice(from)
      .flatMap((reply): RunEvent[] => (reply.type === 'events' ? [...reply.events] : []));
    const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
    expect(losses).toHaveLength(4);
    expect(losses.every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
    const ends = events.flatMap((event) => (event.type === 'end' ? [event.reason] : []));
    expect(ends).toEqual(['completed', 'completed']);
    for (const event of events) if (event.type === 'memory') expect(event.allocated).toEqual(event.predicted);
  });
});
