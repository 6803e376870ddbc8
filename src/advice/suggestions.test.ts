import { describe, expect, it } from 'vitest';
import { costOn, suggestionsFor, SUGGESTIONS } from './suggestions.ts';

describe('models that would fit', () => {
  it('read the texts, those of their language first', () => {
    const ids = suggestionsFor('chinese', false).map(({ reads }) => reads);
    expect(ids).toEqual(['chinese', 'chinese', 'multilingual', 'multilingual']);
    expect(suggestionsFor('english', false).every(({ reads }) => reads === 'english')).toBe(true);
    expect(suggestionsFor('other', false).every(({ reads }) => reads === 'multilingual')).toBe(true);
    expect(suggestionsFor('english', true).map(({ id }) => id)).toEqual(['Xenova/t5-small']);
  });

  it('cost more the larger they are', () => {
    const memory = {
      frozenWeights: 0,
      trainable: 7e6,
      gradients: 7e6,
      optimizer: 14e6,
      activations: 13e6,
      workspace: 0,
      batch: 0,
      total: 41e6,
    };
    const known = { memory, seconds: 10, trainableParameters: 1.8e6, totalParameters: 1.8e6 };
    const [small] = SUGGESTIONS;
    const { bytes, seconds } = costOn(small, known, { layers: 4, width: 128 });
    expect(bytes).toBeGreaterThan(16 * small.parameters);
    expect(seconds).toBeCloseTo(10 * 1.5 * 9);
    const lora = { ...known, trainableParameters: 3e4 };
    expect(costOn(small, lora, { layers: 4, width: 128 }).bytes).toBeLessThan(bytes / 1.5);
  });
});
