/** MatMul → `matmul/product` in parts that are tiles of the result. */
import type { Activation } from '../../graph/program.ts';
import type { KernelCall, Lowering } from '../kernel-call.ts';
import { ACTIVATION_NUMBERS, describeProduct, type Product } from '../lower/matmul.ts';
import { kernel } from './support.ts';

/** Largest tile: 192 rows and 256 columns of it take half a megabyte with what the kernel packs. */
const ROWS = [192, 96, 48, 24];
const COLUMNS = [256, 128, 64];
/** Enough parts for eight threads. */
const ENOUGH_PARTS = 16;
/** Multiply-adds that are worth a part of their own: about 20 µs. */
const WORTH_A_PART = 2 ** 18;

/** Bits of `wanted` in kernels/matmul/epilogue.ts. */
const WANTED = { bias: 1, residual: 2, z: 4 } as const;

/** Sizes of a tile: the largest with enough parts, as long as those are worth it. */
export function tileOf({ batch, m, n, k }: Pick<Product, 'batch' | 'm' | 'n' | 'k'>): {
  rows: number;
  columns: number;
  parts: number;
} {
  let best = { rows: ROWS[0], columns: COLUMNS[0], parts: 0 };
  const parts = (rows: number, columns: number): number =>
    batch * Math.ceil(m / rows) * Math.ceil(n / columns);
  best.parts = parts(best.rows, best.columns);
  // Wide and flat tiles waste least: rows are halved before columns.
  for (const columns of COLUMNS)
    for (const rows of ROWS) {
      if (best.parts >= ENOUGH_PARTS) return best;
      const count = parts(rows, columns);
      const work = (batch * m * n * k) / count;
      if (count > best.parts && work >= WORTH_A_PART) best = { rows, columns, parts: count };
    }
  return best;
}

const numberOf = (activation: Activation | undefined): number =>
  activation ? ACTIVATION_NUMBERS[activation] : 0;

/** The kernel calls of one product. */
export function productCalls(product: Product): KernelCall[] {
  const { m, n, k, alpha, activation, gradient, strides, operands } = product;
  const { a, b, y, bias, residual, gate, z } = operands;
  const tile = tileOf(product);
  return [
    kernel('matmul/product', tile.parts, [a, b, y, bias ?? y, residual ?? y, gate ?? y, z ?? y], {
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
      wanted: (bias ? WANTED.bias : 0) + (residual ? WANTED.residual : 0) + (z ? WANTED.z : 0),
      activation: numberOf(activation),
      gradient: numberOf(gradient),
    }),
  ];
}

export const lowerMatMul: Lowering<'MatMul'> = (node, program) =>
  productCalls(describeProduct(node, program));
