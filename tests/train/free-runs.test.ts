/** A run whose outcome has been told is let go: a comparison of many runs holds the tensors of none that has ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withStudio } from '../../cli/device.ts';
import { loadMaterials, loadSpec } from '../../cli/load.ts';
import { comparisonSpecs } from '../../src/runs/spec.ts';
import { compare } from '../../src/train/comparison.ts';
import { prepare } from '../../src/train/prepare.ts';
import { makeProject } from '../support/cli.ts';

let folder: string;
let collect: () => void;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-free-'));
  setFlagsFromString('--expose-gc');
  collect = runInNewContext('gc') as () => void;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('holds nothing of a run that has ended', async () => {
  const rates = [1e-4, 2e-4, 3e-4, 4e-4];
  const file = makeProject(folder, {
    method: undefined,
    training: { steps: 1, batchSize: 4, evaluateEvery: 1 },
    compare: rates.map((learningRate) => ({
      method: { type: 'full' },
      training: { optimizer: { learningRate } },
    })),
  });
  const { input, base } = await loadSpec(file);
  const runs = comparisonSpecs(input);
  const prepared = prepare(runs[0].spec, await loadMaterials(runs[0].spec, base));
  const told: { adapter: WeakRef<object>; predictions: WeakRef<object> }[] = [];
  let most = 0;
  await withStudio({}, (studio) =>
    compare(studio, prepared, {
      runs,
      order: 'oneAfterAnother',
      emit: () => {},
      ended: async ({ adapter, predictions }) => {
        told.push({ adapter: new WeakRef(adapter![0].bytes), predictions: new WeakRef(predictions!) });
        // A reference that was looked at lives on to the end of its turn of the event loop.
        await new Promise((resolve) => setTimeout(resolve));
        collect();
        const alive = told.filter((one) => one.adapter.deref() ?? one.predictions.deref());
        most = Math.max(most, alive.length);
      },
    }),
  );
  expect(told).toHaveLength(rates.length);
  // The one that is being told.
  expect(most).toBeLessThanOrEqual(1);
}, 240_000);
