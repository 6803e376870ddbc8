/** Weights of classes through the command line: trained with, left out of evaluations, refused in one line. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/train/events.ts';
import { delta, makeProject } from '../support/cli.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-weights-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function train(name: string, classWeights: unknown) {
  const data = {
    train: 'train.tsv',
    validation: 'dev.csv',
    columns: { text: ['sentence'], label: 'label' },
    maxLength: 8,
    ...(classWeights !== undefined && { classWeights }),
  };
  const spec = makeProject(path.join(folder, name), { data });
  const out = path.join(folder, name, 'run');
  const result = await delta(['train', '--spec', spec, '--out', out, '--adapter', 'wasm'], folder);
  return { ...result, out };
}

function losses(out: string): { steps: number[]; evaluations: number[] } {
  const lines = readFileSync(path.join(out, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  return {
    steps: events.flatMap((event) => (event.type === 'step' ? [event.loss] : [])),
    evaluations: events.flatMap((event) => (event.type === 'evaluate' ? [event.metrics.loss] : [])),
  };
}

describe('delta train with data.classWeights', { timeout: 180_000 }, () => {
  it('weighs rows of training by their class, and those of evaluations alike', async () => {
    const plain = await train('plain', undefined);
    const byHand = await train('byHand', { 0: 1, 1: 8 });
    for (const { status, stderr } of [plain, byHand]) expect(status, stderr).toBe(0);
    const [alike, weighted] = [losses(plain.out), losses(byHand.out)];
    // The first batch has no row of class 1.
    expect(weighted.steps[0]).toBe(alike.steps[0]);
    expect(Math.abs(weighted.steps[1] - alike.steps[1])).toBeGreaterThan(1e-3);
    // Nothing has been trained yet: the same weights, rows and loss.
    expect(weighted.evaluations[0]).toBe(alike.evaluations[0]);
    const { spec } = JSON.parse(readFileSync(path.join(byHand.out, 'run.json'), 'utf8')) as {
      spec: { data: object };
    };
    expect(spec.data).toMatchObject({ classWeights: { 0: 1, 1: 8 } });
  });

  it('is the plain loss where balanced classes are balanced', async () => {
    const balanced = await train('balanced', 'balanced');
    expect(balanced.status, balanced.stderr).toBe(0);
    expect(losses(balanced.out)).toEqual(losses(path.join(folder, 'plain', 'run')));
  });

  it('refuses labels that are none and weights that weigh nothing, in one line', async () => {
    const unknown = await train('unknown', { 7: 2 });
    expect(unknown.status).toBe(1);
    expect(unknown.stderr.trim().split('\n').at(-1)).toContain(
      'data.classWeights has a weight for "7", which is none of the classes "LABEL_0", "LABEL_1", "LABEL_2".',
    );
    const zero = await train('zero', { 1: 0 });
    expect(zero.status).toBe(1);
    expect(zero.stderr.trim()).toContain('data.classWeights.1: got 0 (a number); expected a number above 0');
  });
});
