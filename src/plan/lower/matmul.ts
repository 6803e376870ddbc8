/**
 * MatMul → kernels. Three families:
 *  matmul/quad-*   software adapters with subgroups: registers and quad broadcasts, sizes in fours
 *  matmul/tiled    GPUs: tiles in workgroup memory, any size; split over K where the result is small; and its
 *  matmul/blocked  variants of other blocks, which a tuner chooses (variants.ts), and those with two tiles
 *  matmul/buffered of each operand, the next of which is read while one is multiplied
 *  matmul/matrices the same by subgroup matrices, where an adapter has such of single precision
 *  matmul/general  everything else: registers only, any size, no feature
 */
import { matMulSizes, type MatMulSizes } from '../../graph/matmul.ts';
import type { Activation, Program, ProgramNode } from '../../graph/program.ts';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { AdapterProfile, KernelCall, Lowering, Operand } from '../kernel-call.ts';
import { chosen, classKey } from '../kernel-choices.ts';
import { copyCall } from './layout.ts';
import { read, rowSlices, sliceOf, write, type RowSlice } from './support.ts';
import { MATMUL_VARIANTS, type MatMulVariant } from './variants.ts';

/** Numbers of the activations in shaders/common/activation.wgsl. */
export const ACTIVATION_NUMBERS: Readonly<Record<Activation, number>> = {
  Gelu: 1,
  GeluTanh: 2,
  Relu: 3,
  Silu: 4,
  Tanh: 5,
  Sigmoid: 6,
};

/**
 * What a product reads and writes; `y` is written, and so are `z`, the value before the activation, and `sums` down b's
 * columns, where they are wanted: never both.
 */
export interface ProductOperands {
  a: Operand;
  b: Operand;
  y: Operand;
  bias?: Operand;
  residual?: Operand;
  gate?: Operand;
  z?: Operand;
  sums?: Operand;
}

/** One product with its memory, as the kernels see it. */
export interface Product extends MatMulSizes {
  transA: boolean;
  transB: boolean;
  alpha: number;
  activation?: Activation;
  gradient?: Activation;
  operands: ProductOperands;
  /** Distances in elements between neighbours of a and of b. */
  strides: Record<'A_BATCH' | 'A_ROW' | 'A_K' | 'B_BATCH' | 'B_K' | 'B_COLUMN', number>;
  /** The node it belongs to, for messages. */
  name: string;
}

const ceil = (n: number, d: number): number => Math.ceil(n / d);

/** A MatMul as a product with its memory. */
export function describeProduct(node: ProgramNode<'MatMul'>, program: Program): Product {
  const shape = (id: string): readonly number[] => {
    const value = program.values.get(id);
    if (!value) throw new Error(`internal: MatMul reads ${id}, which the program lacks`);
    return value.shape;
  };
  const { transA, transB, alpha, activation, gradient } = node.attributes;
  const sizes = matMulSizes(shape(node.inputs[0]), shape(node.inputs[1]), node.attributes);
  const [a, b, bias, residual, gate] = node.inputs;
  const [y, z, sums] = node.outputs;
  const optional = (id: string | undefined): Operand | undefined => (id ? read(id) : undefined);
  return {
    ...sizes,
    transA,
    transB,
    alpha,
    activation,
    gradient,
    operands: {
      a: read(a),
      b: read(b),
      y: write(y),
      bias: optional(bias),
      residual: optional(residual),
      gate: optional(gate),
      z: z ? write(z) : undefined,
      sums: sums ? write(sums) : undefined,
    },
    strides: denseStrides(sizes, transA, transB),
    name: node.sources[0] ?? y,
  };
}

/** Strides of operands that are dense, row by row. */
export function denseStrides(
  { batch, m, n, k, sharedB }: MatMulSizes,
  transA: boolean,
  transB: boolean,
): Product['strides'] {
  return {
    A_BATCH: batch > 1 ? m * k : 0,
    A_ROW: transA ? 1 : k,
    A_K: transA ? m : 1,
    B_BATCH: batch > 1 && !sharedB ? k * n : 0,
    B_K: transB ? 1 : n,
    B_COLUMN: transB ? k : 1,
  };
}

/** y and what the epilogue reads and writes; absent operands repeat y and are never touched, sums take z's place. */
function epilogueOperands({ operands }: Product): Operand[] {
  const { y, bias, residual, gate, z, sums } = operands;
  return [y, bias ?? y, residual ?? y, gate ?? y, z ?? sums ?? y];
}

function epilogueConstants(product: Product): Record<string, number> {
  const { m, n, alpha, activation, gradient, operands } = product;
  return {
    M: m,
    N: n,
    ALPHA: alpha,
    BIAS: operands.bias ? 1 : 0,
    RESIDUAL: operands.residual ? 1 : 0,
    PREACTIVATION: operands.z ? 1 : 0,
    SUMS: operands.sums ? 1 : 0,
    ACTIVATION: activation ? ACTIVATION_NUMBERS[activation] : 0,
    GRADIENT: gradient ? ACTIVATION_NUMBERS[gradient] : 0,
  };
}

const factors = ({ operands }: Product): Operand[] => [operands.a, operands.b];

/** Elements from one row of b, as it lies in memory, to the next. */
const rowOfB = ({ transB, strides }: Product): number => (transB ? strides.B_COLUMN : strides.B_K);

/** Whether the quad kernels' conditions hold. */
function fitsQuad(product: Product): boolean {
  const { n, k, transA, transB } = product;
  const sizes = n % 4 === 0 && n >= 8 && (transA ? !transB : k % 4 === 0);
  return sizes && rowOfB(product) % 4 === 0;
}

function quad(product: Product): KernelCall[] {
  const { batch, m, n, k, sharedB, transA, transB } = product;
  const { M: _rows, ...epilogue } = epilogueConstants(product);
  const row = rowOfB(product);
  const groups = n / 4;
  const lanes = groups % 16 === 0 ? 16 : groups > 4 ? 8 : 4;
  return [
    {
      shader: transA ? 'matmul/quad-tn' : transB ? 'matmul/quad-nt' : 'matmul/quad-nn',
      entry: 'main',
      constants: {
        // Rows, and K of weight gradients, are read off what is bound: the kernels serve all lengths.
        ...epilogue,
        ...(transA ? {} : { K: k }),
        ...(row === (transB ? k : n) ? {} : { B_ROW: row / 4 }),
        LANES: lanes,
        B_SHARED: sharedB ? 1 : 0,
      },
      operands: [...factors(product), ...epilogueOperands(product)],
      workgroups: [ceil(groups, lanes), ceil(m, 8), batch],
    },
  ];
}

function general(product: Product): KernelCall[] {
  const { batch, m, n, k, strides } = product;
  const lanes = n > 16 ? 8 : n > 4 ? 4 : 1;
  const rows = 32 / lanes;
  return [
    {
      shader: 'matmul/general',
      entry: 'main',
      constants: { ...epilogueConstants(product), ...strides, K: k, LANES: lanes, ROWS: rows },
      operands: [...factors(product), ...epilogueOperands(product)],
      workgroups: [ceil(n, 4 * lanes), ceil(m, 4 * rows), batch],
    },
  ];
}

const powerOfTwoUpTo = (n: number, most: number): number => {
  let p = 1;
  while (p < n && p < most) p *= 2;
  return p;
};

/** A workgroup's threads: 16×16 for 64×64 tiles, smaller where few tiles result, skinny for skinny products. */
function threadsOf({ m, n, batch }: Product): [number, number] {
  if (n <= 32) return [powerOfTwoUpTo(ceil(n, 4), 8), powerOfTwoUpTo(ceil(m, 4), 32)];
  if (m <= 32) return [powerOfTwoUpTo(ceil(n, 4), 32), powerOfTwoUpTo(ceil(m, 4), 8)];
  const tiles = ceil(m, 64) * ceil(n, 64) * batch;
  return tiles >= 64 ? [16, 16] : [8, 8];
}

/** What runs where nothing was measured. */
const usual = (product: Product): MatMulVariant => ({
  shader: 'matmul/tiled',
  rows: 4,
  columns: 4,
  threads: threadsOf(product),
  depth: 16,
  fill: 128,
});

/** Whether an operand may be read in fours along the axis on which its elements are neighbours. */
function inFours(across: number, along: number, [acrossStep, alongStep, batchStep]: number[]): boolean {
  const [neighbours, step] = alongStep === 1 ? [along, acrossStep] : [across, alongStep];
  const isDense = alongStep === 1 || acrossStep === 1;
  return isDense && [neighbours, step, batchStep].every((distance) => distance % 4 === 0);
}

/** The file of a variant for a product, and the constants that are its own. */
function tileKernel(
  { m, n, k, strides: s }: Product,
  { shader, rows, columns, depth, threads: [x, y] }: MatMulVariant,
  { matrices }: AdapterProfile,
): { shader: string; own: Record<string, number> } {
  const own: Record<string, number> = {};
  if (shader === 'matmul/matrices' && matrices) {
    own.MATRIX_M = matrices.m;
    own.MATRIX_N = matrices.n;
    own.MATRIX_K = matrices.k;
    own.SUBGROUP = matrices.subgroup;
  } else {
    own.THREADS_X = x;
    own.THREADS_Y = y;
  }
  if (shader === 'matmul/tiled' || shader === 'matmul/general') return { shader, own };
  const a = inFours(m, k, [s.A_ROW, s.A_K, s.A_BATCH]) ? 'fours' : 'ones';
  const b = inFours(n, k, [s.B_COLUMN, s.B_K, s.B_BATCH]) ? 'fours' : 'ones';
  if (shader !== 'matmul/matrices') {
    own.ROWS = rows;
    own.FOURS = columns / 4;
    own.DEPTH = depth;
  }
  if (shader === 'matmul/buffered') {
    // Fours of a tile by invocation; along K they are read by four of them.
    own.FETCHES_A = 4 * ceil((depth * rows * y) / 16, x * y);
    own.FETCHES_B = 4 * ceil((depth * columns * x) / 16, x * y);
  }
  return { shader: `${shader}-${a}-${b}`, own };
}

/** The class of a product's shapes. */
const productClass = ({ transA, transB, batch, m, n, k }: Product): string =>
  classKey({ family: 'matmul', form: `${transA ? 'T' : 'N'}${transB ? 'T' : 'N'}`, batch, m, n, k });

function tiled(product: Product, adapter: AdapterProfile): KernelCall[] {
  const tunes = productClass(product);
  const found = chosen(tunes, MATMUL_VARIANTS, adapter);
  const isLacking = found?.shader === 'matmul/matrices' && !adapter.matrices;
  const variant = found && !isLacking ? found : usual(product);
  const calls = variant.shader === 'matmul/general' ? general(product) : tiledBy(product, variant, adapter);
  for (const call of calls) call.tunes = tunes;
  return calls;
}

function tiledBy(product: Product, variant: MatMulVariant, adapter: AdapterProfile): KernelCall[] {
  const { batch, m, n, k, strides } = product;
  const { rows, columns, threads, fill } = variant;
  const { shader, own } = tileKernel(product, variant, adapter);
  const [x, y] = threads;
  const tiles = ceil(m, rows * y) * ceil(n, columns * x);
  // Few tiles and a long sum leave most of a GPU idle: let several workgroups share the sum.
  const wanted = batch === 1 && k >= 512 ? Math.min(ceil(fill, tiles), Math.floor(k / 128)) : 1;
  const perSplit = wanted > 1 ? ceil(ceil(k, wanted), 32) * 32 : k;
  const splits = wanted > 1 ? ceil(k, perSplit) : 1;
  // Written out: a plan has hundreds of these, and spreading one object into another takes ten times as long.
  const tile = {
    A_BATCH: strides.A_BATCH,
    A_ROW: strides.A_ROW,
    A_K: strides.A_K,
    B_BATCH: strides.B_BATCH,
    B_K: strides.B_K,
    B_COLUMN: strides.B_COLUMN,
    K: k,
    SPLITS: splits,
    K_PER_SPLIT: perSplit,
  };
  const across: [number, number] = [ceil(n, columns * x), ceil(m, rows * y)];
  const workgroups: [number, number, number] = [...across, Math.max(batch, splits)];
  if (splits === 1) {
    return [
      {
        shader,
        entry: 'main',
        constants: Object.assign(tile, epilogueConstants(product), own),
        operands: [...factors(product), ...epilogueOperands(product)],
        workgroups,
      },
    ];
  }
  // Of the sums of b's columns, too, each split has a part, behind those of y.
  const rowsOfParts = product.operands.sums ? m + 1 : m;
  const partial = { scratch: 'partial', bytes: splits * rowsOfParts * n * 4 };
  const written: Operand = { ...partial, access: 'write' };
  return [
    {
      shader,
      entry: 'main',
      flops: 2 * m * n * k,
      constants: Object.assign(tile, { M: m, N: n, SUMS: product.operands.sums ? 1 : 0 }, own),
      operands: [...factors(product), written, written, written, written, written],
      workgroups,
    },
    {
      shader: 'matmul/split-sum',
      entry: 'main',
      flops: splits * m * n,
      constants: { ...epilogueConstants(product), SPLITS: splits },
      operands: [{ ...partial, access: 'read' }, product.operands.y, ...epilogueOperands(product)],
      workgroups: [ceil(rowsOfParts * ceil(n, 4), 64), 1, 1],
    },
  ];
}

/** Columns of a bias between places where bindings may begin. */
const BIAS_STEP = 64;

/** @throws StudioError('device') when a dimension needs more workgroups than the adapter allows. */
export const lowerMatMul: Lowering<'MatMul'> = (node, program, adapter) => {
  const product = describeProduct(node, program);
  const slices = product.sharedB && product.transB ? rowSlices(product.n, product.k, adapter, BIAS_STEP) : [];
  return slices.length > 1 ? columnsInSlices(product, slices, adapter) : productCalls(product, adapter);
};

/**
 * A product with more columns than one binding of b holds (a language model's head): each slice of columns is made
 * apart and put into its place.
 */
function columnsInSlices(
  product: Product,
  slices: readonly RowSlice[],
  adapter: AdapterProfile,
): KernelCall[] {
  const { batch, m, n, k, operands } = product;
  const { a, b, y, bias, residual, gate, z } = operands;
  // The planner says that b is too long.
  if (residual || gate || z || !('value' in b)) return productCalls(product, adapter);
  const rows = batch * m;
  return slices.flatMap((slice) => {
    const columns = slice.rows;
    const part: Operand = { scratch: 'columns', bytes: 4 * rows * columns, access: 'readwrite' };
    const calls = productCalls(
      {
        ...product,
        n: columns,
        operands: {
          a,
          b: sliceOf(b.value, 'read', slice, k, false),
          y: part,
          ...(bias && 'value' in bias && { bias: sliceOf(bias.value, 'read', slice, 1, false) }),
        },
      },
      adapter,
    );
    const from = { operand: part, strides: [columns, 1] };
    const to = { operand: y, strides: [n, 1], offset: slice.start };
    return [...calls, copyCall([rows, columns], from, to, adapter)];
  });
}

/** The kernel calls of one product. @throws as `lowerMatMul` */
export function productCalls(product: Product, adapter: AdapterProfile): KernelCall[] {
  const calls = !adapter.software
    ? tiled(product, adapter)
    : adapter.subgroups && fitsQuad(product)
      ? quad(product)
      : general(product);
  const most = adapter.limits.maxComputeWorkgroupsPerDimension;
  for (const { workgroups } of calls) {
    if (workgroups.some((count) => count > most)) {
      throw new StudioError(
        'device',
        say`The matmul ${product.name} (${product.batch} × ${product.m} × ${product.n}) needs more than ${most} workgroups in one dimension: choose a smaller batch size.`,
        { where: product.name },
      );
    }
  }
  return calls;
}
