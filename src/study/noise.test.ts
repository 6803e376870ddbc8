import { expect, it } from 'vitest';
import { damaged, noiseName } from './noise.ts';

const TEXT = 'the quick brown fox jumps over the lazy dog again and again';

it('mistypes about as many words as asked, and the same ones each time', () => {
  const change = damaged({ typos: 0.3 });
  let changed = 0;
  for (let row = 0; row < 200; row++) {
    const words = change(TEXT, row).split(' ');
    expect(words).toHaveLength(12);
    expect(change(TEXT, row)).toBe(words.join(' '));
    changed += words.filter((word, i) => word !== TEXT.split(' ')[i]).length;
  }
  // Some changes give the same word back, as when two like letters change places.
  expect(changed / (200 * 12)).toBeGreaterThan(0.24);
  expect(changed / (200 * 12)).toBeLessThan(0.34);
});

it('drops words, and never all of them', () => {
  const change = damaged({ drops: 0.5 });
  const lengths = Array.from({ length: 200 }, (_, row) => change(TEXT, row).split(' ').length);
  expect(lengths.reduce((sum, length) => sum + length, 0) / 200).toBeCloseTo(6, 0);
  expect(damaged({ drops: 0.99 })('word', 3)).toBe('word');
});

it('leaves texts alone where nothing is asked, and is called by its share', () => {
  expect(damaged({})(TEXT, 5)).toBe(TEXT);
  expect([noiseName({ typos: 0.1 }), noiseName({ drops: 0.3 }), noiseName({})]).toEqual([
    'typos 0.1',
    'drops 0.3',
    'clean',
  ]);
});
