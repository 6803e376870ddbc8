/** Float64 activations and their derivatives, as a matmul's epilogue applies them. */
import type { Activation } from '../program.ts';

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
const ROOT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/** erf to double precision: its series near 0, the continued fraction of erfc beyond 2.5. */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (t > 6) return Math.sign(x);
  if (t < 2.5) {
    let term = t;
    let sum = t;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (-t * t) / n;
      sum += term / (2 * n + 1);
      if (term === 0) break;
    }
    return Math.sign(x) * TWO_OVER_ROOT_PI * sum;
  }
  let fraction = t;
  for (let n = 120; n >= 1; n--) fraction = t + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-t * t) / (Math.sqrt(Math.PI) * fraction));
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** act(x) */
export function activate(kind: Activation, x: number): number {
  switch (kind) {
    case 'Gelu':
      return (x / 2) * (1 + erf(x * Math.SQRT1_2));
    case 'GeluTanh':
      return (x / 2) * (1 + Math.tanh(ROOT_TWO_OVER_PI * (x + CUBIC * x ** 3)));
    case 'Relu':
      return Math.max(x, 0);
    case 'Silu':
      return x * sigmoid(x);
    case 'Tanh':
      return Math.tanh(x);
    case 'Sigmoid':
      return sigmoid(x);
  }
}

/** act′ from what `UnaryGrad` saves: the output for Tanh and Sigmoid, the input for all others. */
export function activationGradient(kind: Activation, saved: number): number {
  switch (kind) {
    case 'Gelu':
      return (
        (1 + erf(saved * Math.SQRT1_2)) / 2 +
        (saved * Math.exp((-saved * saved) / 2)) / Math.sqrt(2 * Math.PI)
      );
    case 'GeluTanh': {
      const t = Math.tanh(ROOT_TWO_OVER_PI * (saved + CUBIC * saved ** 3));
      return (1 + t) / 2 + (saved / 2) * (1 - t * t) * ROOT_TWO_OVER_PI * (1 + 3 * CUBIC * saved * saved);
    }
    case 'Relu':
      return saved > 0 ? 1 : 0;
    case 'Silu': {
      const s = sigmoid(saved);
      return s * (1 + saved * (1 - s));
    }
    case 'Tanh':
      return 1 - saved * saved;
    case 'Sigmoid':
      return saved * (1 - saved);
  }
}
