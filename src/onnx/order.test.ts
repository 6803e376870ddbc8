/** Nodes in any order, and orders that cannot be. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type ModelProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { readModel } from './read.ts';

const bytes = readFileSync(path.join(import.meta.dirname, '../../tests/oracle/bert/model.onnx'));
const changed = (change: (model: ModelProto) => void): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, bytes);
  change(model);
  return toBinary(ModelProtoSchema, model);
};
const names = (file: Uint8Array) => readModel(file).graph.nodes.map(({ name }) => name);

/** A fixed shuffle. */
function shuffled<T>(items: T[]): T[] {
  let state = 7;
  const random = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

describe('the order of nodes', () => {
  it('stays where it can be computed', () => {
    const proto = fromBinary(ModelProtoSchema, bytes).graph!.node.filter(
      ({ opType }) => opType !== 'Constant',
    );
    const written = proto.map(({ name }) => name);
    const read = names(bytes);
    expect(read.every((name, i) => i === 0 || written.indexOf(name) > written.indexOf(read[i - 1]))).toBe(
      true,
    );
  });

  it.each([
    ['backwards', (nodes: ModelProto['graph'] & object) => nodes.node.reverse()],
    ['shuffled', (graph: ModelProto['graph'] & object) => (graph.node = shuffled(graph.node))],
  ])('is made where it is %s', (_, change) => {
    const { graph } = readModel(changed((model) => change(model.graph!)));
    const ready = new Set([...graph.initializers.keys(), ...graph.inputs.map(({ name }) => name)]);
    for (const node of graph.nodes) {
      expect(node.inputs.filter((input) => input !== '' && !ready.has(input))).toEqual([]);
      for (const output of node.outputs) ready.add(output);
    }
    expect(new Set(graph.nodes.map(({ name }) => name))).toEqual(new Set(names(bytes)));
    expect([...graph.initializers.keys()].sort()).toEqual(
      [...readModel(bytes).graph.initializers.keys()].sort(),
    );
  });

  it.each([
    [
      'a cycle',
      (model: ModelProto) => {
        const [first] = model.graph!.node.filter(({ opType }) => opType === 'MatMul');
        first.input[0] = first.output[0];
      },
      /waits for its own result \(the graph has a cycle\)/,
    ],
    [
      'a value that nothing makes',
      (model: ModelProto) =>
        void (model.graph!.node.find(({ opType }) => opType === 'Softmax')!.input[0] = 'gone'),
      /reads gone, which nothing makes, so the file is damaged/,
    ],
    [
      'a value that two nodes make',
      (model: ModelProto) => void (model.graph!.node[3].output[0] = model.graph!.node[2].output[0]),
      /two nodes make the value/,
    ],
    [
      'an output that nothing makes',
      (model: ModelProto) => void (model.graph!.output[0].name = 'gone'),
      /no node makes the output gone/,
    ],
  ])('%s is refused', (_, change, message) => {
    const act = () => readModel(changed(change));
    expect(act).toThrow(StudioError);
    expect(act).toThrow(message);
  });
});
