/** Text to text through the engine: what the page sees of a T5, from its data to what it writes. */
import { english } from '../../src/sentence.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FolderFile } from '../../src/protocol/messages.ts';
import type { SpecInput } from '../../src/runs/spec.ts';
import { Bench } from '../support/engine-bench.ts';
import { tinyRows, tinyT5 } from '../support/tiny-t5.ts';

const folder: FolderFile[] = [...tinyT5()].map(([name, bytes]) => ({
  path: name,
  file: new File([bytes], name),
}));
const table = (name: string, rows: number, text = tinyRows(rows)): File => new File([text], name);

const spec: SpecInput = {
  model: { source: 'tiny', task: 'text2text' },
  data: {
    train: 'train.tsv',
    validation: 'dev.tsv',
    columns: { text: ['source'], target: 'target' },
    maxLength: 8,
    maxTargetLength: 8,
  },
  training: { steps: 2, batchSize: 4, evaluateEvery: 2 },
  generation: { rows: 3 },
  compare: [{ method: { type: 'lora', rank: 2 } }, { method: { type: 'bitfit' } }],
};
const words: SpecInput = {
  ...spec,
  data: {
    ...spec.data!,
    columns: { text: ['source'], label: 'class' },
    template: '{text} say',
    verbalizer: { 0: 'good', 1: 'bad' },
  },
};

describe('the engine with a T5', () => {
  let bench: Bench;
  const load = (extra: object = {}) =>
    bench.ask('data', {
      type: 'loadData',
      source: { kind: 'files', train: table('train.tsv', 12), validation: table('dev.tsv', 4) },
      task: null,
      columns: null,
      ...extra,
    });
  const train = async (input: SpecInput) => {
    const idle = bench.next((reply) => reply.type === 'state' && reply.state === 'idle');
    const started = await bench.ask('started', { type: 'start', spec: input });
    await idle;
    return started;
  };

  beforeAll(async () => {
    bench = new Bench();
    await bench.engine.receive({ type: 'open', base: 'http://localhost/' });
    const source = { kind: 'files', name: 'tiny', files: folder };
    const { model } = await bench.ask('model', { type: 'loadModel', source });
    expect(model).toMatchObject({ tasks: ['text2text'], layers: 2, hasClassifier: false });
  });

  it('reads sources and targets, their lengths, and a first batch with what is to be written', async () => {
    const { data } = await load();
    const columns = { text: ['source'], target: 'target' };
    expect(data).toMatchObject({ task: 'text2text', columns, classes: [], problem: null });
    const { analysis } = await bench.ask('dataAnalysis', {
      type: 'analyseData',
      task: 'text2text',
      columns,
      template: 'say {text}',
      maxLength: 8,
      maxTargetLength: 3,
      batchSize: 4,
      seed: 1,
      reading: {},
    });
    const { train: sources, targets, batch } = analysis.tokens!;
    expect([sources.longest, targets?.longest]).toEqual([6, 5]);
    expect(batch.rows[0]).toMatchObject({ label: null, target: { cut: 2 } });
    expect(batch.rows[0].tokens.map(({ text }) => text)[0]).toBe('▁say');
    expect(batch.rows[0].target?.tokens.map(({ text }) => text).at(-1)).toBe('</s>');
  });

  it('says which target is empty, where the rows are read', async () => {
    const text = 'source\ttarget\nthe sun\tshort tale\nthe rain\t\n';
    const { data } = await load({
      source: { kind: 'files', train: table('train.tsv', 0, text), validation: table('dev.tsv', 4) },
    });
    expect(data.problem && english(data.problem.message)).toMatch(/train\.tsv.*line 3.*target/);
  });

  it('keeps what every run writes, and writes for a text of one’s own', async () => {
    await load();
    const { metric } = await train(spec);
    expect(metric).toBe('loss');
    const { predictions } = await bench.ask('predictions', { type: 'predictions' });
    expect(predictions?.labelNames).toBeNull();
    expect(predictions?.references?.[0]).toEqual(['short tale of sun']);
    expect(predictions?.runs.map(({ run, written }) => [run, written?.length])).toEqual([
      ['lora', 3],
      ['bitfit', 3],
    ]);
    const { answers } = await bench.ask('answers', {
      type: 'predict',
      text: 'the sun was good',
      text2: null,
    });
    expect(answers.map(({ run, message }) => [run, message])).toEqual([
      ['', null],
      ['lora', null],
      ['bitfit', null],
    ]);
    expect(answers.every(({ written }) => typeof written === 'string')).toBe(true);
  });

  it('ranks label words: classes, their probabilities and the words that are written', async () => {
    const columns = { text: ['source'], label: 'class' };
    const { data } = await load({ task: 'text2text', columns });
    expect(data.classes.map(({ label, train: rows }) => [label, rows])).toEqual([
      ['0', 6],
      ['1', 6],
    ]);
    await train(words);
    const { predictions } = await bench.ask('predictions', { type: 'predictions' });
    const [run] = predictions!.runs;
    expect(predictions?.labelNames).toEqual(['0', '1']);
    expect(run.values.length).toBe(8);
    expect(run.values[0] + run.values[1]).toBeCloseTo(1, 5);
    expect(run.written?.length).toBe(3);
    // Asked about a validation row, a run says of it what its evaluation said; the untuned model has its own view.
    const [text] = predictions!.texts;
    const { answers, labelNames } = await bench.ask('answers', { type: 'predict', text, text2: null });
    expect(labelNames).toEqual(['0', '1']);
    const [untuned, tuned] = answers;
    expect([untuned.message, tuned.message]).toEqual([null, null]);
    expect(typeof tuned.written).toBe('string');
    expect(tuned.probabilities).toHaveLength(2);
    tuned.probabilities!.forEach((share, c) => expect(share).toBeCloseTo(run.values[c], 5));
    expect(untuned.probabilities![0] + untuned.probabilities![1]).toBeCloseTo(1, 6);
  });

  it('names a word that the vocabulary does not know', async () => {
    const unknown = { ...words, data: { ...words.data, verbalizer: { 0: 'good', 1: 'dreadful' } } };
    const error = await bench.ask('error', { type: 'forecast', spec: unknown });
    expect(error).toMatchObject({ where: 'data.verbalizer.1' });
  });
});
