/** MatMul → `matmul/product` in parts that are tiles of the result. */
import type { Activation } from '../../graph/program.ts';
import type { KernelCall, Lowering } from '../kernel-call.ts';
import { ACTIVATION_NUMBERS, describeProduct, type Product } from '../lower/matmul.ts';
import { kernel } from './support.ts';

/** Most rows of a tile: packed, 320 of k, they take a quarter of a megabyte of the second cache. */
const MOST_ROWS = 192;
/** Enough parts for eight threads, and dealt evenly to two, three, four or six. */
const ENOUGH_PARTS = 12;
/** So many rows are not cut: b is read as it lies for all of them (kernels/matmul/block.ts). */
const FEW_ROWS = 16;
/** Multiply-adds that are worth a part of their own: about 20 µs. */
const WORTH_A_PART = 2 ** 18;
/** What copying a number into a panel costs in multiply-adds: of a, of b row by row, and of a transposed b. */
const PACKING = { a: 8, b: 3, transposedB: 8 } as const;

/** Bits of `wanted` in kernels/matmul/product.ts. */
const WANTED = { bias: 1, residual: 2, z: 4, sums: 8 } as const;

const upTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;

/**
 * Sizes of a tile: of the ways to cut the result into enough parts the one that copies least. Every part packs its rows of
 * a and its columns of b itself.
 */
export function tileOf({ batch, m, n, k, transB }: Pick<Product, 'batch' | 'm' | 'n' | 'k' | 'transB'>): {
  rows: number;
  columns: number;
  parts: number;
} {
  const wanted = Math.min(ENOUGH_PARTS, Math.max(1, Math.floor((batch * m * n * k) / WORTH_A_PART)));
  const costOfB = transB ? PACKING.transposedB : PACKING.b;
  const least = Math.ceil(wanted / batch);
  let best = { rows: 0, columns: 0, parts: 0 };
  let lowest = Infinity;
  const isWhole = m <= FEW_ROWS && !transB;
  for (let across = 1; across <= Math.max(1, Math.ceil(n / (isWhole ? 32 : 64))); across++) {
    const columns = upTo(Math.ceil(n / across), 8);
    const pieces = isWhole
      ? 1
      : Math.max(Math.ceil(m / MOST_ROWS), Math.ceil(least / Math.ceil(n / columns)));
    const rows = Math.min(upTo(Math.ceil(m / pieces), 6), MOST_ROWS);
    const [right, down] = [Math.ceil(n / columns), Math.ceil(m / rows)];
    const parts = batch * right * down;
    const copies = PACKING.a * m * right + costOfB * n * down;
    // A part more than is wanted is no loss; one less leaves a thread idle.
    const cost = copies + (parts < wanted ? m * n * (wanted / parts - 1) : 0);
    if (cost < lowest) {
      lowest = cost;
      best = { rows, columns, parts };
    }
  }
  return best;
}

const numberOf = (activation: Activation | undefined): number =>
  activation ? ACTIVATION_NUMBERS[activation] : 0;

/** The kernel calls of one product. */
export function productCalls(product: Product): KernelCall[] {
  const { m, n, k, alpha, activation, gradient, strides, operands } = product;
  const { a, b, y, bias, residual, gate, z, sums } = operands;
  const tile = tileOf(product);
  return [
    kernel('matmul/product', tile.parts, [a, b, y, bias ?? y, residual ?? y, gate ?? y, z ?? sums ?? y], {
      m,
      n,
      k,
      aBatch: strides.A_BATCH,
      aRow: strides.A_ROW,
      aStep: strides.A_K,
      bBatch: strides.B_BATCH,
      bStep: strides.B_K,
      bColumn: strides.B_COLUMN,
      tileRows: tile.rows,
      tileColumns: tile.columns,
      alpha,
      wanted: Object.entries(WANTED).reduce(
        (sum, [name, bit]) => sum + (operands[name as keyof typeof WANTED] ? bit : 0),
        0,
      ),
      activation: numberOf(activation),
      gradient: numberOf(gradient),
    }),
  ];
}

export const lowerMatMul: Lowering<'MatMul'> = (node, program) =>
  productCalls(describeProduct(node, program));
