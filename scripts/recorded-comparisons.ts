/**
 * A stored comparison of each kind of verdict, as the zip that the history saves: made up of figures that come to
 * that verdict, so that pages and images of it need no training.
 */
import { downloadZip } from 'client-zip';
import type { VerdictCode } from '../src/evidence/verdict.ts';
import type { MemoryBytes } from '../src/plan/plan.ts';
import { archiveFiles } from '../src/runs/archive.ts';
import { comparisonSpecs, readSpec, runMethod, totalSteps, type ComparisonRun } from '../src/runs/spec.ts';
import type { StoredComparison, StoredRunState } from '../src/runs/storage/stored.ts';
import { summarize } from '../src/runs/summary.ts';
import type { RunEvent } from '../src/train/events.ts';

const SEEDS = [1, 2, 3, 4, 5, 6];
/** Test rows, of two classes that take turns. */
const ROWS = 400;
const STEPS = 100;
const EVERY = 20;
const MEBI = 2 ** 20;

interface MethodFigures {
  /** Mean test score, and how far seeds are from it. */
  test: number;
  spread: number;
  train?: number;
  /** Does the score still rise in the end? */
  rising?: boolean;
  /** It answers one class only. */
  oneClass?: boolean;
  /** Seeds whose loss became no number. */
  lost?: readonly number[];
}

type Kind = Record<'full' | 'lora' | 'prompt' | 'head', MethodFigures>;

const PEAK = { full: 61, lora: 17.7, prompt: 15.2, head: 8.1 } as const;
const TRAINED = { full: 1_891_584, lora: 33_154, prompt: 18_050, head: 16_770 } as const;

/** What each kind of verdict rests on. `undertrained` and `overfitted` are said beside what to take. */
const KINDS: Record<VerdictCode, Kind> = {
  winner: of([0.912, 0.862, 0.781, 0.742], 0.006),
  'cheaper-equal': of([0.864, 0.862, 0.713, 0.688], 0.004),
  'too-close': of([0.868, 0.846, 0.771, 0.744], 0.03),
  'nothing-learned': of([0.512, 0.506, 0.498, 0.503], 0.01),
  diverged: lost(of([0.84, 0.83, 0.72, 0.7], 0.01)),
  undertrained: {
    ...of([0.853, 0.792, 0.663, 0.642], 0.006),
    lora: { test: 0.792, spread: 0.006, rising: true },
    prompt: { test: 0.663, spread: 0.006, rising: true },
  },
  overfitted: {
    ...of([0.802, 0.741, 0.694, 0.681], 0.006),
    full: { test: 0.802, spread: 0.006, train: 0.998 },
    lora: { test: 0.741, spread: 0.006, train: 0.951 },
  },
  'one-class': oneClass(),
};

function of(tests: readonly [number, number, number, number], spread: number): Kind {
  const [full, lora, prompt, head] = tests.map((test) => ({ test, spread }));
  return { full, lora, prompt, head };
}

function lost({ full, lora, prompt, head }: Kind): Kind {
  return {
    full: { ...full, lost: [2, 5] },
    lora: { ...lora, lost: [2] },
    prompt: { ...prompt, lost: [5] },
    head: { ...head, lost: [6] },
  };
}

function oneClass(): Kind {
  const all = { test: 0.5, spread: 0, train: 0.5, oneClass: true };
  return { full: all, lora: all, prompt: all, head: all };
}

/** Numbers between −1 and 1 that look like chance and are the same each time. */
function wobble(...keys: number[]): number {
  const sine = Math.sin(keys.reduce((sum, key, i) => sum + key * (12.9898 + 65.233 * i), 1)) * 43758.5453;
  return 2 * (sine - Math.floor(sine)) - 1;
}

function memoryOf(peak: number): MemoryBytes {
  const total = Math.round(peak * MEBI);
  const none = { trainable: 0, gradients: 0, optimizer: 0, workspace: 0, batch: 0 };
  return { ...none, frozenWeights: Math.round(total / 2), activations: total - Math.round(total / 2), total };
}

/** Everything that a run told, up to its end. */
function eventsOf({ key, spec }: ComparisonRun, kind: Kind): RunEvent[] {
  const [name] = key.split('/') as [keyof Kind];
  const { seed } = spec.training;
  const at = Object.keys(PEAK).indexOf(name);
  const { test: mean, spread, train, rising = false, oneClass: one = false, lost: gone = [] } = kind[name];
  // Seeds of a method sum up to nothing, so that the mean is what it says.
  const noise = SEEDS.map((each) => wobble(each, at));
  const shift = noise.reduce((sum, value) => sum + value, 0) / noise.length;
  const test = Math.round((mean + spread * (noise[SEEDS.indexOf(seed)] - shift)) * ROWS) / ROWS;
  const memory = memoryOf(PEAK[name]);
  const events: RunEvent[] = [
    {
      type: 'start',
      time: '2026-11-28T09:00:00.000Z',
      adapter: { vendor: 'recorded', description: 'recorded figures' },
      trainableParameters: TRAINED[name],
      totalParameters: 1_891_584,
    },
    { type: 'memory', predicted: memory, allocated: memory },
    {
      type: 'reference',
      scores: {
        validation: { largestClass: 0.5, untuned: 0.49 },
        test: { largestClass: 0.5, untuned: 0.49 },
      },
    },
  ];
  const last = gone.includes(seed) ? 40 : STEPS;
  const scoreAt = (step: number): number => {
    const share = rising ? step / STEPS : Math.min(1, step / 60);
    return 0.49 + (test + 0.01 - 0.49) * share + 0.002 * wobble(step, seed, at);
  };
  let best = { step: 0, metric: 'accuracy', value: 0 };
  for (let step = 0; step <= last; step++) {
    if (step > 0)
      events.push({
        type: 'step',
        step,
        loss: 0.69 - (test - 0.49) * Math.min(1, step / 70) + 0.03 * wobble(step, seed, at),
        learningRate: 0.001 * (1 - step / STEPS),
        gradNorm: 1,
        milliseconds: 40 + PEAK[name] / 2,
        tokens: 300,
      });
    if (step % EVERY > 0) continue;
    const accuracy = scoreAt(step);
    events.push({ type: 'evaluate', step, split: 'validation', metrics: { accuracy, loss: 1 - accuracy } });
    if (accuracy > best.value) best = { ...best, step, value: accuracy };
  }
  if (gone.includes(seed)) {
    const message = 'the loss is not a finite number';
    events.push({ type: 'end', reason: 'nonFinite', step: last, best, seconds: 3, message });
    return events;
  }
  const onTrain = train ?? Math.min(0.99, test + 0.03);
  events.push(
    { type: 'evaluate', step: best.step, split: 'train', metrics: { accuracy: onTrain } },
    { type: 'evaluate', step: best.step, split: 'test', metrics: { accuracy: test } },
    { type: 'answers', split: 'test', step: best.step, ...answersOf(test, one) },
    { type: 'end', reason: 'completed', step: STEPS, best, seconds: 4 + PEAK[name] / 4 },
  );
  return events;
}

function answersOf(test: number, one: boolean): { truth: string; given: string } {
  const truth = Array.from({ length: ROWS }, (_, row) => row % 2);
  const wrong = Math.round((1 - test) * ROWS);
  const given = truth.map((label, row) => (one ? 1 : row < wrong ? 1 - label : label));
  return { truth: truth.join(' '), given: given.join(' ') };
}

/** The zip of a kind. */
export async function recordedComparison(code: VerdictCode): Promise<Uint8Array<ArrayBuffer>> {
  const spec = readSpec({
    name: `recorded-${code}`,
    model: { source: 'builtin:bert-l4-h128', task: 'classification' },
    data: {
      train: 'reviews.tsv',
      validation: 0.1,
      test: 0.2,
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 32,
    },
    compare: Object.keys(PEAK).map((type) => ({ method: { type } })),
    training: { steps: STEPS, evaluateEvery: EVERY },
    seeds: SEEDS,
  });
  const runs = comparisonSpecs(spec);
  const comparison: StoredComparison = {
    format: 1,
    id: `recorded-${code}`,
    name: spec.name!,
    created: '2026-11-28T09:00:00.000Z',
    spec,
    environment: {
      studio: '0.0.0',
      runtime: 'recorded',
      adapter: { vendor: 'recorded', architecture: '', description: 'recorded figures', software: false },
    },
    model: { source: 'builtin:bert-l4-h128', hash: 'recorded', parameters: 1_875_330 },
    labels: { names: ['bad', 'good'], source: 'sorted' },
    columns: { text: ['sentence'], label: 'label' },
    notes: [],
    forecast: { full: 18, lora: 8, prompt: 7.5, head: 5.5 },
    dataHash: 'recorded',
    inputs: { model: 'builtin:bert-l4-h128', data: 'files:recorded' },
    runs: runs.map((run) => ({
      run: run.key,
      method: runMethod(run.spec),
      steps: totalSteps(run.spec),
      spec: run.spec,
    })),
  };
  const events = new Map(runs.map((run) => [run.key, eventsOf(run, KINDS[code])]));
  const states = runs.map(({ key }): StoredRunState => {
    const summary = summarize(events.get(key)!);
    return {
      comparison: comparison.id,
      run: key,
      phase: summary.reason,
      summary,
      adapter: null,
      checkpoint: null,
    };
  });
  const files = archiveFiles(
    { comparison, runs: states },
    {
      predictions: async () => null,
      rest: async ({ run }) => ({ events: events.get(run)!, adapter: null }),
    },
  );
  const entries: { name: string; input: Uint8Array<ArrayBuffer> }[] = [];
  for await (const { name, bytes } of files) entries.push({ name, input: bytes });
  return new Uint8Array(await (await downloadZip(entries).blob()).arrayBuffer());
}
