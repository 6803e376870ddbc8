/** Reads a value as a polynomial of another, so that the many ways to write x³ need no pattern each. */
import type { Wiring } from './wiring.ts';

const DEPTH = 8;
const DEGREE = 4;

/** Coefficients from the constant term up, or undefined where the value is not a polynomial in `x`. */
export function polynomialIn(wiring: Wiring, id: string, x: string, depth = DEPTH): number[] | undefined {
  if (id === x) return [0, 1];
  const node = wiring.producer(id);
  if (!node || depth === 0) return undefined;
  const of = (input: string): number[] | undefined => polynomialIn(wiring, input, x, depth - 1);
  switch (node.op) {
    case 'Add': {
      const [a, b] = [of(node.inputs[0]), of(node.inputs[1])];
      return a && b && add(a, b);
    }
    case 'Mul': {
      const [a, b] = [of(node.inputs[0]), of(node.inputs[1])];
      return a && b && multiply(a, b);
    }
    case 'Unary': {
      const a = of(node.inputs[0]);
      return a && applied(a, node.attributes.kind, node.attributes.factor ?? 0);
    }
    default:
      return undefined;
  }
}

function applied(a: number[], kind: string, factor: number): number[] | undefined {
  switch (kind) {
    case 'Scale':
      return a.map((c) => c * factor);
    case 'Neg':
      return a.map((c) => -c);
    case 'Shift':
      return add(a, [factor]);
    case 'Square':
      return multiply(a, a);
    case 'Power': {
      if (!Number.isInteger(factor) || factor < 1 || factor > DEGREE) return undefined;
      let result: number[] | undefined = a;
      for (let n = 1; n < factor && result; n++) result = multiply(result, a);
      return result;
    }
    default:
      return undefined;
  }
}

function add(a: number[], b: number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => (a[i] ?? 0) + (b[i] ?? 0));
}

function multiply(a: number[], b: number[]): number[] | undefined {
  if (a.length + b.length - 2 > DEGREE) return undefined;
  const product = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => b.forEach((y, j) => (product[i + j] += x * y)));
  return product;
}
