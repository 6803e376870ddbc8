import { expect, it } from 'vitest';
import { guessTask } from '../data/guess-task.ts';

it.each([
  ['class indices', ['0', '1', '1', '0'], 'classification'],
  ['indices as data frames write them', ['0.0', '1.0'], 'classification'],
  ['words', ['good', 'bad', '3.5'], 'classification'],
  ['similarity scores', ['3.8', '0.5', '5.0'], 'regression'],
  ['scores with a decimal comma', ['3,8', '0,50', '', '5'], 'regression'],
  ['prices in German', ['1.234,50', '-0,5'], 'regression'],
  ['prices in English', ['1,234.50', '12'], 'regression'],
  ['lists of classes', ['0,2,5', '1,2,3'], 'classification'],
  ['names with commas', ['3,8', 'a,b'], 'classification'],
  ['many whole numbers', Array.from({ length: 30 }, (_, i) => String(i)), 'regression'],
  ['indices with a gap in the file', ['0', '', '1'], 'classification'],
  ['no labels at all', ['', ''], 'classification'],
] as const)('%s', (_, labels, task) => {
  expect(guessTask(labels)).toBe(task);
});
