import { say } from '../sentence.ts';
import { describe, expect, it } from 'vitest';
import { oracleModel } from '../../tests/support/oracle-models.ts';
import { filesFromMemory } from './files.ts';
import { inspectModel } from './inspect.ts';
import { loadModel } from './load.ts';
import type { Model } from './model.ts';

function load(name: string): Promise<Model> {
  const { bytes, config } = oracleModel(name);
  const files = { 'model.onnx': bytes, 'config.json': new TextEncoder().encode(JSON.stringify(config)) };
  return loadModel(filesFromMemory(files), name);
}

describe('inspectModel', () => {
  it('describes a model as plain JSON', async () => {
    const model = await load('bert');
    const report = inspectModel(model);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    const { config } = oracleModel('bert');
    expect(report.architecture).toEqual({
      layers: config.num_hidden_layers,
      hidden: config.hidden_size,
      heads: config.num_attention_heads,
      intermediate: config.intermediate_size,
      vocabulary: config.vocab_size,
      positions: config.max_position_embeddings,
    });
    expect(report).toMatchObject({
      family: 'bert',
      task: 'classification',
      opset: 18,
      supported: true,
      roles: null,
    });
    expect(report.inputs.map((input) => input.name)).toContain('attention_mask');
    expect(report.outputs[0].name).toBe('logits');
  });

  it('lists every tensor under both names, and adds them up', async () => {
    const report = inspectModel(await load('bert'));
    const query = report.tensors.find((t) => t.name === 'bert.encoder.layer.0.attention.self.query.weight')!;
    expect(query.originalName).toMatch(/^onnx::MatMul_\d+$/);
    expect(query).toMatchObject({
      type: 'float32',
      storedTransposed: true,
      head: false,
      bytes: query.shape[0] * query.shape[1] * 4,
    });
    expect(report.tensors.filter((t) => t.head).map((t) => t.name)).toEqual([
      'classifier.weight',
      'classifier.bias',
    ]);
    expect(report.parameters.bytes).toBe(4 * report.parameters.count);
    expect(report.parameters.tensors).toBe(report.tensors.length);
    expect(report.operators.MatMul).toBe(2 * 8); // 6 linear layers and 2 products of attention in each of 2
  });

  it('tells why a model is not supported', async () => {
    const why = { node: 'n', op: 'Frobnicate', why: say`has no kernel`, remedy: say`leave it out` };
    const report = inspectModel(await load('albert'), null, [why]);
    expect(report.supported).toBe(false);
    expect(report.unsupported).toEqual([
      { node: 'n', op: 'Frobnicate', why: 'has no kernel', remedy: 'leave it out' },
    ]);
  });
});
