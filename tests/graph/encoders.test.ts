/** Every encoder we have, compiled: legal programs, fused whole, equal to their source graphs in float64. */
import { describe, expect, it } from 'vitest';
import { readModel } from '../../src/onnx/read.ts';
import { recoverParameters } from '../../src/onnx/recover.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { compileFor, countOps, difference, runProgram, runSource, texts } from '../support/compiled.ts';
import type { Model } from '../support/compiled.ts';
import { oracleModels } from '../support/oracle-models.ts';
import { allEncoders, readShared } from '../support/shared.ts';

interface Case {
  name: string;
  config: Record<string, unknown>;
  load: () => Model;
  /** PyTorch's inputs and outputs, where the export came with them. */
  recorded?: () => Recorded | undefined;
}

interface Recorded {
  inputs: Record<string, number[][]>;
  outputs: Record<string, { shape: number[]; data: number[] }>;
}

const cases: Case[] = [
  ...oracleModels.map(({ name, config, bytes }) => ({
    name: `oracle/${name}`,
    config,
    load: () => recoverParameters(readModel(bytes).graph, config),
  })),
  ...allEncoders
    .filter(({ name }) => !name.includes('t5'))
    .map(({ name, folder, config }) => ({
      name,
      config,
      load: () => {
        const bytes = readShared(folder, 'model.onnx')!;
        return recoverParameters(readModel(bytes, (file) => readShared(folder, file)).graph, config);
      },
      recorded: () => {
        const bytes = readShared(folder, 'reference_io.json');
        return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Recorded);
      },
    })),
];

/** Nodes of one transformer layer, and what is around the layers of each kind of model. */
const LAYER = { MatMul: 6, Attention: 1, Add: 2, LayerNorm: 2 };

function layersOf(model: Model): number {
  const softmaxes = model.graph.nodes.filter((node) => node.op === 'Softmax');
  return softmaxes.length;
}

describe.skipIf(allEncoders.length === 0)('encoders of the shared folder', () => {
  it('are there', () => expect(allEncoders.length).toBeGreaterThan(10));
});

describe.each(cases)('$name', ({ config, load, recorded }) => {
  const model = load();
  const padding = Number(config['pad_token_id'] ?? 0);
  const vocabulary = Math.min(Number(config['vocab_size'] ?? 99), 99);

  it('has every layer fused to its few nodes, and no copies', () => {
    const counts = countOps(compileFor(model, [3, 7]).program);
    const layers = layersOf(model);
    expect(layers).toBeGreaterThan(0);
    expect(counts['Attention']).toBe(layers * LAYER.Attention);
    // Layers' norms, the embeddings' and, in a language-model head, one more.
    expect([1, 2]).toContain(counts['LayerNorm'] - layers * LAYER.LayerNorm);
    // Two additions join two or three tables of embeddings.
    expect([1, 2]).toContain(counts['Add'] - layers * LAYER.Add);
    expect(counts['MatMul'] - layers * LAYER.MatMul).toBeLessThanOrEqual(3);
    expect((counts['Gelu'] ?? 0) + (counts['GeluTanh'] ?? 0)).toBeGreaterThanOrEqual(layers);
    for (const op of [
      'Softmax',
      'Transpose',
      'Expand',
      'Reduce',
      'Sub',
      'Div',
      'Mul',
      'Erf',
      'Scale',
      'Shift',
    ])
      expect(counts[op], op).toBeUndefined();
    // A first token costs one Slice and one Reshape, two answers two of each; nothing else is cut or viewed.
    expect(counts['Reshape'] ?? 0).toBeLessThanOrEqual(2);
    expect(counts['Slice'] ?? 0).toBe(counts['Reshape'] ?? 0);
  });

  it('uploads ids and a mask of one number a token, nothing larger', () => {
    const { host, program } = compileFor(model, [4, 9]);
    for (const { shape } of host.outputs) expect(shape.reduce((a, b) => a * b, 1)).toBeLessThanOrEqual(4 * 9);
    const masks = host.outputs.filter((output) => output.type === 'f32');
    expect(masks.map((mask) => mask.shape)).toEqual([[4, 1, 1, 9]]);
    for (const { id, data } of program.values.values()) expect(data?.length ?? 0, id).toBeLessThanOrEqual(9);
  });

  it.each([
    [3, 7],
    [1, 12],
    [2, 1],
  ])('computes for %i texts of %i tokens what its source graph does', (batch, length) => {
    const shape = [batch, length] as const;
    const inputs = texts(model, shape, { vocabulary, padding });
    const expected = runSource(model, inputs, shape);
    const actual = runProgram(model, compileFor(model, shape), inputs);
    for (const { name } of model.graph.outputs)
      expect(difference(expected.get(name)!, actual.get(name)!), name).toBeLessThan(1e-6);
  });

  it('gives the numbers PyTorch gave', ({ skip }) => {
    const reference = recorded?.();
    if (!reference) return skip('no reference_io.json beside the model');
    const shape = [reference.inputs['input_ids'].length, reference.inputs['input_ids'][0].length] as const;
    const inputs = Object.fromEntries(
      model.graph.inputs.map(({ name }) => [name, Int32Array.from(reference.inputs[name].flat())]),
    );
    const actual = runProgram(model, compileFor(model, shape), inputs);
    expect(model.graph.outputs.length).toBeGreaterThan(0);
    // PyTorch also records what the export leaves out (a pooler's output).
    for (const { name } of model.graph.outputs) {
      const { shape: dims, data } = reference.outputs[name];
      expect(difference(refTensor(dims, data), actual.get(name)!), name).toBeLessThan(1e-5);
    }
  });
});
