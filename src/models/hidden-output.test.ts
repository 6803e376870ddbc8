/** Exports whose outputs an exporter numbered: of sentence-transformers, of every layer's states, of a classifier. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../../tests/support/shared.ts';
import { modelFiles } from '../../cli/files.ts';
import type { SourceGraph, ValueInfo } from '../graph/source.ts';
import { readModel } from '../onnx/read.ts';
import { english } from '../sentence.ts';
import { writeModel } from '../onnx/write.ts';
import { filesFromMemory } from './files.ts';
import { prepareForTask } from './heads.ts';
import { loadModel } from './load.ts';
import { trainability } from './trainable.ts';

const oracle = path.join(import.meta.dirname, '../../tests/oracle');
const read = (family: string, name: string) => new Uint8Array(readFileSync(path.join(oracle, family, name)));

/** A tiny BERT whose graph was changed before it was written. */
async function load(family: string, change: (graph: SourceGraph) => void) {
  const { graph } = readModel(read(family, 'model.onnx'));
  change(graph);
  const files = { 'model.onnx': writeModel(graph), 'config.json': read(family, 'config.json') };
  return loadModel(filesFromMemory(files), family);
}

function renamed(graph: SourceGraph, from: string, to: string): void {
  const now = (name: string) => (name === from ? to : name);
  for (const node of graph.nodes) {
    node.inputs = node.inputs.map(now);
    node.outputs = node.outputs.map(now);
  }
  graph.outputs = graph.outputs.map((output) => ({ ...output, name: now(output.name) }));
}

const float = (name: string, dims: ValueInfo['dims']): ValueInfo => ({ name, type: 'float32', dims });
/** The results of the norms that end each layer, in order. */
const layerResults = (graph: SourceGraph) =>
  graph.nodes
    .filter(({ name }) => /\/output\/LayerNorm\/(LayerNormalization|Add_1)$/.test(name))
    .map(({ outputs }) => outputs[0]);

/** Adds a pooled vector, the mean over the tokens, as sentence-transformers do. */
function withPooled(graph: SourceGraph, hidden: string, name: string): void {
  graph.nodes.push({
    name: '/pool/ReduceMean',
    op: 'ReduceMean',
    domain: '',
    inputs: [hidden],
    outputs: [name],
    attributes: graph.opset >= 18 ? { keepdims: 0 } : { axes: [1], keepdims: 0 },
  });
  if (graph.opset >= 18) {
    const axes = new BigInt64Array([1n]);
    graph.initializers.set('pool.axes', {
      name: 'pool.axes',
      type: 'int64',
      dims: [1],
      bytes: new Uint8Array(axes.buffer),
    });
    graph.nodes.at(-1)!.inputs.push('pool.axes');
  }
}

describe('the last hidden state', () => {
  it.each([
    ['token_embeddings', 'sentence_embedding'],
    ['1234', '1290'],
    ['13', 'sentence_embedding'],
  ])('is the output %s beside the pooled %s, and a fresh classifier reads it', async (hidden, pooled) => {
    const model = await load('bert-features', (graph) => {
      const [output] = graph.outputs;
      renamed(graph, output.name, hidden);
      withPooled(graph, hidden, pooled);
      graph.outputs = [float(pooled, ['batch', 32]), float(hidden, ['batch', 'sequence', 32])];
    });
    expect(model.task).toBe('features');
    expect(trainability(model).refusal).toBeNull();
    const ready = prepareForTask(model, { task: 'classification', labels: ['a', 'b'], seed: 1 });
    expect(ready.freshHead).toEqual({ hidden });
    expect(ready.graph.outputs.map(({ name }) => name)).toEqual(['logits']);
    // What pooled is not computed any more.
    expect(ready.graph.nodes.some(({ outputs }) => outputs.includes(pooled))).toBe(false);
    expect(english(ready.notes.at(-1)!)).toContain('was exported without a head');
  });

  it('is the last of every layer’s states', async () => {
    let last = '';
    const model = await load('bert-features', (graph) => {
      const states = layerResults(graph);
      expect(states.length).toBeGreaterThan(1);
      const [output] = graph.outputs;
      last = output.name === 'last_hidden_state' ? '99' : output.name;
      renamed(graph, output.name, last);
      graph.outputs = [
        ...states
          .filter((state) => state !== output.name)
          .map((name) => float(name, ['batch', 'sequence', 32])),
        float(last, ['batch', 'sequence', 32]),
      ];
    });
    expect(prepareForTask(model, { task: 'classification', labels: ['a', 'b'], seed: 1 }).freshHead).toEqual({
      hidden: last,
    });
  });

  it('is asked about where several may be it and the graph is not understood', async () => {
    const model = await load('bert-features', (graph) => {
      const [output] = graph.outputs;
      renamed(graph, output.name, '7');
      withPooled(graph, '7', 'pooled');
      graph.nodes.at(-1)!.op = 'ReduceL2';
      const states = ['a', 'b'].map((name): SourceGraph['nodes'][number] => ({
        name,
        op: 'Relu',
        domain: '',
        inputs: ['7'],
        outputs: [name],
        attributes: {},
      }));
      graph.nodes.push(...states);
      graph.outputs = [
        float('pooled', ['batch', 32]),
        ...['a', 'b'].map((name) => float(name, ['batch', 'sequence', 32])),
      ];
    });
    expect(trainability(model).refusal?.message).toMatch(
      /last hidden state cannot be told from the outputs pooled, a, b, nor from the graph; give one of them/,
    );
  });

  it('is found in the graph where the outputs say nothing', async () => {
    const model = await load('bert-features', (graph) => {
      const [output] = graph.outputs;
      renamed(graph, output.name, '7');
      withPooled(graph, '7', '8');
      graph.outputs = [float('8', [])];
    });
    expect(trainability(model).refusal).toBeNull();
    expect(prepareForTask(model, { task: 'classification', labels: ['a', 'b'], seed: 1 }).freshHead).toEqual({
      hidden: '7',
    });
  });
});

describe('a classifier’s logits', () => {
  it('are known under a number too, and the classifier is kept', async () => {
    const model = await load('bert', (graph) => renamed(graph, 'logits', '1234'));
    expect(model.task).toBe('classification');
    expect(model.graph.outputs.map(({ name }) => name)).toEqual(['logits']);
  });

  it('are computed alone where the export gives hidden states beside them', async () => {
    const model = await load('bert', (graph) => {
      const [state] = layerResults(graph);
      graph.outputs = [...graph.outputs, float(state, ['batch', 'sequence', 32])];
    });
    const ready = prepareForTask(model, { task: 'classification', labels: model.labels, seed: 1 });
    expect(ready.graph.outputs.map(({ name }) => name)).toEqual(['logits']);
    expect(ready.freshHead).toBeUndefined();
  });
});

describe.each(['all-MiniLM-L6-v2', 'paraphrase-MiniLM-L3-v2'])('%s of the shared folder', (name) => {
  const folder = path.join(sharedFolder, 'models/real', name);
  const there = (() => {
    try {
      return readFileSync(path.join(folder, 'config.json')).length > 0;
    } catch {
      return false;
    }
  })();
  it.skipIf(!there)('is a feature extractor that can be trained', async () => {
    const model = await loadModel(modelFiles(folder), name);
    expect(model.task).toBe('features');
    expect(trainability(model).refusal).toBeNull();
  });
});
