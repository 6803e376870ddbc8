/** T5, compiled: legal programs fused whole, equal to their source graphs in float64, and the roles of all places. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { analyse } from '../../src/graph/analyse.ts';
import { compileForward } from '../../src/graph/compile.ts';
import { interpretSource } from '../../src/graph/interpret.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import { verifyProgram } from '../../src/graph/verify.ts';
import { loadModel } from '../../src/models/load.ts';
import { countOps, difference, runProgram } from '../support/compiled.ts';
import { ORACLES } from '../support/oracle.ts';

const BATCH = 2;
const INPUTS: Record<string, { length: number; ids: number[] }> = {
  input_ids: { length: 7, ids: [5, 9, 33, 21, 60, 8, 1, 44, 3, 12, 1, 0, 0, 0] },
  attention_mask: { length: 7, ids: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0] },
  decoder_input_ids: { length: 4, ids: [0, 7, 19, 30, 0, 11, 4, 0] },
};
const inputShapes = Object.fromEntries(
  Object.entries(INPUTS).map(([name, { length }]) => [name, [BATCH, length]]),
);

describe.each([
  ['t5', { heads: 4, hidden: 24, ffn: ['ffn.in', 'ffn.out'] }],
  ['t5-gated', { heads: 3, hidden: 20, ffn: ['ffn.gate', 'ffn.in', 'ffn.out'] }],
])('%s', (family, { heads, hidden, ffn }) => {
  const folder = path.join(ORACLES, family);
  const model = loadModel(modelFiles(folder), folder);

  it('is fused to attentions and norms, and computes what its source graph does', async () => {
    const { graph, parameters } = await model;
    const compiled = compileForward(graph, parameters, { inputShapes, mode: 'eval' });
    verifyProgram(compiled.program, compiled.host);
    const counts = countOps(compiled.program);
    expect(counts).toMatchObject({ Attention: 6, RmsNorm: 12, Gather: 4 });
    for (const op of ['Softmax', 'Square', 'Reduce', 'Sqrt', 'Reciprocal', 'Expand', 'Shift'])
      expect(counts[op], op).toBeUndefined();
    const inputs = Object.fromEntries(
      Object.entries(INPUTS).map(([name, { ids }]) => [name, Int32Array.from(ids)]),
    );
    const feeds = Object.entries(INPUTS).map(
      ([name, { length, ids }]) => [name, refTensor([BATCH, length], ids, 'int64')] as const,
    );
    const expected = interpretSource(graph, Object.fromEntries(feeds)).get('logits')!;
    const actual = runProgram({ graph, parameters }, compiled, inputs).get('logits')!;
    expect(difference(expected, actual)).toBeLessThan(1e-6);
  });

  it('has the roles of both stacks', async () => {
    const { graph, parameters, config } = await model;
    const roles = analyse(graph, parameters, config);
    expect(roles).toMatchObject({
      layers: { encoder: 2, decoder: 2 },
      hidden,
      encoderOutput: 'last_hidden_state',
    });
    const qkvo = ['q', 'k', 'v', 'o'];
    const encoder = (layer: string) =>
      [...qkvo.map((part) => `self.${part}`), ...ffn].map((part) => layer + part);
    const decoder = (layer: string) =>
      [...qkvo.map((part) => `self.${part}`), ...qkvo.map((part) => `cross.${part}`), ...ffn].map(
        (part) => layer + part,
      );
    expect(roles.linears.map(({ role }) => role)).toEqual([
      ...encoder('encoder.0.'),
      ...encoder('encoder.1.'),
      ...decoder('decoder.0.'),
      ...decoder('decoder.1.'),
      'head.lm_head',
    ]);
    const named = new Map(roles.linears.map(({ role, module }) => [role, module]));
    expect(named.get('encoder.1.self.k')).toBe('encoder.block.1.layer.0.SelfAttention.k');
    expect(named.get('decoder.1.cross.v')).toBe('decoder.block.1.layer.1.EncDecAttention.v');
    expect(named.get('decoder.0.ffn.out')).toBe('decoder.block.0.layer.2.DenseReluDense.wo');
    if (ffn.includes('ffn.gate'))
      expect(named.get('encoder.0.ffn.gate')).toBe('encoder.block.0.layer.1.DenseReluDense.wi_0');
    expect(roles.norms.map(({ role }) => role)).toEqual([
      ...[0, 1].flatMap((n) => [`encoder.${n}.self.norm`, `encoder.${n}.ffn.norm`]),
      'encoder.norm',
      ...[0, 1].flatMap((n) => ['self', 'cross', 'ffn'].map((block) => `decoder.${n}.${block}.norm`)),
      'decoder.norm',
    ]);
    expect(roles.embeddings.map(({ role, weight }) => [role, weight])).toEqual([
      ['embeddings.word', 'shared.weight'],
      ['encoder.relativePositions', 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight'],
      ['embeddings.word', 'shared.weight'],
      ['decoder.relativePositions', 'decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight'],
    ]);
    expect(roles.attentions.map((site) => [site.role, site.heads])).toEqual(
      [
        'encoder.0.self',
        'encoder.1.self',
        'decoder.0.self',
        'decoder.0.cross',
        'decoder.1.self',
        'decoder.1.cross',
      ].map((role) => [role, heads]),
    );
    expect(roles.sublayers.map(({ role }) => role)).toEqual([
      ...[0, 1].flatMap((n) => [`encoder.${n}.self`, `encoder.${n}.ffn`]),
      ...[0, 1].flatMap((n) => ['self', 'cross', 'ffn'].map((block) => `decoder.${n}.${block}`)),
    ]);
  });
});
