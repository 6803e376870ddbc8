/** The searches over a scorer written out by hand; token for token with Hugging Face: tests/generate. */
import { describe, expect, it } from 'vitest';
import { beamSearch, greedySearch } from './search.ts';
import type { Scorer } from './search.ts';

const END = 1;
const SETTINGS = { maxNewTokens: 6, start: 0, end: END, pad: 0 };

/** Scores by the last token alone: `chances[last]` lists probabilities of tokens 0.. */
function chain(
  rows: number,
  k: number,
  chances: readonly (readonly number[])[],
): Scorer & { positions: number[] } {
  const positions: number[] = [];
  return {
    rows,
    k,
    positions,
    next: (tokens, position) => {
      positions.push(position);
      const out = new Float32Array(rows * 2 * k);
      tokens.forEach((token, row) => {
        const ranked = chances[token].map((p, id) => ({ p, id })).sort((a, b) => b.p - a.p || a.id - b.id);
        ranked.slice(0, k).forEach(({ p, id }, i) => {
          out[row * 2 * k + i] = Math.log(p);
          out[row * 2 * k + k + i] = id;
        });
      });
      return Promise.resolve(out);
    },
  };
}

const ENDLESS = [
  [0.1, 0, 0.9, 0],
  [0.25, 0.25, 0.25, 0.25],
  [0, 0, 0.9, 0.1],
  [0, 0, 0.2, 0.8],
];
/** Greedy takes 2 (0.5) and then an even chance; 3 (0.4) ends at once for certain. */
const GARDEN_PATH = [
  [0, 0.1, 0.5, 0.4],
  [0.25, 0.25, 0.25, 0.25],
  [0.5, 0.3, 0.1, 0.1],
  [0, 1, 0, 0],
];

describe('greedy search', () => {
  it('stops after maxNewTokens where no text would end', async () => {
    const scorer = chain(2, 1, ENDLESS);
    const texts = await greedySearch(scorer, 2, SETTINGS);
    expect(texts.map((text) => [...text])).toEqual([Array(6).fill(2), Array(6).fill(2)]);
    expect(scorer.positions).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('leaves the end token out and stops when all have ended', async () => {
    const scorer = chain(1, 1, [[0, 0, 0, 1], [], [], [0, 1, 0, 0]]);
    expect([...(await greedySearch(scorer, 1, SETTINGS))[0]]).toEqual([3]);
    expect(scorer.positions).toEqual([0, 1]);
  });
});

describe('beam search', () => {
  const beams = (earlyStopping: boolean | 'never' = false) => ({
    ...SETTINGS,
    beams: 2,
    lengthPenalty: 1,
    earlyStopping,
  });

  it('finds the likelier text that greedy search passes by', async () => {
    const found = await beamSearch(chain(2, 4, GARDEN_PATH), 1, beams());
    expect([...found[0]]).toEqual([3]);
    const greedy = await greedySearch(chain(1, 1, GARDEN_PATH), 1, SETTINGS);
    expect(greedy[0][0]).toBe(2);
  });

  it.each([false, true, 'never'] as const)('ends though no text does, early stopping %s', async (early) => {
    const scorer = chain(2, 4, ENDLESS);
    const [text] = await beamSearch(scorer, 1, beams(early));
    expect(text).toHaveLength(6);
    expect(scorer.positions).toHaveLength(6);
  });
});
