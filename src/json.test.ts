import { expect, it } from 'vitest';
import { parseJson } from './json.ts';

const nested = (depth: number): string => '[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth);

it('reads JSON, and refuses what is nested deeper than its readers can follow', () => {
  expect(parseJson('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
  expect(() => parseJson(nested(90))).not.toThrow();
  for (const depth of [101, 20_000])
    expect(() => parseJson(nested(depth))).toThrow('nested more than 200 deep');
  expect(() => parseJson('{')).toThrow(SyntaxError);
  expect(() => parseJson('[[[1]]]', 2)).toThrow('nested more than 2 deep');
  // Brackets of a text are no nesting, behind an escaped quote neither.
  expect(parseJson(`["\\"${'['.repeat(300)}"]`)).toEqual([`"${'['.repeat(300)}`]);
});

it('refuses ten megabytes of brackets without holding anything for them', () => {
  const text = '['.repeat(1e7);
  // What a process has held at its largest, in KiB.
  const before = process.resourceUsage().maxRSS;
  expect(() => parseJson(text)).toThrow('nested more than 200 deep');
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(100_000);
});
