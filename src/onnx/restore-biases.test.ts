/** Biases of zeros that an exporter dropped come back under PyTorch's names, and compute what was computed. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cloneSourceGraph, type SourceGraph } from '../graph/source.ts';
import { heldBytes } from '../graph/tensor.ts';
import { readModel } from './read.ts';
import { recoverParameters } from './recover.ts';
import { restoreBiases } from './restore-biases.ts';

const folder = path.join(import.meta.dirname, '../../tests/oracle/bert');
const config = JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
const whole = recoverParameters(readModel(readFileSync(path.join(folder, 'model.onnx'))).graph, config);

/** The graph without the biases of linear layers and norms that `chosen` picks, as if they had been zeros. */
function dropped(chosen: (name: string) => boolean): { graph: SourceGraph; names: string[] } {
  const graph = cloneSourceGraph(whole.graph);
  const names = [...whole.parameters.keys()].filter((name) => name.endsWith('.bias') && chosen(name));
  for (const name of names) {
    graph.initializers.delete(name);
    for (const node of [...graph.nodes]) {
      const at = node.inputs.indexOf(name);
      if (at < 0) continue;
      if (node.op !== 'Add') {
        node.inputs.splice(at, 1);
        continue;
      }
      const product = graph.nodes.find(({ outputs }) => outputs[0] === node.inputs[1 - at])!;
      product.outputs = [...node.outputs];
      graph.nodes.splice(graph.nodes.indexOf(node), 1);
    }
  }
  return { graph, names };
}

const without = (names: readonly string[]) =>
  new Map([...whole.parameters].filter(([name]) => !names.includes(name)));

describe('biases that were dropped', () => {
  it.each([
    ['of every linear layer and norm', () => true],
    [
      'of the pooler and the classifier, as the dynamo exporter does',
      (name: string) => /pooler|classifier/.test(name),
    ],
    ['of norms', (name: string) => /LayerNorm/.test(name)],
  ])('%s come back, in the order of use', (_, chosen) => {
    const { graph, names } = dropped(chosen);
    const parameters = without(names);
    const restored = restoreBiases(graph, parameters, config);
    expect([...restored].sort()).toEqual([...names].sort());
    expect([...parameters.keys()]).toEqual([...whole.parameters.keys()]);
    for (const name of names) {
      const tensor = graph.initializers.get(name)!;
      expect(tensor.dims).toEqual(whole.graph.initializers.get(name)!.dims);
      expect(heldBytes(tensor).every((byte) => byte === 0)).toBe(true);
    }
    // Each is read where it was, by a node that adds it.
    const readers = (of: SourceGraph) =>
      of.nodes
        .flatMap(({ op, inputs }) => inputs.filter((i) => names.includes(i)).map((i) => `${op} ${i}`))
        .sort();
    expect(readers(graph)).toEqual(readers(whole.graph));
    const results = (of: SourceGraph) => new Set(of.outputs.map(({ name }) => name));
    expect(results(graph)).toEqual(results(whole.graph));
  });

  it('come back without a known family where the same layer of another block has its own', () => {
    const { graph, names } = dropped((name) =>
      /layer\.1\.(attention\.self\.query|output\.LayerNorm)\./.test(name),
    );
    const restored = restoreBiases(graph, without(names), {});
    expect([...restored].sort()).toEqual([...names].sort());
  });

  it('do not come where a family has none', () => {
    const { graph, names } = dropped(() => true);
    expect(restoreBiases(graph, without(names), { model_type: 't5' })).toEqual([]);
  });

  it('are left alone where they are', () => {
    const graph = cloneSourceGraph(whole.graph);
    const nodes = graph.nodes.length;
    expect(restoreBiases(graph, new Map(whole.parameters), config)).toEqual([]);
    expect(graph.nodes).toHaveLength(nodes);
  });
});
