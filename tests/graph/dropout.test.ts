/** Dropout stands where transformers' own code has it, and nowhere else. */
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/graph/analyse.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { insertDropout } from '../../src/graph/dropout.ts';
import type { Program } from '../../src/graph/program.ts';
import { readModel } from '../../src/onnx/read.ts';
import { recoverParameters } from '../../src/onnx/recover.ts';
import { verifyProgram } from '../../src/graph/verify.ts';
import { difference, runSource, texts } from '../support/compiled.ts';
import { oracleModel } from '../support/oracle-models.ts';

function withDropout(name: string, mode: 'train' | 'eval'): Program {
  const { bytes, config } = oracleModel(name);
  const { graph, parameters } = recoverParameters(readModel(bytes).graph, config);
  const roles = analyse(graph, parameters, config);
  const dropped = insertDropout(graph, roles, 0.1, config);
  const inputShapes = Object.fromEntries(graph.inputs.map((input) => [input.name, [2, 6]]));
  const { program, host } = compileForward(dropped, parameters, { inputShapes, mode });
  verifyProgram(program, host);
  return program;
}

describe.each([
  // Embeddings, two outputs a layer, before the classifier; probabilities in every attention.
  ['bert', 1 + 2 * 2 + 1],
  ['bert-features', 1 + 2 * 2],
  ['bert-fill-mask', 1 + 2 * 2],
  // Two linears in the head, each with dropout before it.
  ['roberta', 1 + 2 * 2 + 2],
  ['electra', 1 + 2 * 2 + 2],
  // No dropout after attention outputs; none before pre_classifier.
  ['distilbert', 1 + 2 + 1],
  // No dropout after feed-forward outputs.
  ['albert', 1 + 3 + 1],
])('%s', (name, expected) => {
  it(`has ${expected} dropouts and one in every attention, with ids of their own`, () => {
    const { nodes } = withDropout(name, 'train');
    const dropouts = nodes.filter((node) => node.op === 'Dropout');
    const attentions = nodes.filter((node) => node.op === 'Attention');
    expect(dropouts).toHaveLength(expected);
    expect(attentions.every((node) => node.attributes.dropout === Math.fround(0.1))).toBe(true);
    const ids = [
      ...dropouts.map((node) => node.attributes.id),
      ...attentions.map((node) => node.attributes.dropoutId),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(Math.min(...ids)).toBe(1);
    expect(Math.max(...ids)).toBe(ids.length);
    expect(nodes.some((node) => node.op === 'Softmax')).toBe(false);
  });

  it('has none when evaluating', () => {
    const { nodes } = withDropout(name, 'eval');
    expect(nodes.some((node) => node.op === 'Dropout')).toBe(false);
    expect(nodes.every((node) => node.op !== 'Attention' || node.attributes.dropout === 0)).toBe(true);
  });
});

it('changes nothing of what the model computes, and nothing at all at rate 0', () => {
  const { bytes, config } = oracleModel('bert');
  const model = recoverParameters(readModel(bytes).graph, config);
  const roles = analyse(model.graph, model.parameters, config);
  expect(insertDropout(model.graph, roles, 0, config)).toBe(model.graph);
  const before = model.graph.nodes.length;
  const graph = insertDropout(model.graph, roles, 0.3, config);
  expect(model.graph.nodes).toHaveLength(before);
  const inputs = texts(model, [2, 5], { vocabulary: 99, padding: 0 });
  const [a, b] = [model, { ...model, graph }].map((m) => runSource(m, inputs, [2, 5]).get('logits')!);
  expect(difference(a, b)).toBe(0);
});
