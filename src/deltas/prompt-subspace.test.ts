import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PhiloxStream } from '../graph/philox.ts';
import {
  promptSubspace,
  spanOf,
  trainAutoencoder,
  type AutoencoderTraining,
  type AutoencoderWeights,
  type PromptSubspace,
} from './prompt-subspace.ts';

const random = new PhiloxStream(3, 1);
const base = Float32Array.from({ length: 60 }, () => random.normal(0.3));
/** A prompt near the base, and one that lies between others. */
const near = (): Float32Array => base.map((value) => value + random.normal(0.05));
const middle = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => (value + b[i]) / 2);
const three = [near(), near(), near()];

describe('the span of prompts', () => {
  it('gives them back by their coordinates', () => {
    const { mean, basis, coordinates } = spanOf(three);
    expect(basis).toHaveLength(2);
    for (const [n, prompt] of three.entries())
      prompt.forEach((value, i) => {
        const made = basis.reduce((sum, one, k) => sum + coordinates[n][k] * one[i], mean[i]);
        expect(made).toBeCloseTo(value, 6);
      });
    for (const [i, a] of basis.entries())
      for (const [j, b] of basis.entries())
        expect(a.reduce((sum, value, k) => sum + value * b[k], 0)).toBeCloseTo(i === j ? 1 : 0, 12);
  });

  it('has no direction of prompts that lie between others, and none of equal ones', () => {
    expect(spanOf([...three, middle(three[0], three[1])]).basis).toHaveLength(2);
    expect(spanOf([base, base, base]).basis).toHaveLength(0);
  });
});

/** tanh(z·W₁ + b₁)·W₂ + b₂ */
function decode({ inWeight, inBias, outWeight, outBias }: PromptSubspace, code: readonly number[]): number[] {
  const units = [...inBias].map((bias, unit) =>
    Math.tanh(code.reduce((sum, z, i) => sum + z * inWeight[i * inBias.length + unit], bias)),
  );
  return [...outBias].map((bias, i) =>
    units.reduce((sum, unit, k) => sum + unit * outWeight[k * outBias.length + i], bias),
  );
}

describe('the subspace of prompts', () => {
  it('holds them: some code is decoded to each', () => {
    const two = three.slice(0, 2);
    const subspace = promptSubspace(spanOf(two), { dimension: 1, hidden: 8, seed: 1 });
    const codes = Array.from({ length: 801 }, (_, i) => [(i - 400) / 200]);
    const decoded = codes.map((code) => decode(subspace, code));
    const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
      Math.sqrt(Array.from(a).reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0));
    for (const prompt of two)
      expect(Math.min(...decoded.map((rows) => apart(rows, prompt)))).toBeLessThan(
        0.02 * apart(two[0], two[1]),
      );
  });

  it('is the same for the same seed and another for another', () => {
    const made = (seed: number) => promptSubspace(spanOf(three), { dimension: 2, hidden: 8, seed });
    expect(made(1)).toEqual(made(1));
    expect(made(2).inWeight).not.toEqual(made(1).inWeight);
  });

  it('is trained as PyTorch trains it', () => {
    const file = join(import.meta.dirname, '../../tests/oracle/prompt-autoencoder.json');
    const recorded = JSON.parse(readFileSync(file, 'utf8')) as {
      training: AutoencoderTraining;
      data: number[][];
      start: Record<keyof AutoencoderWeights, number[]>;
      losses: number[];
      final: Record<keyof AutoencoderWeights, number[]>;
    };
    const parts = Object.keys(recorded.start) as (keyof AutoencoderWeights)[];
    const weights = Object.fromEntries(
      parts.map((part) => [part, Float64Array.from(recorded.start[part])]),
    ) as unknown as AutoencoderWeights;
    const data = recorded.data.map((row) => Float64Array.from(row));
    const losses = trainAutoencoder(weights, data, recorded.training);
    expect(losses).toHaveLength(20);
    losses.forEach((loss, i) =>
      expect(Math.abs(loss / recorded.losses[i] - 1), `step ${i + 1}`).toBeLessThan(1e-9),
    );
    for (const part of parts)
      weights[part].forEach((value, i) => expect(value).toBeCloseTo(recorded.final[part][i], 9));
  });
});
