/** What is drawn anew each step: dropout, and gates. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { dropoutConstants, gateConstants } from '../lower/random.ts';
import { countOf, read, scratch, write } from '../lower/support.ts';
import { plainCopy } from './layout.ts';
import { sumRows } from './reduce.ts';
import { kernel, partsOf, STEP } from './support.ts';

/** Elements that are worth a part. */
const GRAIN = 4096;

const lowerDropout: Lowering<'Dropout'> = ({ inputs, outputs, attributes }, program) => {
  const { rate, id } = attributes;
  if (rate === 0) return [plainCopy(inputs[0], outputs[0], program)];
  const count = countOf(program, outputs[0]);
  return [
    kernel('random/dropout', partsOf(count, GRAIN), [read(inputs[0]), write(outputs[0]), STEP], {
      count,
      ...dropoutConstants(rate),
      stream: id,
    }),
  ];
};

const lowerGates: Lowering<'HardConcrete'> = ({ inputs, outputs, attributes }, program) => {
  const count = countOf(program, outputs[0]);
  return [
    kernel('random/hardConcrete', partsOf(count, GRAIN), [read(inputs[0]), write(outputs[0]), STEP], {
      count,
      ...gateConstants(attributes),
    }),
  ];
};

const lowerGatesGrad: Lowering<'HardConcreteGrad'> = ({ inputs, outputs, attributes }, program) => {
  const count = countOf(program, outputs[0]);
  const operands = [read(inputs[0]), read(inputs[1]), write(outputs[0])];
  return [kernel('random/hardConcreteGrad', partsOf(count, 4 * GRAIN), operands, { count, ...attributes })];
};

const lowerGated: Lowering<'Gated'> = ({ inputs, outputs, attributes }, program) => {
  const [w, alpha, base] = inputs;
  const [y, z, open] = outputs;
  const count = countOf(program, y);
  const parts = partsOf(count, GRAIN);
  // Operands that are not there repeat another one and are left alone.
  const pass = kernel(
    'random/gated',
    parts,
    [
      read(w),
      read(alpha),
      read(base || w),
      write(y),
      write(z || y),
      open ? scratch('open', parts, 'write') : write(y),
      STEP,
    ],
    {
      count,
      ...gateConstants(attributes),
      based: base ? 1 : 0,
      kept: z ? 1 : 0,
      summed: open ? 1 : 0,
    },
  );
  if (!open) return [pass];
  const sizes = { rows: 1, length: parts, scale: 1, name: 'opened' };
  return [pass, ...sumRows(scratch('open', parts, 'read'), write(open), sizes)];
};

const lowerGatedGrad: Lowering<'GatedGrad'> = ({ inputs, outputs, attributes }, program) => {
  const [dy, w, z, alpha, dopen] = inputs;
  const count = countOf(program, dy);
  const operands = [...[dy, w, z, alpha || w, dopen || dy].map(read), ...outputs.map(write)];
  return [
    kernel('random/gatedGrad', partsOf(count, GRAIN), operands, {
      count,
      ...attributes,
      summed: dopen ? 1 : 0,
    }),
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
