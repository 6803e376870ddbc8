/** The verbs end to end on a tiny model: folders, events, and what can be done with a finished run. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/onnx/safetensors.ts';
import { MEMORY_CATEGORIES } from '../../src/plan/plan.ts';
import type { RunEvent, StepEvent } from '../../src/train/events.ts';
import { delta, deltaBin, deltaProcess, makeProject, rowsText, type CliResult } from '../support/cli.ts';

const TIMEOUT = 600_000;
let folder: string;

const read = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8');
const json = (...parts: string[]) => JSON.parse(read(...parts)) as Record<string, unknown>;
const eventsOf = (...parts: string[]) =>
  read(...parts, 'metrics.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
const stepsOf = (events: RunEvent[]) => events.filter((event): event is StepEvent => event.type === 'step');
const tensorsOf = (...parts: string[]) =>
  readSafetensors(new Uint8Array(readFileSync(path.join(folder, ...parts)))).tensors;

const METHODS = ['full', 'lora', 'prompt', 'head'];
let compared: CliResult;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-train-'));
  const spec = makeProject(folder);
  compared = await deltaBin(
    ['compare', '--spec', spec, '--methods', METHODS.join(','), '--out', 'cmp', '--json'],
    folder,
  );
}, TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('delta compare', () => {
  it('succeeds, with one JSON document on standard output and progress beside it', () => {
    expect(compared.stderr).toMatch(/validation at step 0/);
    expect(compared.status).toBe(0);
    const document = JSON.parse(compared.stdout) as { runs: { key: string }[] };
    expect(document.runs.map(({ key }) => key)).toEqual(METHODS);
  });

  it.each(METHODS)('leaves the events of %s in their order', (method) => {
    const events = eventsOf('cmp', method);
    const { adapterStep: kept } = json('cmp', method, 'run.json') as { adapterStep: number };
    expect(
      events.map((event) =>
        event.type === 'step' || event.type === 'evaluate'
          ? `${event.type === 'evaluate' ? event.split : 'step'} ${event.step}`
          : event.type,
      ),
    ).toEqual([
      'start',
      'memory',
      'reference',
      'validation 0',
      'step 1',
      'step 2',
      'validation 2',
      'step 3',
      'step 4',
      'validation 4',
      `train ${kept}`,
      'answers',
      'end',
    ]);
    const [start, memory] = events;
    if (start.type !== 'start' || memory.type !== 'memory') throw new Error('out of order');
    expect(start.trainableParameters).toBeGreaterThan(0);
    expect(start.trainableParameters).toBeLessThanOrEqual(start.totalParameters);
    expect(Object.keys(memory.predicted).sort()).toEqual([...MEMORY_CATEGORIES, 'total'].sort());
    expect(memory.allocated).toEqual(memory.predicted);
    const end = events.at(-1);
    expect(end).toMatchObject({ type: 'end', reason: 'completed' });
    for (const step of stepsOf(events)) {
      expect(Number.isFinite(step.loss) && step.loss > 0).toBe(true);
      expect(step.gradNorm).toBeGreaterThan(0);
      expect(step.tokens).toBe(4 * 5);
    }
  });

  it('starts every method from the same head and gives it the same rows', () => {
    const first = METHODS.filter((method) => method !== 'prompt').map((method) => eventsOf('cmp', method));
    const losses = first.map((events) => stepsOf(events)[0].loss);
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0], 5);
    const initial = first.map((events) => events.find((event) => event.type === 'evaluate')?.metrics.loss);
    expect(initial[0]).toBeGreaterThan(0);
    for (const loss of initial) expect(loss).toBeCloseTo(initial[0]!, 5);
  });

  it('gives each method its own learning rate', () => {
    const rates = METHODS.map((method) => stepsOf(eventsOf('cmp', method))[0].learningRate);
    expect(rates).toEqual([5e-4, 5e-3, 2e-2, 2e-3]);
  });

  it('leaves adapters in PEFT’s layout, or what trained as model.safetensors', () => {
    expect(json('cmp', 'lora', 'adapter', 'adapter_config.json')).toMatchObject({
      peft_type: 'LORA',
      task_type: 'SEQ_CLS',
      r: 2,
      lora_alpha: 4,
    });
    const query = 'base_model.model.bert.encoder.layer.0.attention.self.query';
    const lora = tensorsOf('cmp', 'lora', 'adapter', 'adapter_model.safetensors');
    expect(lora.get(`${query}.lora_A.weight`)?.dims).toEqual([2, 32]);
    expect(lora.get(`${query}.lora_B.weight`)?.dims).toEqual([32, 2]);
    expect(lora.get('base_model.model.classifier.weight')?.dims).toEqual([3, 32]);
    const prompt = tensorsOf('cmp', 'prompt', 'adapter', 'adapter_model.safetensors');
    expect(prompt.get('prompt_embeddings')?.dims).toEqual([20, 32]);
    expect(prompt.has('base_model.classifier.weight')).toBe(true);
    expect([...tensorsOf('cmp', 'head', 'adapter', 'model.safetensors').keys()].sort()).toEqual([
      'classifier.bias',
      'classifier.weight',
    ]);
    const full = tensorsOf('cmp', 'full', 'adapter', 'model.safetensors');
    expect(full.get('bert.encoder.layer.1.intermediate.dense.weight')?.dims).toEqual([64, 32]);
  });

  it('records completed specs that are specs', () => {
    const { spec, environment, model } = json('cmp', 'lora', 'run.json') as {
      spec: Record<string, Record<string, unknown>>;
      environment: { adapter: { description: string } };
      model: { hash: string };
    };
    expect(spec.training).toMatchObject({ maxGradNorm: 1, shuffle: true, seed: 3 });
    expect(spec.method).toMatchObject({ type: 'lora', rank: 2, targets: ['q', 'v'] });
    expect(environment.adapter.description).not.toBe('');
    expect(model.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('sums up in summary.json and in a report that needs nothing else', () => {
    const { runs } = json('cmp', 'summary.json') as { runs: Record<string, unknown>[] };
    expect(runs.map(({ method }) => method)).toEqual(METHODS);
    for (const run of runs) expect(run).toMatchObject({ reason: 'completed', steps: 4 });
    const html = read('cmp', 'report.html');
    // Scores, losses and the metric by step.
    expect(html.match(/<svg/g)).toHaveLength(3);
    for (const method of METHODS)
      expect(html).toMatch(new RegExp(`<th scope="row"><i [^>]*></i>${method}</th>`));
    expect(html).not.toMatch(/<script|<link|src=|href=|url\(/);
  });
});

describe('a finished run', () => {
  it.each(METHODS)(
    'of %s evaluates to what it was kept for',
    async (method) => {
      const { stdout, status } = await delta(
        ['evaluate', '--run', `cmp/${method}`, '--data', 'dev.csv', '--json'],
        folder,
      );
      expect(status).toBe(0);
      const { metrics, rows } = JSON.parse(stdout) as { metrics: Record<string, number>; rows: number };
      expect(rows).toBe(7);
      const { summary } = json('cmp', method, 'run.json') as {
        summary: { best: { metrics: Record<string, number> } };
      };
      expect(metrics.accuracy).toBe(summary.best.metrics.accuracy);
      expect(metrics.loss).toBeCloseTo(summary.best.metrics.loss, 5);
    },
    TIMEOUT,
  );

  it(
    'predicts labels with probabilities',
    async () => {
      const { stdout, status } = await delta(
        ['predict', '--run', 'cmp/lora', '--text', 'a fine film', '--text', 'a sad long day', '--json'],
        folder,
      );
      expect(status).toBe(0);
      const { predictions } = JSON.parse(stdout) as {
        predictions: { text: string; label: string; probabilities: Record<string, number> }[];
      };
      expect(predictions.map(({ text }) => text)).toEqual(['a fine film', 'a sad long day']);
      for (const { label, probabilities } of predictions) {
        expect(Object.keys(probabilities)).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2']);
        const values = Object.values(probabilities);
        expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
        expect(probabilities[label]).toBe(Math.max(...values));
      }
    },
    TIMEOUT,
  );

  it(
    'starts another run as its init, with the losses it had',
    async () => {
      const init = path.join(folder, 'cmp/lora/adapter');
      const method = { type: 'lora', rank: 2, alpha: 4, init };
      const next = path.join(folder, 'next');
      const training = { steps: 1, batchSize: 4, evaluateEvery: 1, seed: 3 };
      const { status } = await delta(
        ['train', '--spec', makeProject(next, { method, training }), '--out', 'next/run'],
        folder,
      );
      expect(status).toBe(0);
      const evaluation = eventsOf('next', 'run').find((event) => event.type === 'evaluate');
      const { summary } = json('cmp', 'lora', 'run.json') as {
        summary: { best: { metrics: { loss: number } } };
      };
      expect(evaluation?.metrics.loss).toBeCloseTo(summary.best.metrics.loss, 5);

      const wrong = makeProject(next, { method: { ...method, rank: 4 }, training });
      const refused = await delta(['train', '--spec', wrong, '--out', 'next/wrong'], folder);
      expect(refused.status).toBe(1);
      expect(refused.stderr.trimEnd().split('\n').at(-1)).toMatch(/has r 2 where method\.rank is 4/);
    },
    TIMEOUT,
  );

  it(
    'is refused on another base model',
    async () => {
      const record = json('cmp', 'head', 'run.json') as { model: Record<string, unknown> };
      const changed = { ...record, model: { ...record.model, hash: '0'.repeat(64) } };
      const other = path.join(folder, 'other');
      makeProject(other);
      await delta(['export', '--run', 'cmp/lora', '--format', 'peft', '--out', 'other/adapter'], folder);
      expect(existsSync(path.join(other, 'adapter/adapter_config.json'))).toBe(true);
      writeFileSync(path.join(other, 'run.json'), JSON.stringify(changed));
      const { status, stderr } = await delta(['evaluate', '--run', 'other', '--data', 'dev.csv'], folder);
      expect(status).toBe(1);
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/is not the model this run was trained on/);
    },
    TIMEOUT,
  );
});

describe('delta train', () => {
  it(
    'gives the same losses for the same spec',
    async () => {
      const spec = path.join(folder, 'spec.json');
      const { status } = await delta(['train', '--spec', spec, '--out', 'again'], folder);
      expect(status).toBe(0);
      const [a, b] = [eventsOf('again'), eventsOf('cmp', 'lora')].map((events) =>
        stepsOf(events).map(({ loss }) => loss),
      );
      expect(a).toEqual(b);
    },
    TIMEOUT,
  );

  it(
    'ends a run whose loss is not finite with 1, its step, and weights that can be used',
    async () => {
      const wild = path.join(folder, 'wild');
      const training = {
        steps: 6,
        batchSize: 4,
        evaluateEvery: 0,
        optimizer: { learningRate: 1e30 },
        schedule: { type: 'constant' },
      };
      const spec = makeProject(wild, { training, method: { type: 'full' } });
      const { status, stderr } = await delta(['train', '--spec', spec, '--out', 'wild/run'], folder);
      expect(status).toBe(1);
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
        /^delta: the (loss|gradient norm) became \S+ at step \d; lower training\.optimizer\.learningRate \(1e\+30\)/,
      );
      expect(eventsOf('wild', 'run').at(-1)).toMatchObject({ type: 'end', reason: 'nonFinite' });
      for (const { bytes } of tensorsOf('wild', 'run', 'adapter', 'model.safetensors').values()) {
        const values = new Float32Array(bytes.slice().buffer);
        expect(values.every(Number.isFinite)).toBe(true);
      }
      const evaluated = await delta(['evaluate', '--run', 'wild/run', '--data', 'dev.csv', '--json'], folder);
      expect(evaluated.status).toBe(0);
      const { metrics } = JSON.parse(evaluated.stdout) as { metrics: { loss: number } };
      expect(Number.isFinite(metrics.loss)).toBe(true);
    },
    TIMEOUT,
  );
});

describe('Ctrl-C', () => {
  it(
    'stops between steps and still writes everything',
    async () => {
      const endless = path.join(folder, 'endless');
      const spec = makeProject(endless, { training: { steps: 100_000, batchSize: 4, evaluateEvery: 0 } });
      const { status, stdout } = await deltaProcess(
        ['train', '--spec', spec, '--out', 'endless/run', '--json'],
        folder,
        {
          interruptAfter: /step 1\//,
        },
      );
      expect(status).toBe(0);
      const events = eventsOf('endless', 'run');
      expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'stopped' });
      const steps = stepsOf(events).length;
      expect(steps).toBeGreaterThan(0);
      expect(JSON.parse(stdout)).toMatchObject({ adapterStep: steps, summary: { reason: 'stopped', steps } });
      expect(tensorsOf('endless', 'run', 'adapter', 'adapter_model.safetensors').size).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});

describe('delta plan', () => {
  it(
    'forecasts what training then takes, to the byte',
    async () => {
      const spec = path.join(folder, 'spec.json');
      const { status, stdout } = await delta(
        ['plan', '--spec', spec, '--methods', METHODS.join(','), '--batch', '2,4', '--json'],
        folder,
      );
      expect(status).toBe(0);
      const { rows } = JSON.parse(stdout) as {
        rows: {
          method: string;
          batchSize: number;
          trainableParameters: number;
          dispatches: number;
          predicted: Record<string, number>;
        }[];
      };
      expect(rows.map(({ method, batchSize }) => `${method} ${batchSize}`)).toEqual(
        METHODS.flatMap((method) => [`${method} 2`, `${method} 4`]),
      );
      for (const row of rows) {
        const sum = MEMORY_CATEGORIES.reduce((total, category) => total + row.predicted[category], 0);
        expect(row.predicted.total).toBe(sum);
        expect(row.dispatches).toBeGreaterThan(0);
        if (row.batchSize !== 4) continue;
        const [start, memory] = eventsOf('cmp', row.method);
        expect(start).toMatchObject({ trainableParameters: row.trainableParameters });
        expect(memory).toMatchObject({ predicted: row.predicted, allocated: row.predicted });
      }
    },
    TIMEOUT,
  );
});

describe('a regression over pairs', () => {
  it(
    'trains, evaluates and predicts numbers',
    async () => {
      const pairs = path.join(folder, 'pairs');
      const spec = makeProject(pairs, {
        model: { source: 'model', task: 'regression' },
        data: {
          train: 'pairs.jsonl',
          validation: 0.25,
          columns: { text: ['a', 'b'], label: 'score' },
          maxLength: 12,
        },
        method: { type: 'head' },
        training: { steps: 2, batchSize: 4, evaluateEvery: 2 },
      });
      const lines = rowsText(16, '\t', ['x', 'y']).trimEnd().split('\n').slice(1);
      const rows = lines.map((line, i) =>
        JSON.stringify({ a: line.split('\t')[0], b: 'the film', score: i / 4 }),
      );
      writeFileSync(path.join(pairs, 'pairs.jsonl'), `${rows.join('\n')}\n`);
      const { status } = await delta(['train', '--spec', spec, '--out', 'pairs/run'], folder);
      expect(status).toBe(0);
      const end = eventsOf('pairs', 'run').at(-1);
      expect(end).toMatchObject({ type: 'end', best: { metric: 'pearson' } });
      const predicted = await delta(
        ['predict', '--run', 'pairs/run', '--text', 'a day', '--text2', 'the film', '--json'],
        folder,
      );
      expect(predicted.status).toBe(0);
      const { predictions } = JSON.parse(predicted.stdout) as { predictions: { value: number }[] };
      expect(Number.isFinite(predictions[0].value)).toBe(true);
      const unpaired = await delta(['predict', '--run', 'pairs/run', '--text', 'a day'], folder);
      expect(unpaired.status).toBe(2);
    },
    TIMEOUT,
  );
});

describe('delta export', () => {
  it.each(['lora', 'prompt'])(
    'writes %s as an ONNX file that onnxruntime-web runs as we do, in a folder that opens again',
    async (method) => {
      const args = [
        'export',
        '--run',
        `cmp/${method}`,
        '--format',
        'onnx',
        '--out',
        `onnx-${method}`,
        '--json',
      ];
      const { stdout, stderr, status } = await delta(args, folder);
      expect(status, stderr).toBe(0);
      const document = JSON.parse(stdout) as { files: string[]; difference: number; values: number };
      expect(document.files).toEqual(expect.arrayContaining(['model.onnx', 'config.json', 'vocab.txt']));
      expect(document.difference).toBeLessThan(1e-4);
      // Four texts of three classes.
      expect(document.values).toBe(12);
      const { labels } = json('cmp', method, 'run.json') as { labels: { names: string[] } };
      const { id2label } = json(`onnx-${method}`, 'config.json') as { id2label: Record<string, string> };
      expect(Object.values(id2label)).toEqual(labels.names);
      const inspected = await delta(['inspect', `onnx-${method}`, '--json'], folder);
      expect(JSON.parse(inspected.stdout)).toMatchObject({ task: 'classification', supported: true });
    },
    TIMEOUT,
  );

  it(
    'copies PEFT’s folder, and says where PEFT has none',
    async () => {
      const peft = await delta(['export', '--run', 'cmp/lora', '--format', 'peft', '--out', 'peft'], folder);
      expect(peft.status, peft.stderr).toBe(0);
      expect(read('peft', 'adapter_config.json')).toBe(read('cmp', 'lora', 'adapter', 'adapter_config.json'));
      const none = await delta(['export', '--run', 'cmp/head', '--format', 'peft', '--out', 'no'], folder);
      expect(none.status).toBe(1);
      expect(none.stderr).toMatch(
        /^delta: PEFT has no adapter for the method "head"; take .* --format onnx\.$/m,
      );
    },
    TIMEOUT,
  );
});
