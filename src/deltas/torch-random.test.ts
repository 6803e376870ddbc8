import { expect, it } from 'vitest';
import { TorchUniform } from './torch-random.ts';

// torch.empty(n).uniform_(-b, b, generator=torch.Generator().manual_seed(seed)), PyTorch 2.15.
it.each([
  [0, 1, [-0.00748682022, 0.536443591, -0.823045135, -0.735939026, -0.427192569, 0.79609549, -0.800713181]],
  [7, 0.3, [0.0209535249, -0.180718094, 0.0955270231, 0.0941341668, 0.208741993, 0.191346258, -0.276790291]],
  [
    4294967295,
    2.5,
    [2.468997, 0.356531739, 0.350040197, -2.25248122, -1.22144246, 0.0956517458, -2.41705203],
  ],
])('draws what PyTorch draws from seed %i', (seed, bound, expected) => {
  const drawn = new TorchUniform(seed).fill(1300, bound);
  const [first, last] = [expected.slice(0, 4), expected.slice(4)];
  expect([...drawn.slice(0, first.length)]).toEqual(first.map(Math.fround));
  if (last.length > 0) expect([...drawn.slice(-last.length)]).toEqual(last.map(Math.fround));
});
