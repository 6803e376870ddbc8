/** The cross-entropy that makes its own logits in chunks, against the float64 reference and in memory. */
import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../../src/graph/philox.ts';
import { chunkColumns } from '../../src/plan/lower/linear-loss.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { checkOp, floats, given, integers, type TestInput } from '../support/check-op.ts';
import { testDevice } from '../support/run-kernel.ts';

/** Bindings so short that chunks are as given. */
async function variants(bytes?: number): Promise<Record<string, Partial<AdapterProfile>>> {
  const { limits } = (await testDevice()).profile;
  const profile = bytes === undefined ? {} : { limits: { ...limits, maxStorageBufferBindingSize: bytes } };
  return {
    serial: { software: true, ...profile },
    parallel: { software: false, ...profile },
    wasm: { kind: 'wasm', ...profile },
  };
}

interface Case {
  rows: number;
  width: number;
  vocabulary: number;
  transB: boolean;
  bias?: boolean;
  /** Columns of a chunk; all, unless given. */
  chunk?: number;
  deviation?: number;
  /** Software GPUs compile it anew for seconds: at length. */
  large?: boolean;
}

const CASES: Case[] = [
  { rows: 5, width: 8, vocabulary: 64, transB: false },
  { rows: 7, width: 12, vocabulary: 200, transB: true, chunk: 64, deviation: 300, large: true },
  { rows: 33, width: 16, vocabulary: 320, transB: false, chunk: 128, bias: true, large: true },
  { rows: 33, width: 16, vocabulary: 333, transB: true, chunk: 64, bias: true },
  { rows: 9, width: 7, vocabulary: 131, transB: false, chunk: 64, large: true },
];

/** The multiples of `step` next to the numbers. */
const stepped = ({ shape, data }: TestInput, step: number): TestInput => ({
  shape,
  data: Float32Array.from(data, (value) => Math.round(value / step) * step),
});

describe('LinearCrossEntropy', () => {
  it.each(CASES)('%o', async ({ rows, width, vocabulary, transB, bias, chunk, deviation = 1, large }) => {
    const random = new PhiloxStream(4, 1);
    const padded = rows > 4 ? [1, rows - 1] : [];
    const weights = Array.from({ length: rows }, (_, r) => (padded.includes(r) ? 0 : 1 / rows));
    const labels = weights.map((w) => (w === 0 ? -100 : random.below(vocabulary)));
    // Logits of a thousand are 1e-4 apart in single precision, and the gradient shows that: they come out exact here
    // in whatever order they are summed.
    const isExact = deviation > 1;
    const hidden = floats([rows, width], 1, deviation);
    const weight = floats(transB ? [vocabulary, width] : [width, vocabulary], 2);
    const inputs = {
      hidden: isExact ? stepped(hidden, 1) : hidden,
      weight: isExact ? stepped(weight, 1 / 8) : weight,
      labels: integers([rows], labels),
      weights: given([rows], weights),
    };
    const extra: Record<string, TestInput> = bias ? { bias: floats([vocabulary], 3) } : {};
    const attributes = { transB, alpha: 0.5 };
    // As long as one chunk, unless the weight as a whole has to fit one binding too.
    const bound = chunk && 4 * chunk * (rows > width ? rows : width);
    const options = { variants: await variants(bound), large };
    const outputs = { loss: [1], nll: [rows], lse: [rows] };
    const { lse } = await checkOp(
      'LinearCrossEntropy',
      attributes,
      { ...inputs, ...extra },
      outputs,
      options,
    );
    if (chunk && bound)
      expect(chunkColumns({ rows, width, vocabulary, transB }, await limitsOf(bound))).toBeLessThanOrEqual(
        chunk,
      );
    const gradients = {
      dhidden: [rows, width],
      dweight: inputs.weight.shape,
      ...(bias && { dbias: [vocabulary] }),
    };
    const saved = { lse: { shape: [rows], data: lse } };
    await checkOp(
      'LinearCrossEntropyGrad',
      attributes,
      { ...inputs, ...saved, ...extra },
      gradients,
      options,
    );
    if (!bias)
      await checkOp('LinearCrossEntropyGrad', attributes, { ...inputs, ...saved }, gradients, {
        ...options,
        outputNames: ['dhidden', '', ''],
      });
  });
});

async function limitsOf(bytes: number): Promise<Pick<AdapterProfile, 'limits'>> {
  const { limits } = (await testDevice()).profile;
  return { limits: { ...limits, maxStorageBufferBindingSize: bytes } };
}
