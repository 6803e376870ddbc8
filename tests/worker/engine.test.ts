/** The worker's engine driven by messages, on whatever adapter there is, without a browser. */
import { english } from '../../src/sentence.ts';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FolderFile, NamedFile } from '../../src/protocol/messages.ts';
import type { SpecInput } from '../../src/runs/spec.ts';
import type { EvaluateEvent } from '../../src/train/events.ts';
import { Bench } from '../support/engine-bench.ts';

const MODEL = path.join(import.meta.dirname, '../../public/models/bert-l4-h128');

function folder(): FolderFile[] {
  return readdirSync(MODEL).map((name) => ({
    path: name,
    file: new File([readFileSync(path.join(MODEL, name))], name),
  }));
}

function table(name: string, rows: number): File {
  const lines = Array.from({ length: rows }, (_, i) =>
    i % 2 === 0 ? `a fine film ${i}\tgood` : `a dull film ${i}\tbad`,
  );
  return new File([['text\tlabel', ...lines, ''].join('\n')], name);
}

/** Rows that take long: what is asked of them is not answered in one go. */
function longTable(name: string, rows: number): File {
  const text = 'a fine film that goes on for a while and then some more '.repeat(6);
  const lines = Array.from({ length: rows }, (_, i) => `${text} ${i}\t${i % 2 === 0 ? 'good' : 'bad'}`);
  return new File([['text\tlabel', ...lines, ''].join('\n')], name);
}

const spec: SpecInput = {
  model: { source: 'bert', task: 'classification' },
  data: {
    train: 'train.tsv',
    validation: 'dev.tsv',
    columns: { text: ['text'], label: 'label' },
    maxLength: 16,
  },
  training: { steps: 3, batchSize: 4, evaluateEvery: 3 },
  compare: [{ method: { type: 'lora', rank: 2 } }, { method: { type: 'head' } }],
};

describe('the engine', () => {
  let bench: Bench;
  const load = async () => {
    await bench.ask('model', { type: 'loadModel', source: { kind: 'files', name: 'bert', files: folder() } });
    await bench.ask('data', {
      type: 'loadData',
      source: { kind: 'files', train: table('train.tsv', 24), validation: table('dev.tsv', 8) },
      task: null,
      columns: null,
    });
  };

  beforeAll(async () => {
    bench = new Bench();
    await bench.engine.receive({ type: 'open', base: 'http://localhost/' });
    expect(bench.replies.map((reply) => reply.type)).toEqual(['device']);
  });

  it('asks for what is missing, in a sentence', async () => {
    expect(await bench.refusal({ type: 'forecast', spec })).toMatch(/no model yet; choose one/);
    expect(await bench.refusal({ type: 'export', run: 'lora', artifact: 'adapter' })).toMatch(
      /Nothing has been trained/,
    );
  });

  it('sums up model and data', async () => {
    await load();
    expect(bench.replies.findLast((reply) => reply.type === 'model')?.model).toMatchObject({
      source: 'bert',
      architecture: 'bert',
      layers: 4,
      hiddenSize: 128,
      maxPositions: 128,
      hasClassifier: false,
    });
    expect(bench.replies.findLast((reply) => reply.type === 'data')?.data).toMatchObject({
      name: 'train',
      columns: { text: ['text'], label: 'label' },
      task: 'classification',
      rows: { train: 24, validation: 8 },
      validationCut: false,
      classes: [
        { label: 'bad', train: 12, validation: 4 },
        { label: 'good', train: 12, validation: 4 },
      ],
    });
  });

  it('refuses a bad spec before it trains, by the path of the field', async () => {
    const bad = { ...spec, training: { ...spec.training, steps: -1 } };
    expect(await bench.refusal({ type: 'start', spec: bad })).toMatch(/training\.steps: got -1/);
  });

  describe('of many rows', () => {
    const ABOUT = {
      columns: { text: ['text'], label: 'label' },
      task: 'classification',
      ...{ seed: 1, maxLength: 16, maxTargetLength: 16, batchSize: 4, reading: {} },
    } as const;
    const look = () => bench.ask('dataAnalysis', { type: 'analyseData', ...ABOUT });
    const tree = () => bench.ask('modelTree', { type: 'modelTree', spec });
    const loadRows = (rows: number) =>
      bench.ask('data', {
        type: 'loadData',
        source: { kind: 'files', train: longTable('train.tsv', rows), validation: table('dev.tsv', 8) },
        task: null,
        columns: null,
      });

    it.each([
      ['looks through all rows', look],
      ['turns rows into tokens', tree],
    ])('hears what is said to it while it %s', async (_, ask) => {
      await load();
      await loadRows(1500);
      const before = bench.replies.length;
      const ping = setInterval(() => void bench.engine.receive({ type: 'ping' }), 1);
      const { type } = await ask().finally(() => clearInterval(ping));
      const said = bench.replies.slice(before).map((reply) => reply.type);
      expect(said.at(-1)).toBe(type);
      expect(said.filter((one) => one === 'alive').length).toBeGreaterThan(2);
    });

    it('ends what it was asked of rows when others take their place, before it reads those', async () => {
      await load();
      await loadRows(1500);
      const asked = [tree(), look(), bench.refusal({ type: 'forecast', spec })].map((one) =>
        one.catch(String),
      );
      // In the middle of the first, with the others waiting.
      await new Promise((resolve) => setTimeout(resolve, 10));
      const { data } = await loadRows(6);
      expect(data.rows.train).toBe(6);
      for (const answer of await Promise.all(asked))
        expect(answer).toMatch(/This was given up for what was asked after it; ask again\./);
    });

    it('ends a forecast between two methods', async () => {
      await load();
      const compare = [2, 3, 4, 5, 6, 7].map((rank) => ({ method: { type: 'lora', rank } as const }));
      const refused = bench.refusal({ type: 'forecast', spec: { ...spec, compare } });
      await new Promise((resolve) => setImmediate(resolve));
      const { data } = await loadRows(6);
      expect(await refused).toMatch(/This was given up/);
      expect(data.rows.train).toBe(6);
    });

    it('goes on with rows that it was turning into tokens when a newer question comes', async () => {
      await load();
      await loadRows(1500);
      const first = tree().catch(String);
      await new Promise((resolve) => setTimeout(resolve, 10));
      const [given, { tree: answered }] = await Promise.all([first, tree()]);
      expect(given).toMatch(/given up/);
      expect(answered.parameters.length).toBeGreaterThan(0);
    });
  });

  it('keeps the model that it has where another is refused', async () => {
    await load();
    const family = (end: string) => path.join(import.meta.dirname, `../import/families/modernbert.${end}`);
    const files = [
      { path: 'model.onnx', file: new File([readFileSync(family('onnx'))], 'model.onnx') },
      { path: 'config.json', file: new File([readFileSync(family('json'))], 'config.json') },
    ];
    expect(
      await bench.refusal({ type: 'loadModel', source: { kind: 'files', name: 'other', files } }),
    ).toMatch(/ModernBERT has .*, which cannot be trained yet/);
    const { tree } = await bench.ask('modelTree', { type: 'modelTree', spec });
    expect(tree.parameters.map(({ name }) => name)).toContain('bert.embeddings.word_embeddings.weight');
  });

  it('tells where in the model each method trains and adds', async () => {
    await load();
    const methods = [{ type: 'lora', rank: 2 }, { type: 'adapter' }, { type: 'prefix' }, { type: 'prompt' }];
    const compare = methods.map((method) => ({ method })) as SpecInput['compare'];
    const { tree } = await bench.ask('modelTree', { type: 'modelTree', spec: { ...spec, compare } });
    const [lora, adapter, prefix, prompt] = tree.runs;
    const site = 'bert.encoder.layer.0.attention.self';
    expect(lora.added).toHaveLength(4 * 2 * 2);
    expect(lora.added.slice(0, 2)).toEqual([
      { module: `${site}.query`, name: 'lora_A', shape: [128, 2] },
      { module: `${site}.query`, name: 'lora_B', shape: [2, 128] },
    ]);
    expect(adapter.added[0].module).toBe('bert.encoder.layer.0.attention.output.dense');
    expect(prefix.added.slice(0, 2).map(({ module }) => module)).toEqual([`${site}.key`, `${site}.value`]);
    expect(prompt.added.map(({ module }) => module)).toEqual(['bert.embeddings.word_embeddings']);
    for (const run of tree.runs)
      for (const index of run.trained) expect(tree.parameters[index].role).toMatch(/^head\./);
  });

  it('compares two methods to the end; the forecast is what gets allocated', async () => {
    await load();
    const { forecasts } = await bench.ask('forecast', { type: 'forecast', spec });
    const idle = bench.next((reply) => reply.type === 'state' && reply.state === 'idle');
    const from = bench.replies.length;
    const { runs, metric } = await bench.ask('started', { type: 'start', spec });
    expect(metric).toBe('accuracy');
    expect(runs.map((run) => run.run)).toEqual(['lora', 'head']);
    expect(await bench.refusal({ type: 'start', spec })).toMatch(/running; stop it/);
    await idle;

    const replies = bench.replies.slice(from);
    expect(replies.filter((reply) => reply.type === 'state').map((reply) => reply.state)).toEqual([
      'preparing',
      'running',
      'idle',
    ]);
    for (const { run, memory } of forecasts) {
      const events = replies.flatMap((reply) =>
        reply.type === 'events' && reply.run === run ? reply.events : [],
      );
      expect(events.map((event) => event.type)).toEqual([
        ...['start', 'memory', 'reference', 'evaluate', 'step', 'step', 'step'],
        ...['evaluate', 'evaluate', 'answers', 'end'],
      ]);
      const [, allocation] = events;
      expect(allocation).toEqual({ type: 'memory', predicted: memory, allocated: memory });
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'completed' });

      const metrics = await bench.ask('files', { type: 'export', run, artifact: 'metrics' });
      const lines = textOf(metrics.files[0]).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
      const record = await bench.ask('files', { type: 'export', run, artifact: 'record' });
      expect(JSON.parse(textOf(record.files[0]))).toMatchObject({
        spec: { method: { type: run } },
        environment: { runtime: 'test' },
        summary: { reason: 'completed', steps: 3 },
      });
    }
    const adapter = await bench.ask('files', { type: 'export', run: 'lora', artifact: 'adapter' });
    expect(adapter.files.map((file) => file.name)).toEqual([
      'adapter_config.json',
      'adapter_model.safetensors',
    ]);
    const left = replies.find((reply) => reply.type === 'left' && reply.run === 'lora');
    const bytes = adapter.files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
    expect(left).toMatchObject({ left: { adapterBytes: bytes } });
    // A software adapter compiles every kernel here for the first time.
  }, 240_000);

  it('keeps what every run says of the validation rows, as its metrics have it', async () => {
    const { predictions } = await bench.ask('predictions', { type: 'predictions' });
    expect(predictions?.texts).toHaveLength(8);
    expect(predictions?.labelNames).toEqual(['bad', 'good']);
    for (const { run, step, values } of predictions?.runs ?? []) {
      const evaluated = bench.replies
        .flatMap((reply) => (reply.type === 'events' && reply.run === run ? reply.events : []))
        .filter((event): event is EvaluateEvent => event.type === 'evaluate' && event.split === 'validation')
        .find((event) => event.step === step);
      const right = predictions!.texts.filter((_, row) => {
        const [bad, good] = values.subarray(2 * row, 2 * row + 2);
        expect(bad + good).toBeCloseTo(1, 5);
        return predictions!.labels[row] === (good > bad ? 1 : 0);
      });
      expect(right.length / 8).toBeCloseTo(evaluated!.metrics.accuracy, 6);
    }
    expect(predictions?.runs.map(({ run }) => run)).toEqual(['lora', 'head']);
  });

  it('answers a text with the untuned model and every run: as the validation rows were answered', async () => {
    const { predictions } = await bench.ask('predictions', { type: 'predictions' });
    const { answers, labelNames, untunedHead } = await bench.ask('answers', {
      type: 'predict',
      text: predictions!.texts[1],
      text2: null,
    });
    expect(labelNames).toEqual(['bad', 'good']);
    expect(untunedHead).toBe('fresh');
    expect(answers.map(({ run }) => run)).toEqual(['', 'lora', 'head']);
    for (const { run, probabilities } of answers) {
      const known = predictions!.runs.find((found) => found.run === run)?.values.subarray(2, 4);
      known?.forEach((value, i) => expect(probabilities![i]).toBeCloseTo(value, 5));
      expect(probabilities![0] + probabilities![1]).toBeCloseTo(1, 6);
    }
    expect(await bench.refusal({ type: 'predict', text: ' ', text2: null })).toMatch(/the text is empty/);
  });

  it('gives the tuned model as ONNX, held to onnxruntime-web', async () => {
    const { files, difference } = await bench.ask('files', {
      type: 'export',
      run: 'lora',
      artifact: 'model',
    });
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['model.onnx', 'config.json']));
    expect(difference).toBeLessThan(1e-4);
  });

  it('starts from a saved adapter, out of its zip; one that is not open ends its run in a sentence', async () => {
    const lora = { type: 'lora', rank: 2 } as const;
    const training = { ...spec.training, keepBest: false };
    const train = async (compare: SpecInput['compare']) => {
      const from = bench.replies.length;
      const idle = bench.next((reply) => reply.type === 'state' && reply.state === 'idle');
      await bench.ask('started', { type: 'start', spec: { ...spec, training, compare } });
      await idle;
      const told = bench.replies.slice(from);
      return (run: string) =>
        told.flatMap((reply) => (reply.type === 'events' && reply.run === run ? reply.events : []));
    };
    const before = (await train([{ method: lora }]))('lora');
    const adapter = await bench.ask('files', { type: 'export', run: 'lora', artifact: 'adapter' });
    const zip = zipSync(Object.fromEntries(adapter.files.map(({ name, bytes }) => [`lora/${name}`, bytes])));
    const file = new File([zip], 'lora.zip');
    const files = [{ path: 'lora.zip', file }];
    expect(await bench.refusal({ type: 'openAdapter', name: 'demo', files: folder() })).toMatch(
      /demo holds no adapter: choose its zip/,
    );
    await bench.ask('adapterOpened', { type: 'openAdapter', name: 'saved', files });
    const events = await train([
      { method: { ...lora, init: 'saved' } },
      { name: 'other', method: { ...lora, init: 'gone' } },
    ]);
    const last = before.findLast(
      (event): event is EvaluateEvent => event.type === 'evaluate' && event.split === 'validation',
    )!;
    const start = events('lora').find((event) => event.type === 'evaluate')!;
    expect([last.step, start.step]).toEqual([3, 0]);
    expect(start.metrics.loss).toBeCloseTo(last.metrics.loss, 6);
    expect(start.metrics.loss).not.toBeCloseTo(before.find((e) => e.type === 'evaluate')!.metrics.loss, 4);
    expect(events('other').at(-1)).toMatchObject({
      type: 'end',
      reason: 'failed',
      message: expect.stringMatching(/adapter "gone" is not open here/) as string,
    });
  }, 60_000);

  it('forecasts a batch size of one run, and refuses one method without the others', async () => {
    const { memory } = await bench.ask('batchMemory', {
      type: 'batchMemory',
      spec,
      run: 'lora',
      batchSize: 4,
    });
    const { forecasts } = await bench.ask('forecast', { type: 'forecast', spec });
    expect(memory).toEqual(forecasts[0].memory);
    const larger = await bench.ask('batchMemory', { type: 'batchMemory', spec, run: 'lora', batchSize: 32 });
    expect(larger.memory!.activations).toBeGreaterThan(memory!.activations);

    const long = { ...spec, compare: [{ method: { type: 'prompt', virtualTokens: 120 } }, ...spec.compare!] };
    const answer = await bench.ask('forecast', { type: 'forecast', spec: long });
    expect(answer.forecasts.map(({ run }) => run)).toEqual(['lora', 'head']);
    expect(answer.refusals).toMatchObject([{ run: 'prompt', method: 'prompt' }]);
    expect(english(answer.refusals[0].message)).toMatch(/120/);
  });

  it('stops and pauses one run while the other goes on', async () => {
    await load();
    const long = { ...spec, training: { ...spec.training, steps: 400, evaluateEvery: 0 } };
    const idle = bench.next((reply) => reply.type === 'state' && reply.state === 'idle');
    const stepped = (run: string) =>
      bench.next(
        (reply) =>
          reply.type === 'events' && reply.run === run && reply.events.some((e) => e.type === 'step'),
      );
    const first = stepped('head');
    await bench.ask('started', { type: 'start', spec: long });
    await first;
    const controls = () => bench.replies.findLast((reply) => reply.type === 'controls')?.controls;
    await bench.engine.receive({ type: 'pause', run: 'lora' });
    expect(controls()).toEqual({ lora: 'paused', head: 'going' });
    await stepped('head');
    const ended = bench.next((reply) => reply.type === 'left' && reply.run === 'head');
    await bench.engine.receive({ type: 'stop', run: 'head' });
    await ended;
    // Only a paused run is left: so the comparison is paused.
    expect(controls()).toEqual({ lora: 'paused' });
    expect(bench.replies.findLast((reply) => reply.type === 'state')?.state).toBe('paused');
    // It takes a single step when told, and is paused still.
    const one = stepped('lora');
    await bench.engine.receive({ type: 'step' });
    await one;
    expect(controls()).toEqual({ lora: 'paused' });
    const again = stepped('lora');
    await bench.engine.receive({ type: 'resume', run: 'lora' });
    await again;
    await bench.engine.receive({ type: 'stop' });
    await idle;
  });

  it('pauses, resumes and stops, and keeps what a stopped run has trained', async () => {
    await load();
    const long = { ...spec, training: { ...spec.training, steps: 500, evaluateEvery: 0 } };
    const idle = bench.next((reply) => reply.type === 'state' && reply.state === 'idle');
    const stepped = bench.next(
      (reply) => reply.type === 'events' && reply.events.some((e) => e.type === 'step'),
    );
    await bench.ask('started', { type: 'start', spec: long });
    await stepped;
    const tell = (type: 'pause' | 'resume' | 'stop') => bench.engine.receive({ type });
    const state = () => bench.replies.findLast((reply) => reply.type === 'state')?.state;
    await tell('pause');
    expect(state()).toBe('paused');
    const further = bench.next(
      (reply) => reply.type === 'events' && reply.events.some((e) => e.type === 'step'),
    );
    await tell('resume');
    expect(state()).toBe('running');
    await further;
    await tell('stop');
    await idle;
    const ends = bench.replies.flatMap((r) =>
      r.type === 'events' ? r.events.filter((e) => e.type === 'end') : [],
    );
    expect(ends.slice(-2).map((end) => end.reason)).toEqual(['stopped', 'stopped']);
    const { files } = await bench.ask('files', { type: 'export', run: 'head', artifact: 'adapter' });
    expect(files.map((file) => file.name)).toEqual(['delta_config.json', 'model.safetensors']);
  });
});

describe('the engine without a device', () => {
  it('says so, and what to do', async () => {
    const bench = new Bench();
    await bench.engine.receive({ type: 'open', base: 'http://localhost/', device: { adapter: 'cuda' } });
    const message = 'Unknown adapter "cuda": choose one of gpu, wasm, swiftshader, lavapipe.';
    expect(bench.replies).toMatchObject([{ type: 'error', id: null, code: 'device', message }]);
  });
});

function textOf(file: NamedFile): string {
  return new TextDecoder().decode(file.bytes);
}
