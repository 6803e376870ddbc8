import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../../cli/files.ts';
import { defaultOptions } from '../../deltas/catalogue.ts';
import { METHOD_TYPES } from '../../deltas/defaults.ts';
import { elementCount } from '../../graph/tensor.ts';
import { loadModel } from '../../models/load.ts';
import { prepareForTask } from '../../models/heads.ts';
import type { ComparisonRun } from '../../runs/spec.ts';
import { deltaModelOf } from '../../train/delta-model.ts';
import { describeTree } from '../../worker/tree.ts';
import { withTwoAdapters } from '../../../tests/support/fused.ts';
import { countMethod, LAWS } from './method-formula.ts';

describe('what a method trains, with this model’s own numbers', async () => {
  const folder = join(import.meta.dirname, '../../../public/models/bert-l4-h128');
  const loaded = await loadModel(modelFiles(folder), folder);
  const bare = deltaModelOf(prepareForTask(loaded, { task: 'classification', labels: ['a', 'b'], seed: 1 }));
  const { model, method: fusion } = withTwoAdapters(bare);
  const types = METHOD_TYPES;
  const runs = types.map((type) => ({
    key: type,
    spec: { method: type === 'fusion' ? fusion : defaultOptions(type), training: { seed: 1 } },
  }));
  const tree = describeTree(model, runs as unknown as ComparisonRun[]);

  it.each(types)('of %s: the terms come to what its tensors hold', (type) => {
    const counted = countMethod(tree, type)!;
    const terms = counted.terms.split(' + ').map((term) => {
      const [a, b] = term.includes(' × ') ? term.split(' × ') : ['1', term];
      return Number(a) * b.split('·').reduce((product, side) => product * Number(side), 1);
    });
    expect(terms.reduce((sum, term) => sum + term, 0)).toBe(counted.sum);
    const head = model.head.reduce((n, name) => n + elementCount(model.parameters.get(name)!.dims), 0);
    expect(type === 'head' ? counted.sum : counted.head).toBe(head);
    expect(counted.places).toBeGreaterThan(0);
    expect(LAWS[type]).not.toBe('');
  });

  it('are the laws for the methods that have one at every place', () => {
    const [h, f, layers] = [128, 512, 4];
    const sums = Object.fromEntries(types.map((type) => [type, countMethod(tree, type)!.sum]));
    expect(sums).toMatchObject({
      lora: 2 * layers * 8 * (h + h),
      vera: 2 * layers * (256 + h),
      adalora: 2 * layers * 12 * (h + h + 1),
      loha: 2 * layers * 2 * 8 * (h + h),
      said: 1000,
      prompt: 20 * h,
      prefix: layers * 2 * 5 * h,
      adapter: 2 * layers * (2 * h * 64 + 64 + h),
      compacter: 4 ** 3 + 2 * layers * 3 * (h + h / 32),
      mam: 30 * h + (h + 1) * h + (h + 1) * 2 * layers * h + layers * (2 * h * 64 + 64 + h),
      unipelt:
        10 * h +
        (h + 1) * h +
        (h + 1) * 2 * layers * h +
        layers * (2 * h * 8 + 8 + h) +
        2 * layers * 8 * (h + h) +
        4 * layers * (h + 1),
      fusion: layers * (3 * h * h + 2 * h),
      lastLayer: 4 * h * h + 2 * h * f + 9 * h + f,
      sparse: 2 * layers * 8 * (h + h),
      mask: layers * (4 * h * h + 2 * h * f),
    });
    expect(countMethod(tree, 'lora')).toMatchObject({ terms: '16 × 128·8', places: 8 });
  });

  it('stand at every module that they change, and what they share at none', () => {
    const places = Object.fromEntries(types.map((type) => [type, countMethod(tree, type)!.places]));
    expect(places).toMatchObject({
      lora: 8,
      sparse: 8,
      ia3: 16,
      mask: 24,
      adapter: 8,
      compacter: 8,
      prefix: 8,
      prompt: 1,
      said: 1,
      mam: 4,
      head: 2,
    });
    expect(places.diffPruning).toBe(places.full);
  });
});
