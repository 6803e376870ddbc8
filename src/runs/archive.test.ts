import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../../tests/support/shared.ts';
import { StudioError } from '../errors.ts';
import type { RunEvent } from '../train/events.ts';
import { archiveFiles, readArchive, type ArchivedComparison, type ArchivedRun } from './archive.ts';
import { comparisonSpecs, readSpec, runMethod } from './spec.ts';
import { readEntry } from './storage/entry.ts';
import { summarize } from './summary.ts';
import { STORE_FORMAT, type StoredComparison, type StoredRunState } from './storage/stored.ts';

const POISON = path.join(sharedFolder, 'cases/faults/02-poison-zip');

const spec = readSpec({
  model: { source: 'builtin:bert' },
  data: { train: 'train.tsv' },
  compare: [{ method: { type: 'lora' } }, { method: { type: 'head' } }],
});
const comparison: StoredComparison = {
  format: STORE_FORMAT,
  id: 'there',
  name: 'films',
  created: '2026-01-01T00:00:00.000Z',
  spec,
  environment: {
    studio: '0',
    runtime: 'test',
    adapter: { vendor: 'v', architecture: '', description: '', software: true },
  },
  model: { source: 'builtin:bert', hash: 'aa', parameters: 1 },
  labels: { names: ['a', 'b'], source: 'sorted' },
  columns: { text: ['text'], label: 'label' },
  notes: ['a note'],
  dataHash: 'bb',
  inputs: { model: 'm', data: 'd' },
  runs: comparisonSpecs(spec).map((run) => ({
    run: run.key,
    method: runMethod(run.spec),
    steps: run.spec.training.steps,
    spec: run.spec,
  })),
};
const events: RunEvent[] = [
  {
    type: 'step',
    step: 1,
    loss: NaN,
    learningRate: 0.1,
    gradNorm: Infinity,
    milliseconds: 1,
    tokens: 8,
  },
  { type: 'evaluate', step: 0, split: 'validation', metrics: { accuracy: 0.5 } },
  { type: 'end', reason: 'stopped', step: 1, best: null, seconds: 1 },
];
const weights = { name: 'adapter_model.safetensors', bytes: Uint8Array.of(1, 2, 3) };
const runs: ArchivedRun[] = ['lora', 'head'].map((run) => ({
  state: {
    comparison: 'there',
    run,
    phase: 'stopped',
    summary: null,
    adapter: run === 'lora' ? { step: 1, files: [{ name: weights.name, bytes: 3 }] } : null,
    checkpoint: run === 'lora' ? { slot: 1, step: 1, events: 2, bytes: 9 } : null,
  },
  predictions: { step: 1, logits: Float64Array.of(0.1, NaN), texts: ['a text'] },
  events,
  adapter: run === 'lora' ? [weights] : null,
}));

async function zip(change: (files: Record<string, Uint8Array>) => void = () => {}) {
  const files: Record<string, Uint8Array> = {};
  const entry = { comparison, runs: runs.map(({ state }) => state) };
  const load = async ({ run }: { run: string }) => runs.find(({ state }) => state.run === run)!;
  const loads = { predictions: async (state: StoredRunState) => (await load(state)).predictions, rest: load };
  for await (const { name, bytes } of archiveFiles(entry, loads)) files[name] = bytes;
  change(files);
  return zipSync(files);
}

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

it('carries a comparison to another browser: records, events, weights, predictions, no checkpoints', async () => {
  const bytes = await zip();
  const read = readArchive(bytes, 'films.zip', 'here');
  expect(read.comparison).toEqual({ ...comparison, id: 'here', imported: { from: 'films.zip' } });
  expect(read.runs).toEqual(
    runs.map((run) => ({
      ...run,
      // JSON has one word for all that is no number.
      events: run.events.map((event) => (event.type === 'step' ? { ...event, gradNorm: NaN } : event)),
      state: { ...run.state, comparison: 'here', checkpoint: null },
    })),
  );
  const record = JSON.parse(strFromU8(unzipSync(bytes)['runs/lora/run.json'])) as Record<string, unknown>;
  expect(record).toMatchObject({ name: 'lora', adapterStep: 1, summary: { reason: 'stopped' } });
});

it('reads what an earlier version left out of a summary, and markup in a name as the text it is', async () => {
  const bytes = await changed(({ comparison: c, states }) => {
    c.name = '<img src=x onerror=alert(1)>';
    states[1].summary = { reason: 'completed', steps: 20 };
  });
  const read = readArchive(bytes, 'films.zip', 'here');
  expect(read.comparison.name).toBe('<img src=x onerror=alert(1)>');
  expect(read.runs[1].state.summary).toEqual({ ...summarize([]), reason: 'completed', steps: 20 });
});

it.skipIf(!existsSync(POISON))('takes the good one of the zips that were made to do harm', () => {
  const of = (name: string): Uint8Array<ArrayBuffer> =>
    new Uint8Array(readFileSync(path.join(POISON, `${name}.zip`)));
  expect(readArchive(of('good'), 'good.zip', 'here').runs[0].state.summary?.best?.value).toBe(0.5);
  expect(readArchive(of('xss-name'), 'films.zip', 'here').comparison.name).toMatch(/^<img/);
  expect(refusal(of('no-comparison-spec'))).toMatch(/comparison\.spec/);
  expect(refusal(of('no-run-spec-training'))).toMatch(/comparison\.runs\[0\]\.steps/);
});

function refusal(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    readArchive(bytes, 'films.zip', 'here');
  } catch (error) {
    expect(error).toBeInstanceOf(StudioError);
    const { message } = error as Error;
    expect(message.length).toBeLessThanOrEqual(400);
    expect(message).toMatch(/^films\.zip cannot be opened: .+\.$/);
    return message;
  }
  throw new Error('nothing was refused');
}

it('refuses in one sentence what is no whole zip of this version', async () => {
  const whole = await zip();
  expect(refusal(whole.slice(0, -40))).toMatch(/no zip, or not a whole one/);
  expect(refusal(text('not a zip') as Uint8Array<ArrayBuffer>)).toMatch(/no zip/);
  expect(refusal(new Uint8Array())).toMatch(/no zip/);
  expect(refusal(await zip((files) => delete files['manifest.json']))).toMatch(/zip of something else/);
  const newer = { kind: 'delta-studio-comparison', version: 2, runs: [] };
  expect(refusal(await zip((files) => (files['manifest.json'] = text(newer))))).toBe(
    'films.zip cannot be opened: it was saved by a newer version of the studio (format 2, this page reads up to 1); reload the page to get the newest version.',
  );
  expect(refusal(await zip((files) => delete files['runs/head/metrics.jsonl']))).toMatch(
    /run "head" is missing/,
  );
  const name = 'runs/lora/adapter/adapter_model.safetensors';
  expect(refusal(await zip((files) => delete files[name]))).toMatch(
    /adapter_model\.safetensors .* is not whole/,
  );
  expect(refusal(await zip((files) => (files['comparison.json'] = text({}))))).toMatch(
    /in its comparison\.json comparison is missing or not as the studio writes it/,
  );
  expect(refusal(await zip((files) => (files['runs/lora/run.json'] = text({ format: 1 }))))).toMatch(
    /record of the run "lora" does not read/,
  );
});

/** The zip with `comparison.json` changed; a `String` stands for it where no value will do. */
async function changed(change: (contents: Contents) => unknown): Promise<Uint8Array<ArrayBuffer>> {
  return zip((files) => {
    const contents = JSON.parse(strFromU8(files['comparison.json'])) as Contents;
    const made = change(contents);
    files['comparison.json'] = made instanceof String ? strToU8(String(made)) : text(contents);
  });
}

interface Contents {
  comparison: Record<string, unknown> & { runs: Record<string, unknown>[] };
  states: Record<string, unknown>[];
}

const DEEP = `${'['.repeat(5000)}${']'.repeat(5000)}`;

describe('what is in a zip has to be what the studio writes', () => {
  it.each<[string, (contents: Contents) => unknown, RegExp]>([
    ['no spec', ({ comparison: c }) => delete c.spec, /comparison\.spec/],
    ['a run without its spec', ({ comparison: c }) => delete c.runs[0].spec, /comparison\.runs\[0\]\.spec/],
    [
      'a spec of no method',
      ({ comparison: c }) => (c.spec = { model: {} }),
      /comparison\.spec does not read/,
    ],
    ['a date that is none', ({ comparison: c }) => (c.created = 'yesterday'), /comparison\.created/],
    ['a name that is none', ({ comparison: c }) => (c.name = { toString: 1 }), /comparison\.name/],
    ['notes that are none', ({ comparison: c }) => (c.notes = [{}]), /comparison\.notes\[0\]/],
    ['another format', ({ comparison: c }) => (c.format = 2), /comparison\.format/],
    ['a field that is not ours', ({ comparison: c }) => (c.owner = 'me'), /comparison\.owner/],
    ['no runs', ({ comparison: c }) => (c.runs = []), /comparison\.runs/],
    ['one run twice', ({ comparison: c }) => (c.runs = [c.runs[0], c.runs[0]]), /comparison\.runs\[1\]\.run/],
    ['steps of no run', ({ comparison: c }) => (c.runs[0].steps = 7), /runs\[0\]\.steps/],
    [
      'more parameters than there are',
      ({ comparison: c }) => (c.model = { source: 'a', hash: 'b', parameters: 1e300 }),
      /model\.parameters/,
    ],
    ['a state twice', (all) => (all.states = [all.states[0], all.states[0]]), /"lora" does not belong/],
    ['a state of nobody', (all) => (all.states[0].run = '__proto__'), /"__proto__" does not belong/],
    ['a phase that is none', (all) => (all.states[0].phase = 'flying'), /states\[0\]\.phase/],
    ['a step before the first', (all) => (all.states[0].adapter = { step: -1, files: [] }), /adapter\.step/],
    [
      'a file outside',
      (all) => (all.states[0].adapter = { step: 1, files: [{ name: '../../x', bytes: 3 }] }),
      /adapter\.files\[0\]\.name/,
    ],
    [
      'a metric named like a method of every object',
      (all) => (all.states[0].summary = { last: { step: 1, metrics: { constructor: 1 } } }),
      /summary\.last\.metrics/,
    ],
    [
      'deep nesting',
      () => new String(`{"comparison":${DEEP},"states":[]}`),
      /comparison\.json does not read/,
    ],
    [
      'a prototype',
      (all) => new String(JSON.stringify(all).replace('"notes":', '"__proto__":{"x":1},"notes":')),
      /__proto__/,
    ],
    [
      'a number beyond numbers',
      (all) => new String(JSON.stringify(all).replace('"parameters":1', '"parameters":1e999')),
      /model\.parameters/,
    ],
  ])('%s', async (_, change, message) => {
    expect(refusal(await changed(change))).toMatch(message);
  });

  it('events among them, line by line', async () => {
    const lines = (contents: string) =>
      zip((files) => (files['runs/lora/metrics.jsonl'] = strToU8(contents)));
    const good = JSON.stringify(events[1]);
    for (const bad of [
      'x',
      DEEP,
      '{"type":"step"}',
      '{"type":"evaluate","step":0,"split":"validation","metrics":{"constructor":1}}',
      '{"type":"end","reason":"stopped","best":null,"seconds":-1}',
    ])
      expect(refusal(await lines(`${good}\n${bad}\n`))).toMatch(
        /line 2 of the metrics of the run "lora" does not read/,
      );
  });

  it('any value in any place is taken or refused, and what is taken can be read again', async () => {
    const places: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) places.push(path);
      if (typeof value !== 'object' || value === null) return;
      for (const [key, one] of Object.entries(value)) walk(one, [...path, key]);
    };
    walk(JSON.parse(strFromU8(unzipSync(await zip())['comparison.json'])), []);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...places),
        fc.oneof(fc.jsonValue(), fc.constantFrom('', 1e308, -1, 0.5, 2 ** 53, [], {}, null, undefined)),
        async (path, value) => {
          const bytes = await changed((contents) => {
            let holder: Record<string, unknown> = contents as unknown as Record<string, unknown>;
            for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
            holder[path.at(-1)!] = value;
          });
          let read: ArchivedComparison;
          try {
            read = readArchive(bytes, 'films.zip', 'here');
          } catch {
            return void refusal(bytes);
          }
          const states = read.runs.map(({ state }) => state);
          readEntry({ id: 'here', comparison: structuredClone(read.comparison), runs: states });
        },
      ),
      { numRuns: 150, seed: 11 },
    );
  });
});
