/** The update kernels of the processor; see update-calls.ts. */
import type { KernelCall } from '../kernel-call.ts';
import type { UpdateKernels } from '../update-calls.ts';
import { read, scratch, update, write } from '../lower/support.ts';
import { rowBlocks } from './reduce.ts';
import { kernel, partsOf, STEP } from './support.ts';

/** Floats that are worth a part. */
const GRAIN = 16384;

const globalNorm: UpdateKernels['globalNorm'] = ({ gradients, norm, maxGradNorm, lossScale = 1 }) => {
  const counts = gradients.map(({ elements }) => partsOf(elements, GRAIN));
  const total = counts.reduce((sum, n) => sum + n, 0);
  let offset = 0;
  const calls = gradients.map(({ value, elements }, i): KernelCall => {
    const access = i === 0 ? 'write' : 'readwrite';
    const call = kernel(
      'optimizer/normPartial',
      counts[i],
      [read(value), scratch('partials', total, access)],
      { count: elements, offset },
    );
    offset += counts[i];
    return call;
  });
  return [
    ...calls,
    kernel('optimizer/normFinish', 1, [scratch('partials', total, 'read'), write(norm)], {
      count: total,
      maxGradNorm: maxGradNorm ?? 0,
      unscale: 1 / lossScale,
    }),
  ];
};

const adamW: UpdateKernels['adamW'] = (options) => [
  kernel(
    'optimizer/adamw',
    partsOf(options.elements, GRAIN),
    [
      update(options.parameters),
      read(options.gradients),
      update(options.firstMoment),
      update(options.secondMoment),
      read(options.norm),
      STEP,
    ],
    {
      count: options.elements,
      weightDecay: options.weightDecay,
      beta1: options.beta1,
      oneMinusBeta1: 1 - options.beta1,
      beta2: options.beta2,
      oneMinusBeta2: 1 - options.beta2,
      epsilon: options.epsilon,
      learningRateScale: options.learningRateScale ?? 1,
    },
  ),
];

const sgd: UpdateKernels['sgd'] = (options) => [
  kernel(
    'optimizer/sgd',
    partsOf(options.elements, GRAIN),
    [update(options.parameters), read(options.gradients), update(options.velocity), read(options.norm), STEP],
    {
      count: options.elements,
      weightDecay: options.weightDecay,
      momentum: options.momentum,
      learningRateScale: options.learningRateScale ?? 1,
    },
  ),
];

const accumulate: UpdateKernels['accumulate'] = ({ sum, gradients, elements }) => [
  kernel('optimizer/accumulate', partsOf(elements, GRAIN), [update(sum), read(gradients), STEP], {
    count: elements,
  }),
];

const adafactor: UpdateKernels['adafactor'] = (tensor, rates, norm) => {
  const [epsilon1, epsilon2] = rates.epsilon;
  const ofTensor = {
    scaleParameter: rates.scaleParameter ? 1 : 0,
    epsilon2,
    clipThreshold: rates.clipThreshold,
    weightDecay: rates.weightDecay,
    learningRateScale: rates.learningRateScale,
  };
  const { beta1 } = rates;
  const ofFirst = {
    firstMoment: beta1 === undefined ? 0 : 1,
    beta1: beta1 ?? 0,
    oneMinusBeta1: 1 - (beta1 ?? 0),
  };
  const { rows, columns, parameters, gradients, moments } = tensor;
  const first = tensor.first ?? parameters;
  if (rows === undefined)
    return [
      kernel('optimizer/adafactorVector', 1, [parameters, gradients, moments[0], first, norm, STEP], {
        count: columns,
        epsilon1,
        ...ofTensor,
        ...ofFirst,
      }),
    ];
  const [rowMoment, columnMoment] = moments;
  const parts = Math.min(rows, partsOf(rows * columns, GRAIN));
  const { blocks } = rowBlocks(rows, columns);
  const squares = scratch('squares', rows, 'readwrite');
  const sums = scratch('sums', rows, 'readwrite');
  const stats = scratch('stats', 4, 'readwrite');
  const partial = scratch('columns', blocks * columns, 'readwrite');
  const size = { rows, columns };
  return [
    kernel('optimizer/adafactorRows', parts, [parameters, gradients, rowMoment, squares, norm, STEP], {
      ...size,
      epsilon1,
    }),
    kernel('optimizer/adafactorColumns', blocks, [gradients, partial, norm], size),
    kernel('optimizer/adafactorColumnMoment', 1, [partial, columnMoment, norm, STEP], {
      ...size,
      blocks,
      epsilon1,
    }),
    kernel('optimizer/adafactorSums', parts, [gradients, rowMoment, columnMoment, sums, norm], size),
    kernel('optimizer/adafactorFinish', 1, [rowMoment, squares, sums, stats, STEP], { ...size, ...ofTensor }),
    kernel(
      'optimizer/adafactorApply',
      parts,
      [parameters, gradients, rowMoment, columnMoment, first, stats, norm],
      { ...size, ...ofFirst },
    ),
  ];
};

export const wasmUpdates: UpdateKernels = { globalNorm, adamW, sgd, accumulate, adafactor };
