/** Exports that kept no names at all get the same ones as exports that did. */
import { describe, expect, it } from 'vitest';
import type { Initializer, SourceGraph } from '../../src/graph/source.ts';
import { readModel } from '../../src/onnx/read.ts';
import { recoverParameters } from '../../src/onnx/recover.ts';
import { oracleModels } from '../support/oracle-models.ts';
import { allEncoders, readShared } from '../support/shared.ts';

/** The graph with every node and initializer renamed to numbers; inputs and outputs stay. */
function anonymous(graph: SourceGraph): SourceGraph {
  const kept = new Set(['', ...graph.inputs.map((i) => i.name), ...graph.outputs.map((o) => o.name)]);
  const names = new Map<string, string>();
  const rename = (name: string) => {
    if (kept.has(name)) return name;
    if (!names.has(name)) names.set(name, String(1000 + names.size));
    return names.get(name)!;
  };
  const initializers = new Map<string, Initializer>();
  for (const tensor of graph.initializers.values()) {
    const name = rename(tensor.name);
    initializers.set(name, { ...tensor, name });
  }
  const nodes = graph.nodes.map(({ op, domain, inputs, outputs, attributes }, i) => ({
    name: `${op}_${i}`,
    op,
    domain,
    inputs: inputs.map(rename),
    outputs: outputs.map(rename),
    attributes,
  }));
  return { ...graph, nodes, initializers };
}

function listed(graph: SourceGraph, config: Record<string, unknown>): string[] {
  const { parameters } = recoverParameters(graph, config);
  return [...parameters.values()].map((p) => `${p.name} [${p.dims.join(',')}] ${p.transposed}`).sort();
}

function compare(bytes: Uint8Array, config: Record<string, unknown>): void {
  const { graph } = readModel(bytes);
  const named = listed(graph, config);
  expect(named.length).toBeGreaterThan(20);
  expect(listed(anonymous(graph), config)).toEqual(named);
}

describe('by place alone', () => {
  it.each(oracleModels)('$name', ({ bytes, config }) => compare(bytes, config));

  const named = allEncoders.filter((model) => model.config.model_type !== undefined);
  describe.skipIf(named.length === 0)('models of the shared folder', () => {
    it.each(named)('$name', ({ folder, config }) => compare(readShared(folder, 'model.onnx')!, config));
  });

  it('nothing is named when config.json describes another model', () => {
    const { bytes, config } = oracleModels.find((m) => m.name === 'bert')!;
    const graph = anonymous(readModel(bytes).graph);
    for (const wrong of [
      {},
      { ...config, num_hidden_layers: 3 },
      { ...config, intermediate_size: 7 },
      { ...config, model_type: 'gpt2' },
    ]) {
      const names = [...recoverParameters(graph, wrong).parameters.keys()];
      expect(names.length).toBeGreaterThan(20); // still parameters, under the file's own names
      expect(names.every((name) => /^\d+$/.test(name))).toBe(true);
    }
  });
});
