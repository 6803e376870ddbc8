/** What is drawn anew each step: dropout, and gates. */
import type { OpAttributes } from '../../graph/program.ts';
import type { KernelCall, Lowering, LoweringTable } from '../kernel-call.ts';
import { plainCopy } from './layout.ts';
import { sumRows } from './reduce.ts';
import { countOf, ITEM_GROUP, overItems, read, scratch, widthOf, write } from './support.ts';

/** What keeps an element, and what it is then multiplied by. */
export function dropoutConstants(rate: number): { threshold: number; scale: number } {
  // Uniforms are k/2²⁴, so u ≥ rate is k ≥ ⌈rate·2²⁴⌉ without rounding.
  return { threshold: Math.ceil(rate * 2 ** 24), scale: rate < 1 ? 1 / (1 - rate) : 0 };
}

const lowerDropout: Lowering<'Dropout'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { rate, id } = attributes;
  if (rate === 0) return [plainCopy(inputs[0], outputs[0], program, adapter)];
  const length = countOf(program, outputs[0]);
  const { constants, workgroups } = overItems(Math.ceil(length / 4), adapter);
  return [
    {
      shader: 'random/dropout',
      entry: widthOf(length).entry,
      constants: {
        ...constants,
        length,
        ...dropoutConstants(rate),
        stream: id,
      },
      operands: [read(inputs[0]), write(outputs[0]), { step: true, access: 'read' }],
      workgroups,
    },
  ];
};

/** Bounds of gates, and where their noise comes from if there is any. */
export function gateConstants({ low, high, stream }: OpAttributes['HardConcrete']): Record<string, number> {
  return { low, high, noisy: stream === undefined ? 0 : 1, stream: stream ?? 0 };
}

const lowerGates: Lowering<'HardConcrete'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const length = countOf(program, outputs[0]);
  const { constants, workgroups } = overItems(Math.ceil(length / 4), adapter);
  return [
    {
      shader: 'random/hard-concrete',
      entry: 'main',
      constants: { ...constants, length, ...gateConstants(attributes) },
      operands: [read(inputs[0]), write(outputs[0]), { step: true, access: 'read' }],
      workgroups,
    },
  ];
};

const lowerGatesGrad: Lowering<'HardConcreteGrad'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const { constants, workgroups } = overItems(countOf(program, outputs[0]), adapter);
  return [
    {
      shader: 'random/hard-concrete-grad',
      entry: 'main',
      constants: { ...constants, ...attributes },
      operands: [read(inputs[0]), read(inputs[1]), write(outputs[0])],
      workgroups,
    },
  ];
};

/** Blocks of gates that an invocation has at least where it sums: its sum is written, and read again. */
const SUMMED_EACH = 4;

const lowerGated: Lowering<'Gated'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const [w, alpha, base] = inputs;
  const [y, z, open] = outputs;
  const length = countOf(program, y);
  const blocks = Math.ceil(length / 4);
  const spread = overItems(blocks, adapter);
  const perThread = Math.max(spread.constants.perThread, open ? SUMMED_EACH : 1);
  const { workgroups } = overItems(Math.ceil(blocks / perThread), { ...adapter, software: false });
  const sums = ITEM_GROUP * workgroups[0] * workgroups[1];
  const pass: KernelCall = {
    shader: 'random/gated',
    entry: 'main',
    constants: {
      count: blocks,
      perThread,
      length,
      ...gateConstants(attributes),
      based: base ? 1 : 0,
      kept: z ? 1 : 0,
      summed: open ? 1 : 0,
    },
    operands: [
      read(w),
      read(alpha),
      read(base || w),
      write(y),
      write(z || y),
      open ? scratch('open', sums, 'write') : write(y),
      { step: true, access: 'read' },
    ],
    workgroups,
  };
  if (!open) return [pass];
  const sizes = { rows: 1, length: sums, scale: 1, name: 'opened' };
  return [pass, ...sumRows(scratch('open', sums, 'read'), write(open), sizes, adapter)];
};

const lowerGatedGrad: Lowering<'GatedGrad'> = ({ inputs, outputs, attributes }, program, adapter) => {
  const [dy, w, z, alpha, dopen] = inputs;
  const { constants, workgroups } = overItems(countOf(program, dy), adapter);
  return [
    {
      shader: 'random/gated-grad',
      entry: 'main',
      constants: { ...constants, ...attributes, summed: dopen ? 1 : 0 },
      operands: [...[dy, w, z, alpha || w, dopen || dy].map(read), ...outputs.map(write)],
      workgroups,
    },
  ];
};

export const random: Pick<
  LoweringTable,
  'Dropout' | 'HardConcrete' | 'HardConcreteGrad' | 'Gated' | 'GatedGrad'
> = {
  Dropout: lowerDropout,
  Gated: lowerGated,
  GatedGrad: lowerGatedGrad,
  HardConcrete: lowerGates,
  HardConcreteGrad: lowerGatesGrad,
};
