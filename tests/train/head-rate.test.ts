/** A head with a learning rate of its own: from the spec to the groups that the optimizer steps. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadMaterials, loadSpec } from '../../cli/load.ts';
import { DEFAULT_PROFILE } from '../../src/plan/default-profile.ts';
import { completeSpec } from '../../src/runs/spec.ts';
import { prepare } from '../../src/train/prepare.ts';
import { compileStages } from '../../src/train/stages.ts';
import { makeProject } from '../support/cli.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-head-rate-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rates of the trained tensors, by name. */
async function ratesOf(
  method: object,
  optimizer: object,
): Promise<Map<string, { scale: number; decay: boolean }>> {
  const file = makeProject(folder, { method, training: { steps: 1, batchSize: 4, optimizer } });
  const { input, base } = await loadSpec(file);
  const spec = completeSpec(input);
  const prepared = prepare(spec, await loadMaterials(spec, base));
  const { layout } = compileStages(prepared, spec, DEFAULT_PROFILE).at(-1)!;
  return new Map([...layout.slots.values()].map(({ name, group }) => [name, layout.groups[group].rate]));
}

it('is a multiple of the rest’s in every method, and decays as it did', async () => {
  const optimizer = { learningRate: 1e-3, headLearningRate: 4e-3 };
  const plain = await ratesOf({ type: 'bitfit' }, optimizer);
  expect(plain.get('classifier.weight')).toEqual({ scale: 4, decay: true });
  expect(
    new Set([...plain].filter(([name]) => !name.startsWith('classifier')).map(([, rate]) => rate.scale)),
  ).toEqual(new Set([1]));
  const plus = await ratesOf({ type: 'lora', learningRateRatio: 16 }, optimizer);
  expect(plus.get('classifier.bias')).toEqual({ scale: 4, decay: false });
  expect([...plus.values()].some(({ scale }) => scale === 16)).toBe(true);
  const alone = await ratesOf({ type: 'head' }, { learningRate: 1e-3 });
  expect(new Set([...alone.values()].map(({ scale }) => scale))).toEqual(new Set([1]));
});
