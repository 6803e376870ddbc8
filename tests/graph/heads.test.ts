/** Models given a fresh head: pooling over the attended tokens compiles, with and without a prompt. */
import { describe, expect, it } from 'vitest';
import { attachDelta } from '../../src/deltas/registry.ts';
import { analyse } from '../../src/graph/analyse.ts';
import { filesFromMemory } from '../../src/models/files.ts';
import { prepareForTask } from '../../src/models/heads.ts';
import { loadModel } from '../../src/models/load.ts';
import { compileFor, countOps, difference, runProgram, runSource, texts } from '../support/compiled.ts';
import { oracleModel } from '../support/oracle-models.ts';

describe.each([
  ['bert-features', 'mean'],
  ['bert-features', 'first'],
  ['bert-fill-mask', 'mean'],
] as const)('%s pooled by %s', async (name, pooling) => {
  const { bytes, config } = oracleModel(name);
  const files = filesFromMemory({
    'model.onnx': bytes,
    'config.json': new TextEncoder().encode(JSON.stringify(config)),
  });
  const loaded = await loadModel(files, name);
  const task = { task: 'classification', labels: ['a', 'b', 'c'], pooling, seed: 1 } as const;
  const model = prepareForTask(loaded, task);
  const { graph, parameters } = model;
  const roles = analyse(graph, parameters, config);
  const shape = [3, 7] as const;

  it('compiles to the layers, a pooling and two linears', () => {
    const { program, host } = compileFor(model, shape);
    const counts = countOps(program);
    expect(counts).toMatchObject({ Attention: 2, MatMul: 14, Gelu: 2, Tanh: 1 });
    for (const op of ['Softmax', 'Transpose', 'Expand', 'Where']) expect(counts[op], op).toBeUndefined();
    for (const output of host.outputs)
      expect(output.shape.reduce((a, b) => a * b, 1)).toBeLessThanOrEqual(3 * 7);
    expect(roles.linears.filter(({ role }) => role.startsWith('head.')).map(({ module }) => module)).toEqual([
      'classifier.dense',
      'classifier.out_proj',
    ]);
  });

  it.each(['none', 'prompt'])('computes what its source graph does, delta: %s', (method) => {
    const delta =
      method === 'none'
        ? { graph }
        : attachDelta({ ...model, roles }, { type: 'prompt', virtualTokens: 4, initialization: 'vocab' }, 7);
    const rewritten = { graph: delta.graph, parameters };
    const inputs = texts(rewritten, shape, { vocabulary: 99, padding: 0 });
    const expected = runSource(rewritten, inputs, shape).get('logits')!;
    const actual = runProgram(rewritten, compileFor(rewritten, shape), inputs).get('logits')!;
    expect(expected.shape).toEqual([3, 3]);
    expect(difference(expected, actual)).toBeLessThan(1e-6);
  });
});
