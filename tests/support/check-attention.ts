/** One case of attention, forward and backward, on a device beside the float64 reference. */
import { expect } from 'vitest';
import type { OpAttributes } from '../../src/graph/program.ts';
import { attention, attentionGrad } from '../../src/graph/reference/attention.ts';
import type { RefTensor } from '../../src/graph/reference/tensor.ts';
import { halfToNumber, halvesFrom } from '../../src/graph/tensor.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { asRef, randomData, relativeError } from './random.ts';
import { programOf, runNode } from './run-kernel.ts';

export interface Case {
  batch?: number;
  heads?: number;
  dim?: number;
  queries: number;
  keys?: number;
  /** Shape of the bias, broadcastable to [batch, heads, queries, keys]. */
  bias?: number[];
  dropout?: number;
  /** Additive mask: this many keys at the end are masked with float32's lowest number. */
  masked?: number;
  /** Tokens' heads lie in memory as halves. */
  halves?: boolean;
}

/** What lies in memory as halves, and how far a half is from a number at most. */
const HALVES = ['q', 'k', 'v', 'y', 'dy', 'dq', 'dk', 'dv'];
const ROUNDING = 2 ** -11;
const rounded = (numbers: ArrayLike<number>): Float32Array =>
  Float32Array.from(halvesFrom(numbers), halfToNumber);

export const RANDOM = { seed: 7, step: 3 };

/** Inputs of a case and what the reference makes of them. */
export function build(c: Case) {
  const { batch = 2, heads = 2, dim = 8, queries, keys = queries, bias, dropout = 0, masked = 0 } = c;
  const shapes = {
    q: [batch, queries, heads * dim],
    k: [batch, keys, heads * dim],
    v: [batch, keys, heads * dim],
    ...(bias ? { bias } : {}),
  };
  const data: Record<string, Float32Array> = {};
  Object.entries(shapes).forEach(([id, shape], index) => (data[id] = randomData(shape, 40 + index)));
  if (masked > 0)
    data.bias = data.bias.map((_, i) => (i % keys >= keys - masked ? -3.4028234663852886e38 : 0));
  if (c.halves) for (const id of ['q', 'k', 'v']) data[id] = rounded(data[id]);
  const attributes: OpAttributes['Attention'] = {
    heads,
    scale: 1 / Math.sqrt(dim),
    dropout,
    dropoutId: 11,
  };
  const refs = Object.fromEntries(
    Object.entries(data).map(([id, values]) => [id, asRef(shapes[id as 'q'], values)]),
  ) as Record<string, RefTensor>;
  const outputs = { y: shapes.q, lse: [batch, heads, queries] };
  const [y, lse] = attention(
    [refs.q, refs.k, refs.v, refs.bias],
    attributes,
    [outputs.y, outputs.lse],
    RANDOM,
  );
  return { shapes, data, attributes, refs, outputs, expected: { y, lse } };
}

/** The results within 3e-6 of the reference. */
export async function checkForward(c: Case, profile: Partial<AdapterProfile>): Promise<void> {
  const { shapes, data, attributes, outputs, expected } = build(c);
  const { program, node } = programOf('Attention', attributes, shapes, outputs, {
    inputs: ['q', 'k', 'v', shapes.bias ? 'bias' : ''],
  });
  const result = await runNode(node, program, data, {
    profile,
    step: RANDOM,
    halves: c.halves ? HALVES : [],
  });
  expect(relativeError(result.y, expected.y.data)).toBeLessThan(c.halves ? ROUNDING + 3e-6 : 3e-6);
  expect(relativeError(result.lse, expected.lse.data)).toBeLessThan(3e-6);
}

/** The wanted gradients within 1e-5 of the reference. */
export async function checkBackward(
  c: Case,
  profile: Partial<AdapterProfile>,
  wanted = ['dq', 'dk', 'dv'],
  biasGradient?: number[],
): Promise<void> {
  const { shapes, data, attributes, refs, outputs, expected } = build(c);
  const dy = c.halves ? rounded(randomData(shapes.q, 50)) : randomData(shapes.q, 50);
  if (c.halves) expected.y = asRef(shapes.q, rounded(expected.y.data));
  const inputs = { dy: shapes.q, ...shapes, ...outputs };
  const gradients = {
    dq: shapes.q,
    dk: shapes.k,
    dv: shapes.v,
    ...(biasGradient && { dbias: biasGradient }),
  };
  const kept = Object.fromEntries(Object.entries(gradients).filter(([id]) => wanted.includes(id)));
  const { program, node } = programOf('AttentionGrad', attributes, inputs, kept, {
    inputs: ['dy', 'q', 'k', 'v', shapes.bias ? 'bias' : '', 'y', 'lse'],
    outputs: Object.keys(gradients).map((id) => (wanted.includes(id) ? id : '')),
  });
  const result = await runNode(
    node,
    program,
    { ...data, dy, y: Float32Array.from(expected.y.data), lse: Float32Array.from(expected.lse.data) },
    { profile, step: RANDOM, halves: c.halves ? HALVES : [] },
  );
  const references = attentionGrad(
    [asRef(shapes.q, dy), refs.q, refs.k, refs.v, refs.bias, expected.y, expected.lse],
    attributes,
    Object.values(gradients),
    RANDOM,
  );
  expect(Object.keys(result)).toEqual(wanted);
  Object.keys(gradients).forEach((id, index) => {
    // With a single key dq and dk are zero: differences of values of about 1.
    if (wanted.includes(id))
      expect(relativeError(result[id], references[index].data, 0.1)).toBeLessThan(
        c.halves ? ROUNDING + 1e-5 : 1e-5,
      );
  });
}
