/**
 * Cross-entropy over a large vocabulary. The logits are made in chunks of columns, each used and dropped, so
 * the working memory is one chunk and three numbers a row, whatever the vocabulary; a weight larger than one
 * binding may be is bound in slices. The backward makes each chunk anew rather than keep it.
 */
import { sizeOf } from '../../graph/reference/tensor.ts';
import type { AdapterProfile, KernelCall, Lowering, LoweringTable, Operand } from '../kernel-call.ts';
import { copyCall } from './layout.ts';
import { denseStrides, productCalls } from './matmul.ts';
import type { Product } from './matmul.ts';
import { sumColumns, sumRows } from './reduce.ts';
import { grid, matrixOf, read, rowGroup, scratch, shapeOf, widthOf, write, writeOrDrop } from './support.ts';

/** What of it differs between WebGPU and the processor: the kernels, and how much memory a chunk may take. */
export interface LinearLossKit {
  /** Bytes a chunk of logits should take at most. */
  chunkBytes: number;
  productCalls: (product: Product, adapter: AdapterProfile) => KernelCall[];
  /** A kernel over the rows of a chunk. */
  chunkKernel: (
    what: 'statistics' | 'gradient',
    size: { rows: number; columns: number; first: boolean },
    operands: Operand[],
    adapter: AdapterProfile,
  ) => KernelCall;
  finish: (rows: number, operands: Operand[], adapter: AdapterProfile) => KernelCall;
  sumRows: typeof sumRows;
  sumColumns: typeof sumColumns;
  copyCall: typeof copyCall;
}

/** Columns that make a chunk long enough to keep the device busy, and short enough to be little memory. */
const MOST_COLUMNS = 8192;
/** Fewer than this, and a batch of many rows would take too many dispatches. */
const FEWEST_COLUMNS = 512;
/** Chunks begin at multiples of this, so that slices begin where bindings may. */
const STEP = 64;

interface Sizes {
  rows: number;
  width: number;
  vocabulary: number;
  transB: boolean;
  alpha: number;
}

/** Columns of a chunk: chunks are of about one length, the last the shortest. */
export function chunkColumns(
  { rows, width, vocabulary, transB }: Omit<Sizes, 'alpha'>,
  { limits }: Pick<AdapterProfile, 'limits'>,
  chunkBytes = webgpu.chunkBytes,
): number {
  const fit = (bytes: number, each: number): number => Math.floor(bytes / (4 * each) / STEP) * STEP;
  const bound = limits.maxStorageBufferBindingSize;
  const wanted = Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, fit(chunkBytes, rows)));
  const allowed = Math.min(wanted, fit(bound, rows), transB ? fit(bound, width) : wanted);
  const most = Math.max(STEP, allowed);
  const chunks = Math.ceil(vocabulary / most);
  return Math.min(vocabulary, Math.ceil(vocabulary / chunks / STEP) * STEP);
}

interface Context {
  adapter: AdapterProfile;
  kit: LinearLossKit;
}

interface Chunk {
  first: boolean;
  start: number;
  columns: number;
}

function chunksOf(sizes: Sizes, { adapter, kit }: Context): Chunk[] {
  const columns = chunkColumns(sizes, adapter, kit.chunkBytes);
  const chunks: Chunk[] = [];
  for (let start = 0; start < sizes.vocabulary; start += columns)
    chunks.push({ first: start === 0, start, columns: Math.min(columns, sizes.vocabulary - start) });
  return chunks;
}

/** The columns of a chunk within a matrix as the weight is stored. */
function slice(
  value: string,
  access: 'read' | 'write',
  { width, vocabulary, transB }: Sizes,
  { start, columns }: Chunk,
): Operand {
  if (columns === vocabulary) return { value, access };
  const [offset, floats] = transB
    ? [start * width, columns * width]
    : [start, (width - 1) * vocabulary + columns];
  return { value, access, part: { offset: 4 * offset, bytes: 4 * floats } };
}

function vectorSlice(
  value: string,
  access: 'read' | 'write',
  vocabulary: number,
  { start, columns }: Chunk,
): Operand {
  if (columns === vocabulary) return { value, access };
  return { value, access, part: { offset: 4 * start, bytes: 4 * columns } };
}

const logitsOf = ({ rows }: Sizes, { columns }: Chunk, access: 'read' | 'write' | 'readwrite'): Operand =>
  scratch('logits', rows * columns, access);

type ProductForm = Pick<Product, 'm' | 'n' | 'k' | 'transA' | 'transB' | 'alpha' | 'operands' | 'name'> &
  Partial<Pick<Product, 'strides'>>;

function product(form: ProductForm, { adapter, kit }: Context): KernelCall[] {
  const sizes = { batch: 1, m: form.m, n: form.n, k: form.k, sharedB: true };
  const strides = denseStrides(sizes, form.transA, form.transB);
  const calls = kit.productCalls({ ...sizes, strides, ...form }, adapter);
  return calls.map((call) => ({
    ...call,
    flops: call.flops ?? (2 * form.m * form.n * form.k) / calls.length,
  }));
}

/** The logits of one chunk: hidden · (columns of the weight) + bias. */
function chunkLogits(
  { hidden, weight, bias, name }: { hidden: string; weight: string; bias?: string; name: string },
  sizes: Sizes,
  chunk: Chunk,
  context: Context,
): KernelCall[] {
  const { rows, width, vocabulary, transB, alpha } = sizes;
  const strides = { A_BATCH: 0, A_ROW: width, A_K: 1, B_BATCH: 0 };
  return product(
    {
      m: rows,
      n: chunk.columns,
      k: width,
      transA: false,
      transB,
      alpha,
      name,
      operands: {
        a: read(hidden),
        b: slice(weight, 'read', sizes, chunk),
        y: logitsOf(sizes, chunk, 'write'),
        ...(bias && { bias: vectorSlice(bias, 'read', vocabulary, chunk) }),
      },
      strides: transB
        ? { ...strides, B_K: 1, B_COLUMN: width }
        : { ...strides, B_K: vocabulary, B_COLUMN: 1 },
    },
    context,
  );
}

/** A kernel over the rows of a chunk. */
function chunkKernel(
  what: 'statistics' | 'gradient',
  { rows }: Sizes,
  { columns, first }: Chunk,
  operands: Operand[],
  { adapter, kit }: Context,
): KernelCall {
  return { ...kit.chunkKernel(what, { rows, columns, first }, operands, adapter), flops: rows * columns };
}

const forwardBy =
  (kit: LinearLossKit): Lowering<'LinearCrossEntropy'> =>
  (node, program, adapter) => {
    const context = { adapter, kit };
    const [hidden, weight, labels, weights, bias] = node.inputs;
    const [loss, nll, lse] = node.outputs;
    const { rows, columns: width } = matrixOf(program, hidden);
    const { transB, alpha } = node.attributes;
    const vocabulary = shapeOf(program, weight)[transB ? 0 : 1];
    const sizes = { rows, width, vocabulary, transB, alpha };
    const name = node.sources[0] ?? loss;
    return [
      ...chunksOf(sizes, context).flatMap((chunk) => [
        ...chunkLogits({ hidden, weight, bias, name }, sizes, chunk, context),
        chunkKernel(
          'statistics',
          sizes,
          chunk,
          [logitsOf(sizes, chunk, 'read'), read(labels), scratch('state', 4 * rows, 'readwrite')],
          context,
        ),
      ]),
      {
        ...kit.finish(
          rows,
          [
            scratch('state', 4 * rows, 'read'),
            read(weights),
            writeOrDrop(nll, 'nll', rows),
            writeOrDrop(lse, 'lse', rows),
            scratch('weighted', rows, 'write'),
          ],
          adapter,
        ),
        flops: rows,
      },
      ...kit
        .sumRows(
          scratch('weighted', rows, 'read'),
          write(loss),
          { rows: 1, length: rows, scale: 1, name: 'partial' },
          adapter,
        )
        .map((call) => ({ ...call, flops: rows })),
    ];
  };

const backwardBy =
  (kit: LinearLossKit): Lowering<'LinearCrossEntropyGrad'> =>
  (node, program, adapter) => {
    const context = { adapter, kit };
    const [hidden, weight, labels, weights, lse, bias] = node.inputs;
    const [dHidden, dWeight, dBias] = node.outputs;
    const { rows, columns: width } = matrixOf(program, hidden);
    const { transB, alpha } = node.attributes;
    const vocabulary = shapeOf(program, weight)[transB ? 0 : 1];
    const sizes = { rows, width, vocabulary, transB, alpha };
    const name = node.sources[0] ?? hidden;
    return chunksOf(sizes, context).flatMap((chunk) => {
      const { columns } = chunk;
      const dz = logitsOf(sizes, chunk, 'read');
      const calls = chunkLogits({ hidden, weight, bias, name }, sizes, chunk, context);
      const seen = scratch('seen', rows, 'readwrite');
      const operands = [logitsOf(sizes, chunk, 'readwrite'), read(labels), read(weights), read(lse), seen];
      calls.push(chunkKernel('gradient', sizes, chunk, operands, context));
      if (dHidden) calls.push(...chunkHidden(dHidden, weight, dz, sizes, chunk, context, name));
      if (dWeight) calls.push(...chunkWeight(dWeight, hidden, dz, sizes, chunk, context, name));
      if (dBias) {
        const y = vectorSlice(dBias, 'write', vocabulary, chunk);
        calls.push(...kit.sumColumns(dz, y, { outers: 1, rows, columns, scale: 1, name: 'bias' }, adapter));
      }
      return calls.map((call) => ({ ...call, flops: call.flops ?? rows * columns }));
    });
  };

/** dHidden += alpha · dz · (columns of the weight)ᵀ */
function chunkHidden(
  dHidden: string,
  weight: string,
  dz: Operand,
  sizes: Sizes,
  chunk: Chunk,
  context: Context,
  name: string,
): KernelCall[] {
  const { rows, width, vocabulary, transB, alpha } = sizes;
  const { columns } = chunk;
  const strides = { A_BATCH: 0, A_ROW: columns, A_K: 1, B_BATCH: 0 };
  return product(
    {
      m: rows,
      n: width,
      k: columns,
      transA: false,
      transB: !transB,
      alpha,
      name,
      operands: {
        a: dz,
        b: slice(weight, 'read', sizes, chunk),
        y: write(dHidden),
        ...(!chunk.first && { residual: read(dHidden) }),
      },
      strides: transB
        ? { ...strides, B_K: width, B_COLUMN: 1 }
        : { ...strides, B_K: 1, B_COLUMN: vocabulary },
    },
    context,
  );
}

/** The chunk's columns of dWeight = alpha · hiddenᵀ · dz, as the weight is stored. */
function chunkWeight(
  dWeight: string,
  hidden: string,
  dz: Operand,
  sizes: Sizes,
  chunk: Chunk,
  context: Context,
  name: string,
): KernelCall[] {
  const { rows: k, width, vocabulary, transB, alpha } = sizes;
  const { columns } = chunk;
  const form = { k, transA: true, transB: false, alpha, name };
  const to = slice(dWeight, 'write', sizes, chunk);
  if (transB)
    return product({ ...form, m: columns, n: width, operands: { a: dz, b: read(hidden), y: to } }, context);
  const whole = columns === vocabulary;
  const y = whole ? to : scratch('weight', width * columns, 'write');
  const calls = product({ ...form, m: width, n: columns, operands: { a: read(hidden), b: dz, y } }, context);
  if (whole) return calls;
  const shape = [width, columns];
  const from = { operand: scratch('weight', sizeOf(shape), 'read'), strides: [columns, 1] };
  return [
    ...calls,
    context.kit.copyCall(shape, from, { operand: to, strides: [vocabulary, 1] }, context.adapter),
  ];
}

/** The lowerings that take their kernels from a kit. */
export function linearLossBy(
  kit: LinearLossKit,
): Pick<LoweringTable, 'LinearCrossEntropy' | 'LinearCrossEntropyGrad'> {
  return { LinearCrossEntropy: forwardBy(kit), LinearCrossEntropyGrad: backwardBy(kit) };
}

const webgpu: LinearLossKit = {
  chunkBytes: 32 * 2 ** 20,
  productCalls,
  sumRows,
  sumColumns,
  copyCall,
  finish: (rows, operands, adapter) => ({
    shader: 'loss/chunk-finish',
    entry: 'main',
    constants: {},
    operands,
    workgroups: grid(Math.ceil(rows / 64), adapter),
  }),
  /** In two variants: a workgroup a row, or an invocation a row. */
  chunkKernel: (what, { rows, columns, first }, operands, adapter) => {
    const constants = { first: first ? 1 : 0 };
    if (!adapter.software)
      return {
        shader: `loss/chunk-${what}`,
        entry: 'main',
        constants: { ...constants, columns, workgroupSize: rowGroup(columns) },
        operands,
        workgroups: grid(rows, adapter),
      };
    const { entry, width } = widthOf(columns);
    return {
      shader: `loss/chunk-${what}-serial`,
      entry,
      constants: { ...constants, columns: columns / width },
      operands,
      workgroups: grid(Math.ceil(rows / 32), adapter),
    };
  },
};

export const linearLoss = linearLossBy(webgpu);
