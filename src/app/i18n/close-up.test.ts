import { expect, it } from 'vitest';
import { closedUp } from './close-up.ts';

it('takes the blank between Chinese and a Chinese name, and leaves that beside a Latin one', () => {
  expect(closedUp('建议用 全量：比 LoRA 好 5.0 个百分点，（提示 ）')).toBe(
    '建议用全量：比 LoRA 好 5.0 个百分点，（提示）',
  );
  expect(closedUp('Take Full: 91 %')).toBe('Take Full: 91 %');
});
