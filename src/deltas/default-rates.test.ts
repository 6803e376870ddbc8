import { describe, expect, it } from 'vitest';
import { DEFAULT_LEARNING_RATES, METHOD_TYPES } from './defaults.ts';
import { BUILTIN_TRAITS, defaultRate, defaultRateOf } from './default-rates.ts';

const encoder = (width: number) => ({ ...BUILTIN_TRAITS, width });

describe('default learning rates', () => {
  it('are those of the table on a model 128 wide', () => {
    for (const type of METHOD_TYPES)
      expect(defaultRate({ type }, BUILTIN_TRAITS)).toBe(DEFAULT_LEARNING_RATES[type]);
  });

  it('are what was measured on an encoder 384 wide, and LoRA takes ten times full', () => {
    const rates = ['full', 'lora', 'adapter', 'bitfit', 'prompt', 'prefix', 'head'] as const;
    expect(rates.map((type) => defaultRate({ type }, encoder(384)))).toEqual([
      2e-4, 2e-3, 2e-3, 1e-3, 1e-2, 5e-3, 1e-3,
    ]);
    for (const width of [128, 384, 512, 768, 1024])
      expect(
        defaultRate({ type: 'lora' }, encoder(width)) / defaultRate({ type: 'full' }, encoder(width)),
      ).toBeCloseTo(10);
  });

  it('are of prompts alike, however their rows are made, and as large on a T5', () => {
    for (const type of ['prompt', 'multitaskPrompt', 'ipt'] as const) {
      const own = DEFAULT_LEARNING_RATES[type];
      expect(defaultRate({ type }, encoder(384))).toBeCloseTo(own / 2, 10);
      expect(defaultRate({ type }, { ...encoder(512), kind: 'encoderDecoder' })).toBe(own);
    }
  });

  it('never grow with the width', () => {
    const widths = [64, 128, 192, 256, 312, 384, 512, 640, 768, 1024];
    for (const type of METHOD_TYPES)
      for (const kind of ['encoder', 'encoderDecoder'] as const) {
        const rates = widths.map((width) => defaultRate({ type }, { ...encoder(width), kind }));
        expect(rates).toEqual([...rates].sort((a, b) => b - a));
      }
  });

  it('follow Kaplan et al. on a model that nobody has trained', () => {
    const untrained = { ...encoder(768), layers: 12, pretrained: false };
    expect(defaultRate({ type: 'full' }, untrained)).toBeCloseTo(6.9e-4, 6);
    expect(defaultRate({ type: 'lora' }, untrained)).toBeCloseTo(6.9e-3, 5);
  });

  it('take the smallest where several methods train at once', () => {
    expect(defaultRateOf([{ type: 'lora' }, { type: 'bitfit' }], encoder(384))).toBe(1e-3);
  });

  it('fall with the root of the dimension of a subspace, and of nothing else that has one', () => {
    const said = (dimension?: number) => defaultRate({ type: 'said', dimension }, BUILTIN_TRAITS);
    expect([10, 100, 250, 1000, 4000, 100_000].map(said)).toEqual([0.01, 0.0032, 0.002, 1e-3, 5e-4, 1e-4]);
    expect(said()).toBe(1e-3);
    expect(defaultRate({ type: 'ipt', dimension: 10 }, BUILTIN_TRAITS)).toBe(DEFAULT_LEARNING_RATES.ipt);
  });
});
