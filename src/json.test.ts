import { expect, it } from 'vitest';
import { parseJson } from './json.ts';

const nested = (depth: number): string => '[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth);

it('reads JSON, and refuses what is nested deeper than its readers can follow', () => {
  expect(parseJson('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
  expect(() => parseJson(nested(90))).not.toThrow();
  for (const depth of [101, 20_000])
    expect(() => parseJson(nested(depth))).toThrow('nested more than 200 deep');
  expect(() => parseJson('{')).toThrow(SyntaxError);
});
