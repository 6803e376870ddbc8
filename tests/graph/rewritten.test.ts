/** A delta's rewrite may not cost a fusion, and the rewritten graph still computes what it says. */
import { describe, expect, it } from 'vitest';
import { attachDelta } from '../../src/deltas/registry.ts';
import type { MethodOptions } from '../../src/deltas/registry.ts';
import { analyse } from '../../src/graph/analyse.ts';
import { floatInitializer } from '../../src/graph/tensor.ts';
import { readModel } from '../../src/onnx/read.ts';
import { recoverParameters } from '../../src/onnx/recover.ts';
import { compileFor, countOps, difference, runProgram, runSource, texts } from '../support/compiled.ts';
import { oracleModels } from '../support/oracle-models.ts';

const classifiers = oracleModels.filter(({ name }) => !/features|fill-mask/.test(name));
const lora: MethodOptions = {
  type: 'lora',
  rank: 3,
  alpha: 6,
  dropout: 0,
  targets: ['q', 'v', 'o', 'ffn.in', 'ffn.out'],
  rankStabilized: false,
};
const prompt = { type: 'prompt', virtualTokens: 3, initialization: 'vocab' } as MethodOptions;

describe.each(classifiers)('$name', ({ bytes, config }) => {
  const { graph, parameters } = recoverParameters(readModel(bytes).graph, config);
  const roles = analyse(graph, parameters, config);
  const model = { graph, parameters, roles, head: [], config };
  const padding = Number(config['pad_token_id'] ?? 0);
  const shape = [3, 7] as const;
  const plain = countOps(compileFor(model, shape).program);

  it.each([
    ['lora', lora],
    ['prompt', prompt],
  ])('%s keeps every fusion', (_name, method) => {
    const delta = attachDelta(model, method, 42);
    const counts = countOps(compileFor({ graph: delta.graph, parameters }, shape).program);
    for (const op of ['Attention', 'LayerNorm', 'Gelu', 'GeluTanh', 'Gather'])
      expect(counts[op], op).toBe(plain[op]);
    for (const op of ['Softmax', 'Transpose', 'Expand', 'Scale', 'Concat'])
      expect(counts[op], op).toBeUndefined();
  });

  it('lora adds two products and one addition a site', () => {
    const delta = attachDelta(model, lora, 42);
    const counts = countOps(compileFor({ graph: delta.graph, parameters }, shape).program);
    const sites = roles.linears.filter(
      (site) => /\.(q|v|o|in|out)$/.test(site.role) && /^encoder/.test(site.role),
    );
    expect(counts['MatMul'] - plain['MatMul']).toBe(2 * sites.length);
    expect(counts['Add'] - plain['Add']).toBe(sites.length);
  });

  it('a prompt is read from a second table', () => {
    const delta = attachDelta(model, prompt, 42);
    const { program } = compileFor({ graph: delta.graph, parameters }, shape);
    const gathers = program.nodes.filter((node) => node.op === 'Gather' && node.inputs.length === 3);
    expect(gathers).toHaveLength(1);
    expect(program.values.get(gathers[0].inputs[2])!.kind).toBe('parameter');
    expect(program.values.get(gathers[0].outputs[0])!.shape[1]).toBe(shape[1] + 3);
  });

  it.each([
    ['lora', lora, [3, 7]],
    ['lora', lora, [1, 5]],
    ['prompt', prompt, [3, 7]],
    ['prompt', prompt, [1, 5]],
  ] as const)('%s computes what its source graph does', (_name, method, size) => {
    const delta = attachDelta(model, method, 42);
    // Initial values include zeros, which would hide a branch that is missing.
    for (const { name, dims, data } of delta.tensors)
      delta.graph.initializers.set(
        name,
        floatInitializer(
          name,
          dims,
          data.map((_, i) => Math.sin(i + 1) / 8),
        ),
      );
    const rewritten = { graph: delta.graph, parameters };
    const inputs = texts(rewritten, size, { vocabulary: 99, padding });
    const expected = runSource(rewritten, inputs, size);
    const actual = runProgram(rewritten, compileFor(rewritten, size), inputs);
    expect(difference(expected.get('logits')!, actual.get('logits')!)).toBeLessThan(1e-6);
  });

  it('finds the same roles in a graph already rewritten', () => {
    const delta = attachDelta(model, lora, 42);
    const again = analyse(delta.graph, parameters, config);
    const names = (list: readonly { role: string }[]): string[] => list.map(({ role }) => role).sort();
    expect(names(again.linears)).toEqual(names(roles.linears));
    expect(names(again.norms)).toEqual(names(roles.norms));
    expect(names(again.sublayers)).toEqual(names(roles.sublayers));
    expect(again.encoderOutput).toBe(roles.encoderOutput);
  });
});
