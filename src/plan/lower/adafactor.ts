/** Adafactor's kernels (Shazeer and Stern, 2018), a tensor at a time, as Hugging Face's `Adafactor` goes about it. */
import type { AdapterProfile, KernelCall, Operand } from '../kernel-call.ts';
import { rowBlocks } from './reduce.ts';
import { grid, overItems, rowGroup, scratch } from './support.ts';

export interface AdafactorRates {
  weightDecay: number;
  scaleParameter: boolean;
  /** Largest root mean square of an update. */
  clipThreshold: number;
  /** Absent: no first moment. */
  beta1?: number;
  /** Added to squared gradients, and least scale of a tensor. */
  epsilon: readonly [number, number];
  /** Multiplies the step block's learning rate. */
  learningRateScale: number;
}

/** Where one tensor and its moments lie. */
export interface AdafactorTensor {
  /** Rows and columns over the last axis; a vector has no rows. */
  rows?: number;
  columns: number;
  parameters: Operand;
  gradients: Operand;
  /** The row factor and the column factor of a matrix; the second moment of a vector. */
  moments: readonly Operand[];
  /** Where `beta1` is given. */
  first?: Operand;
}

const STEP: Operand = { step: true, access: 'read' };

/** Update of one tensor. `norm` is what `globalNorm` writes; the scratch memory is free again afterwards. */
export function adafactor(
  tensor: AdafactorTensor,
  rates: AdafactorRates,
  norm: Operand,
  adapter: AdapterProfile,
): KernelCall[] {
  const [epsilon1, epsilon2] = rates.epsilon;
  const ofTensor = {
    scaleParameter: rates.scaleParameter ? 1 : 0,
    epsilon2,
    clipThreshold: rates.clipThreshold,
    weightDecay: rates.weightDecay,
    learningRateScale: rates.learningRateScale,
  };
  const { beta1 } = rates;
  const ofFirst: Record<string, number> =
    beta1 === undefined ? {} : { firstMoment: 1, beta1, oneMinusBeta1: 1 - beta1 };
  const { rows, columns, parameters, gradients, moments } = tensor;
  const first = tensor.first ?? parameters;
  if (rows === undefined)
    return [
      {
        shader: 'optimizer/adafactor-vector',
        entry: 'main',
        constants: {
          ...ofTensor,
          ...ofFirst,
          epsilon1,
          workgroupSize: adapter.software ? 4 : rowGroup(columns),
        },
        operands: [parameters, gradients, moments[0], first, norm, STEP],
        workgroups: [1, 1, 1],
      },
    ];
  const [rowMoment, columnMoment] = moments;
  const { blocks } = rowBlocks(rows, columns, adapter);
  const overRows: Pick<KernelCall, 'entry' | 'constants' | 'workgroups'> = adapter.software
    ? { entry: 'serial', constants: { columns }, workgroups: grid(Math.ceil(rows / 32), adapter) }
    : {
        entry: 'shared_rows',
        constants: { columns, workgroupSize: rowGroup(columns) },
        workgroups: grid(rows, adapter),
      };
  const squares = scratch('squares', rows, 'readwrite');
  const sums = scratch('sums', rows, 'readwrite');
  const stats = scratch('stats', 4, 'readwrite');
  const partial = scratch('columns', blocks * columns, 'readwrite');
  const items = overItems(rows * columns, adapter);
  return [
    {
      shader: 'optimizer/adafactor-rows',
      ...overRows,
      constants: { ...overRows.constants, epsilon1 },
      operands: [parameters, gradients, rowMoment, squares, norm, STEP],
    },
    {
      shader: 'optimizer/adafactor-columns',
      entry: 'main',
      constants: { columns, blocks },
      operands: [gradients, partial, norm],
      workgroups: grid(Math.ceil((blocks * columns) / 64), adapter),
    },
    {
      shader: 'optimizer/adafactor-column-moment',
      entry: 'main',
      constants: { blocks, rows, epsilon1 },
      operands: [partial, columnMoment, norm, STEP],
      workgroups: grid(Math.ceil(columns / 64), adapter),
    },
    {
      shader: 'optimizer/adafactor-sums',
      ...overRows,
      operands: [gradients, rowMoment, columnMoment, sums, norm],
    },
    {
      shader: 'optimizer/adafactor-finish',
      entry: 'main',
      constants: { columns, ...ofTensor, workgroupSize: adapter.software ? 4 : rowGroup(rows) },
      operands: [rowMoment, squares, sums, stats, STEP],
      workgroups: [1, 1, 1],
    },
    {
      shader: 'optimizer/adafactor-apply',
      entry: 'main',
      constants: { ...items.constants, columns, ...ofFirst },
      operands: [parameters, gradients, rowMoment, columnMoment, first, stats, norm],
      workgroups: items.workgroups,
    },
  ];
}
