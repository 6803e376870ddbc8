import { expect, it } from 'vitest';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import type { SourceGraph } from '../graph/source.ts';
import { pruneGraph } from './prune.ts';

it('drops what leads to no output, and keeps inputs', () => {
  const source = graph(
    [
      node('Add', ['x', 'a'], 'h'),
      node('Mul', ['h', 'b'], 'dead'),
      node('Neg', ['dead'], 'deader'),
      node('Relu', ['h'], 'y'),
    ],
    [weight('a', [2]), weight('b', [2])],
  );
  source.inputs.push({ name: 'unused', type: 'int64', dims: [] });
  pruneGraph(source);
  expect(source.nodes.map((n) => n.op)).toEqual(['Add', 'Relu']);
  expect([...source.initializers.keys()]).toEqual(['a']);
  expect(source.inputs.map((i) => i.name)).toEqual(['x', 'unused']);
});

it('keeps a node of which one output is used', () => {
  const source = graph([node('Split', ['x'], ['p', 'q'], { axis: 1 }), node('Relu', ['q'], 'y')]);
  pruneGraph(source);
  expect(source.nodes).toHaveLength(2);
});

it('keeps what a body reads from outside', () => {
  const body: SourceGraph = { ...graph([node('Add', ['h', 'a'], 'z')]), inputs: [] };
  const source = graph(
    [node('Relu', ['x'], 'h'), node('If', ['flag'], 'y', { then_branch: body, else_branch: body })],
    [weight('a', [2]), weight('flag', []), weight('b', [2])],
  );
  pruneGraph(source);
  expect(source.nodes.map((n) => n.op)).toEqual(['Relu', 'If']);
  expect([...source.initializers.keys()]).toEqual(['a', 'flag']);
});
