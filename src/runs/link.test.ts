import { deflateSync, strFromU8, strToU8 } from 'fflate';
import { expect, it } from 'vitest';
import { specFromHash, specHash } from './link.ts';
import { readSpec } from './spec.ts';
import { started } from '../../tests/support/processor-time.ts';

const spec = readSpec({
  name: '电影 – films',
  model: { source: 'builtin:bert-l4-h128' },
  data: { train: 'films.csv', validation: 0.1, columns: { text: ['review'], label: 'verdict' } },
  training: { steps: 120, seed: 7 },
  compare: [
    { method: { type: 'lora', rank: 4 } },
    { method: { type: 'prompt' } },
    { method: { type: 'head' } },
  ],
});

it('carries a spec there and back, short and safe in an address', () => {
  const hash = specHash(spec);
  expect(hash).toMatch(/^#spec=1\.[\w-]+$/);
  expect(hash.length).toBeLessThan(400);
  expect(specFromHash(hash)).toEqual(spec);
});

it('leaves other hashes alone', () => {
  expect(specFromHash('')).toBeNull();
  expect(specFromHash('#history')).toBeNull();
});

it('says in one sentence what is wrong with a link', () => {
  const hash = specHash(spec);
  const refusal = (bad: string): string => {
    try {
      return JSON.stringify(specFromHash(bad));
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refusal(hash.slice(0, -12))).toMatch(/cut off or changed on the way/);
  expect(refusal('#spec=1.%%%')).toMatch(/cut off or changed/);
  expect(refusal('#spec=2.abc')).toMatch(/newer version of the studio/);
  const other = btoa(strFromU8(deflateSync(strToU8('{"model":{"source":""}}')), true)).replace(/=+$/, '');
  expect(refusal(`#spec=1.${other.replaceAll('+', '-').replaceAll('/', '_')}`)).toMatch(
    /cannot be opened: model\.source/,
  );
});

it('unpacks a link no further than a spec may be long, whatever it would become', () => {
  // 100 MB of blanks in 100 kB.
  const packed = deflateSync(new Uint8Array(100e6).fill(32), { level: 9 });
  const hash = `#spec=1.${btoa(strFromU8(packed, true)).replaceAll('+', '-').replaceAll('/', '_')}`;
  const seconds = started();
  expect(() => specFromHash(hash)).toThrow(/far too long/);
  expect(seconds()).toBeLessThan(2);
});
