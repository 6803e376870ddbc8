/** Layer and root-mean-square normalisation and their gradients. */
import type { KernelCall, Lowering, LoweringTable } from '../kernel-call.ts';
import { rowBlocks, sumColumns } from './reduce.ts';
import { countOf, grid, matrixOf, read, rowKernel, scratch, widthOf, write, writeOrDrop } from './support.ts';

const lowerLayerNorm: Lowering<'LayerNorm'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { rows, columns } = matrixOf(program, inputs[0]);
  const [y, mean, rstd] = outputs;
  const call = rowKernel('norm/layernorm', { rows, columns }, adapter);
  return [
    {
      ...call,
      constants: { ...call.constants, epsilon: attributes.epsilon },
      operands: [
        ...inputs.map(read),
        writeOrDrop(y, 'y', rows * columns),
        writeOrDrop(mean, 'mean', rows),
        writeOrDrop(rstd, 'rstd', rows),
      ],
    },
  ];
};

const lowerLayerNormGrad: Lowering<'LayerNormGrad'> = ({ inputs, outputs }, program, adapter) => {
  const size = matrixOf(program, inputs[1]);
  return [
    {
      ...rowKernel('norm/layernorm-grad', size, adapter),
      operands: [...inputs.map(read), write(outputs[0])],
    },
  ];
};

const lowerLayerNormParamGrad: Lowering<'LayerNormParamGrad'> = ({ inputs, outputs }, program, adapter) => {
  const columns = matrixOf(program, inputs[1]).columns;
  const rows = countOf(program, inputs[1]) / columns;
  const [dgamma, dbeta] = outputs;
  if (!dgamma)
    return sumColumns(
      read(inputs[0]),
      write(dbeta),
      { outers: 1, rows, columns, scale: 1, name: 'blocks' },
      adapter,
    );
  if (!adapter.software)
    return [
      {
        shader: 'norm/layernorm-param-grad-whole',
        entry: 'main',
        constants: { columns },
        operands: [...inputs.map(read), write(dgamma), writeOrDrop(dbeta, 'dbeta', columns)],
        workgroups: [Math.ceil(columns / 16), 1, 1],
      },
    ];
  const { entry, width } = widthOf(columns);
  const { blocks } = rowBlocks(rows, columns / width, adapter);
  const floats = blocks * columns;
  const first: KernelCall = {
    shader: 'norm/layernorm-param-grad',
    entry,
    constants: { columns: columns / width },
    operands: [
      ...inputs.map(read),
      ...(blocks === 1
        ? [write(dgamma), writeOrDrop(dbeta, 'dbeta', columns)]
        : [scratch('gammaBlocks', floats, 'write'), scratch('betaBlocks', floats, 'write')]),
    ],
    workgroups: grid(Math.ceil(floats / width / 64), adapter),
  };
  if (blocks === 1) return [first];
  return [
    first,
    {
      shader: 'norm/layernorm-param-sum',
      entry: 'main',
      constants: { columns, blocks },
      operands: [
        scratch('gammaBlocks', floats, 'read'),
        scratch('betaBlocks', floats, 'read'),
        write(dgamma),
        writeOrDrop(dbeta, 'dbeta', columns),
      ],
      workgroups: [Math.ceil(columns / 64), 1, 1],
    },
  ];
};

const lowerRmsNorm: Lowering<'RmsNorm'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { rows, columns } = matrixOf(program, inputs[0]);
  const [y, rstd] = outputs;
  const call = rowKernel('norm/rmsnorm', { rows, columns }, adapter);
  return [
    {
      ...call,
      constants: { ...call.constants, epsilon: attributes.epsilon },
      operands: [...inputs.map(read), writeOrDrop(y, 'y', rows * columns), writeOrDrop(rstd, 'rstd', rows)],
    },
  ];
};

const lowerRmsNormGrad: Lowering<'RmsNormGrad'> = ({ inputs, outputs }, program, adapter) => [
  {
    ...rowKernel('norm/rmsnorm-grad', matrixOf(program, inputs[1]), adapter),
    operands: [...inputs.map(read), write(outputs[0])],
  },
];

const lowerRmsNormParamGrad: Lowering<'RmsNormParamGrad'> = ({ inputs, outputs }, program, adapter) => {
  const columns = matrixOf(program, inputs[1]).columns;
  const rows = countOf(program, inputs[1]) / columns;
  const { entry, width } = widthOf(columns);
  const { blocks } = rowBlocks(rows, columns / width, adapter);
  const floats = blocks * columns;
  const [dgamma] = outputs;
  const first: KernelCall = {
    shader: 'norm/rmsnorm-param-grad',
    entry,
    constants: { columns: columns / width },
    operands: [...inputs.map(read), blocks === 1 ? write(dgamma) : scratch('gammaBlocks', floats, 'write')],
    workgroups: grid(Math.ceil(floats / width / 64), adapter),
  };
  if (blocks === 1) return [first];
  const sum = { outers: 1, rows: blocks, columns, scale: 1, name: 'blocks' };
  return [first, ...sumColumns(scratch('gammaBlocks', floats, 'read'), write(dgamma), sum, adapter)];
};

export const norm: Pick<
  LoweringTable,
  'LayerNorm' | 'LayerNormGrad' | 'LayerNormParamGrad' | 'RmsNorm' | 'RmsNormGrad' | 'RmsNormParamGrad'
> = {
  LayerNorm: lowerLayerNorm,
  LayerNormGrad: lowerLayerNormGrad,
  LayerNormParamGrad: lowerLayerNormParamGrad,
  RmsNorm: lowerRmsNorm,
  RmsNormGrad: lowerRmsNormGrad,
  RmsNormParamGrad: lowerRmsNormParamGrad,
};
