import { expect, it } from 'vitest';
import { figureText } from './figures.ts';

it('an interval is shown as far as the metric goes', () => {
  const [mean, far] = [0.75, 3.177];
  expect(figureText('accuracy', { mean, interval: [mean - far, mean + far] })).toBe('75.0 % [0.0, 100.0]');
  expect(figureText('bleu', { mean: 30, interval: [-10, 70] })).toBe('30.0 [0.0, 70.0]');
  expect(figureText('matthews', { mean: 0.5, interval: [-1.5, 2.5] })).toBe('0.500 [−1.000, 1.000]');
  expect(figureText('accuracy', { mean, interval: [0.74, 0.76] })).toBe('75.0 ± 1.0 %');
  expect(figureText('loss', { mean: 0.5, interval: [0.1, 0.9] })).toBe('0.500 ± 0.400');
});
