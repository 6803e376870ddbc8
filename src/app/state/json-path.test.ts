import { expect, it } from 'vitest';
import { lineOfPath } from './json-path.ts';

const text = `{
  "data": { "train": "a, \\"b\\": }.tsv", "maxLength": 32 },
  "training": {
    "steps": 0
  },
  "compare": [
    { "method": { "type": "head" } },
    {
      "method": {
        "type": "lora",
        "targets": ["q", "v"],
        "rank": -1
      }
    }
  ]
}`;

it.each([
  ['training.steps', 4],
  ['compare[1].method.rank', 12],
  ['compare[1].method.alpha', 9],
  ['compare[0].method', 7],
  ['data.maxLength', 2],
  ['nothing', null],
] as const)('%s is on line %s', (path, line) => {
  expect(lineOfPath(text, path)).toBe(line);
});

it('gives what it can of a broken text', () => {
  expect(lineOfPath('{ "training": { "steps": ', 'training.steps')).toBe(1);
  expect(lineOfPath('', 'training')).toBeNull();
});
