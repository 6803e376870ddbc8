/** A dynamo export that dropped its all-zero biases trains as many values as PyTorch did. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { attachDelta } from '../../src/deltas/registry.ts';
import { loadModel } from '../../src/models/load.ts';
import { completeSpec, readSpec } from '../../src/runs/spec.ts';
import type { MethodSpec } from '../../src/runs/spec-method.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { sharedFolder } from '../support/shared.ts';

const folder = path.join(sharedFolder, 'cases/models/dynamo-zero-biases');

describe.skipIf(!existsSync(folder))('dropped biases (needs the shared folder)', () => {
  it.each([
    ['full', { type: 'full' }],
    ['lora', { type: 'lora', rank: 4, alpha: 8, targets: ['q', 'v'] }],
  ])('are trained by %s, which counts as PyTorch does', async (name, method) => {
    const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<
      string,
      { trainable: number }
    >;
    const model = deltaModelOf(await loadModel(modelFiles(folder), folder));
    const spec = completeSpec(readSpec({ model: { source: 'm' }, data: { train: 't.tsv' }, method }));
    const delta = attachDelta(model, spec.method as MethodSpec, 1);
    const names = new Set([...delta.unfrozen, ...model.head]);
    const size = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);
    const count =
      [...names].reduce((sum, one) => sum + size(model.parameters.get(one)!.dims), 0) +
      delta.tensors.reduce((sum, { dims }) => sum + size(dims), 0);
    expect(count).toBe(expected[name].trainable);
  });
});
