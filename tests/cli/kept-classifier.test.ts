/** A classifier kept from an export answers in its own classes, however the file writes their names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunEvent } from '../../src/train/events.ts';
import { delta, makeProject, rowsText, type CliResult, type SpecPatch } from '../support/cli.ts';

const TIMEOUT = 600_000;
/** In an order that sorting would change. */
const NAMES = ['Neutral', 'POSITIVE', 'very Negative'];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-kept-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Trains the head for one step over labels called so. */
async function train(name: string, labels: readonly string[], patch: SpecPatch = {}): Promise<CliResult> {
  const place = path.join(folder, name);
  makeProject(place, {
    method: { type: 'head' },
    training: { steps: 1, batchSize: 4, evaluateEvery: 1, seed: 3, metric: 'loss' },
    ...patch,
  });
  const config = path.join(place, 'model/config.json');
  const given = JSON.parse(readFileSync(config, 'utf8')) as object;
  writeFileSync(config, JSON.stringify({ ...given, id2label: Object.fromEntries(NAMES.entries()) }));
  for (const [file, separator] of [
    ['train.tsv', '\t'],
    ['dev.csv', ','],
  ]) {
    const lines = rowsText(12, separator, ['sentence', 'label']).trimEnd().split('\n');
    const named = lines.map((line) =>
      line.replace(/[012]$/, (index) => labels[Number(index)] ?? `class ${index}`),
    );
    writeFileSync(path.join(place, file), `${named.join('\n')}\n`);
  }
  return delta(['train', '--spec', `${name}/spec.json`, '--out', `${name}/run`], folder);
}

/** Metrics before the first step. */
function untuned(name: string): unknown {
  const lines = readFileSync(path.join(folder, name, 'run/metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  return events.find((event) => event.type === 'evaluate')?.metrics;
}

const OTHERS = ['meh', 'good', 'bad'];
const DATA = { train: 'train.tsv', validation: 'dev.csv', columns: { text: ['sentence'], label: 'label' } };

it(
  'is the same classifier for names in another case or spacing, and for names that the spec maps',
  async () => {
    const exact = await train('exact', NAMES);
    expect(exact.status, exact.stderr).toBe(0);
    expect(exact.stderr).not.toMatch(/case or spacing/);
    const lower = await train('lower', ['neutral', 'positive', 'very  negative']);
    expect(lower.status, lower.stderr).toBe(0);
    expect(lower.stderr).toMatch(
      /^Note: train\.tsv: labels that differ from the model's own in case or spacing only are taken for them: .*"positive" – "POSITIVE"/m,
    );
    expect(untuned('lower')).toEqual(untuned('exact'));
    const labels = { meh: 'neutral', good: 'POSITIVE', bad: 'very negative' };
    const mapped = await train('mapped', OTHERS, { data: { ...DATA, maxLength: 8, labels } });
    expect(mapped.status, mapped.stderr).toBe(0);
    expect(untuned('mapped')).toEqual(untuned('exact'));
    // What was learned of a name holds for evaluation too.
    const evaluated = await delta(['evaluate', '--run', 'mapped/run', '--data', 'mapped/dev.csv'], folder);
    expect(evaluated.status, evaluated.stderr).toBe(0);
  },
  TIMEOUT,
);

it(
  'is asked about for other names, and starts anew where that is wanted',
  async () => {
    const asked = await train('asked', OTHERS);
    expect(asked.status).toBe(1);
    expect(asked.stderr.trimEnd()).toBe(
      'delta: The labels "bad", "good", "meh" are not those that the model\'s classifier was made for, "Neutral", "POSITIVE", "very Negative": say in data.labels which is which ("bad": "Neutral" or another, and so on), or set model.head to "fresh" to train a new classifier.',
    );
    const fresh = await train('fresh', OTHERS, { model: { source: 'model', head: 'fresh' } });
    expect(fresh.status, fresh.stderr).toBe(0);
    expect(fresh.stderr).toMatch(/^Note: The last layer .*classifier.* starts anew, as model\.head asks\.$/m);
    expect(untuned('fresh')).not.toEqual(untuned('exact'));
  },
  TIMEOUT,
);

it('points out labels of the file that differ in case only', async () => {
  const patch = { model: { source: 'model', head: 'fresh' } };
  const { status, stderr } = await train('near', ['ham', 'Spam', 'spam'], patch);
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(
    /^Note: train\.tsv: these labels differ in case or spacing only and are classes of their own: "Spam" – "spam"; if they mean the same, make them one in the file or in data\.labels\.$/m,
  );
});
