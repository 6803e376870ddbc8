/**
 * Model files of some kilobytes that ask for constants without end: refused in a sentence that names the node, the
 * operator and the size, before anything is allocated for them.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../src/errors.ts';
import type { Initializer, SourceNode } from '../../src/graph/source.ts';
import { intInitializer } from '../../src/graph/tensor.ts';
import { filesFromMemory } from '../../src/models/files.ts';
import { loadModel } from '../../src/models/load.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { deltaModelOf } from '../../src/train/delta-model.ts';
import { node } from '../support/graphs.ts';
import { started } from '../support/processor-time.ts';

const folder = path.join(import.meta.dirname, '../oracle/bert');
const BERT = new Uint8Array(readFileSync(path.join(folder, 'model.onnx')));
const CONFIG = new Uint8Array(readFileSync(path.join(folder, 'config.json')));

const ints = (name: string, ...values: number[]): Initializer => intInitializer(name, values);
const number = (name: string, value: number): Initializer => intInitializer(name, [value], []);

/** A tiny BERT with more nodes in front, written and read as a file. */
async function inspect(nodes: SourceNode[], initializers: Initializer[]): Promise<void> {
  const { graph } = readModel(BERT);
  for (const tensor of initializers) graph.initializers.set(tensor.name, tensor);
  const bytes = writeModel({ ...graph, nodes: [...nodes, ...graph.nodes] });
  const files = filesFromMemory({ 'model.onnx': bytes, 'config.json': CONFIG });
  deltaModelOf(await loadModel(files, 'the model'));
}

/** What is said of it, within two seconds and without the memory it asks for. */
async function refusal(nodes: SourceNode[], initializers: Initializer[]): Promise<string> {
  const seconds = started();
  const before = process.memoryUsage();
  const error = await inspect(nodes, initializers).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const after = process.memoryUsage();
  expect(error).toBeInstanceOf(StudioError);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(300 * 2 ** 20);
  expect(seconds()).toBeLessThan(5);
  return (error as StudioError).message;
}

/** Numbers 0 … 999, none like another, so that nothing is stored as one. */
const line = node('Range', ['zero', 'thousand', 'one'], 'line');
const LINE = [number('zero', 0), number('thousand', 1000), number('one', 1)];

const BOMBS: Record<string, { nodes: SourceNode[]; initializers: Initializer[] }> = {
  Range: {
    nodes: [node('Range', ['from', 'to', 'by'], 'bomb')],
    initializers: [number('from', 0), number('to', 2 ** 40), number('by', 1)],
  },
  ConstantOfShape: {
    nodes: [node('ConstantOfShape', ['shape'], 'bomb')],
    initializers: [ints('shape', 2 ** 40, 2 ** 40)],
  },
  Reshape: {
    nodes: [node('ConstantOfShape', ['shape'], 'wide'), node('Reshape', ['wide', 'flat'], 'bomb')],
    initializers: [ints('shape', 2 ** 20, 2 ** 20), ints('flat', -1)],
  },
  Expand: {
    nodes: [line, node('Expand', ['line', 'shape'], 'wide'), node('Reshape', ['wide', 'flat'], 'bomb')],
    initializers: [...LINE, ints('shape', 2 ** 30, 1000), ints('flat', -1)],
  },
  Tile: {
    nodes: [line, node('Tile', ['line', 'repeats'], 'bomb')],
    initializers: [...LINE, ints('repeats', 2 ** 30)],
  },
  Pad: {
    nodes: [line, node('Pad', ['line', 'pads'], 'bomb')],
    initializers: [...LINE, ints('pads', 0, 2 ** 40)],
  },
  Mul: {
    nodes: [
      line,
      node('Reshape', ['line', 'column'], 'columns'),
      node('Mul', ['line', 'columns'], 'square'),
      node('Reshape', ['square', 'long'], 'longer'),
      node('Mul', ['line', 'longer'], 'bomb'),
    ],
    initializers: [...LINE, ints('column', -1, 1), ints('long', -1, 1)],
  },
  Where: {
    nodes: [
      line,
      node('Reshape', ['line', 'a'], 'x'),
      node('Reshape', ['line', 'b'], 'y'),
      node('Greater', ['x', 'zero'], 'c'),
      node('Where', ['c', 'line', 'y'], 'bomb'),
    ],
    initializers: [...LINE, ints('a', 1000, 1, 1), ints('b', 1, 1000, 1)],
  },
  Gather: {
    nodes: [
      line,
      node('Reshape', ['line', 'column'], 'columns'),
      node('Add', ['columns', 'line'], 'table'),
      node('Range', ['zero', 'many', 'one'], 'ids'),
      node('Mod', ['ids', 'thousand'], 'rows'),
      node('Gather', ['table', 'rows'], 'bomb'),
    ],
    initializers: [...LINE, ints('column', -1, 1), number('many', 1e6)],
  },
  GatherND: {
    nodes: [
      line,
      node('Reshape', ['line', 'column'], 'columns'),
      node('Add', ['columns', 'line'], 'table'),
      node('Range', ['zero', 'many', 'one'], 'ids'),
      node('Mod', ['ids', 'thousand'], 'places'),
      node('Reshape', ['places', 'column'], 'rows'),
      node('GatherND', ['table', 'rows'], 'bomb'),
    ],
    initializers: [...LINE, ints('column', -1, 1), number('many', 1e6)],
  },
  MatMul: {
    nodes: [
      node('Range', ['zero', 'many', 'one'], 'line'),
      node('Reshape', ['line', 'column'], 'left'),
      node('Reshape', ['line', 'row'], 'right'),
      node('MatMul', ['left', 'right'], 'bomb'),
    ],
    initializers: [...LINE, number('many', 1e6), ints('column', -1, 1), ints('row', 1, -1)],
  },
  Gemm: {
    nodes: [
      node('Range', ['zero', 'many', 'one'], 'line'),
      node('Reshape', ['line', 'row'], 'rows'),
      node('Gemm', ['rows', 'rows'], 'bomb', { transA: 1 }),
    ],
    initializers: [...LINE, number('many', 1e6), ints('row', 1, -1)],
  },
  Transpose: {
    nodes: [
      line,
      node('Reshape', ['line', 'square'], 'squares'),
      node('Transpose', ['squares'], 'bomb', { perm: [0, 0, 0, 0, 0] }),
    ],
    initializers: [...LINE, ints('square', 1000, 1, 1, 1, 1)],
  },
  Split: {
    nodes: [line, node('Split', ['line', 'parts'], ['bomb', 'rest'])],
    initializers: [...LINE, ints('parts', 2 ** 40, 2 ** 40)],
  },
  ReduceSum: {
    nodes: [node('ConstantOfShape', ['shape'], 'nothing'), node('ReduceSum', ['nothing', 'last'], 'bomb')],
    initializers: [ints('shape', 2 ** 40, 0), ints('last', 1)],
  },
};

describe('a file that asks for constants without end', () => {
  it.each(Object.keys(BOMBS))('%s', async (op) => {
    const { nodes, initializers } = BOMBS[op];
    const said = await refusal(nodes, initializers);
    expect(said).toMatch(new RegExp(`node (${op}_bomb|\\w+) \\(\\w+\\)`));
    expect(said).toMatch(/[\d,]{7,}|\[\d+.*\]/);
  });

  it('Concat, forty times with itself', async () => {
    const nodes = [line];
    for (let i = 0; i < 40; i++)
      nodes.push(
        node('Concat', i === 0 ? ['line', 'line'] : [`x${i - 1}`, `x${i - 1}`], `x${i}`, { axis: 0 }),
      );
    const said = await refusal(nodes, LINE);
    expect(said).toMatch(/node Concat_x\d+ \(Concat\) is not valid: it would make [\d,]+ numbers/);
  });

  it('many values none of which is too large', async () => {
    const nodes = [node('Range', ['zero', 'many', 'one'], 'line')];
    for (let i = 0; i < 500; i++) nodes.push(node('Add', ['line', 'one'], `x${i}`));
    const said = await refusal(nodes, [...LINE, number('many', 2e6)]);
    expect(said).toMatch(/node Add_x\d+ \(Add\) is not valid: with it more than [\d,]+ numbers/);
  });

  it('matrix products that are small and take long', async () => {
    const nodes = [
      line,
      node('Reshape', ['line', 'column'], 'columns'),
      node('Sub', ['line', 'columns'], 'x0'),
    ];
    for (let i = 0; i < 100; i++) nodes.push(node('MatMul', [`x${i}`, `x${i}`], `x${i + 1}`));
    const said = await refusal(nodes, [...LINE, ints('column', -1, 1)]);
    expect(said).toMatch(/node MatMul_x\d+ \(MatMul\) is not valid: with it more than/);
  });

  it('shapes with a side below zero, and values of the device of any size', async () => {
    const shaped = (...sides: number[]) =>
      refusal([node('ConstantOfShape', ['shape'], 'bomb')], [ints('shape', ...sides)]);
    expect(await shaped(2, -2)).toMatch(/node ConstantOfShape_bomb .* the shape \[2, -2\];/);
    expect(await shaped(2 ** 40, 2 ** 40)).toMatch(/which no device holds/);
  });

  it('declared shapes that are none', async () => {
    const { graph } = readModel(BERT);
    const [name, tensor] = [...graph.initializers].find(([, { dims }]) => dims.length === 2)!;
    const [rows, columns] = tensor.dims;
    for (const dims of [[-rows, -columns], [2 ** 50, 0], Array<number>(65).fill(1)]) {
      const initializers = new Map(graph.initializers).set(name, { ...tensor, dims });
      expect(() => readModel(writeModel({ ...graph, initializers }))).toThrow(/which none has/);
    }
  });

  it('any number of nodes of one name', async () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) =>
      node('Identity', [i === 0 ? 'input_ids' : `x${i - 1}`], `x${i}`, {}, { name: 'same' }),
    );
    const seconds = started();
    await inspect(nodes, []);
    expect(seconds()).toBeLessThan(10);
  });
});
