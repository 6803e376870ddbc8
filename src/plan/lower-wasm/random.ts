/** What is drawn anew each step: dropout, and gates. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { dropoutConstants, gateConstants } from '../lower/random.ts';
import { countOf, read, write } from '../lower/support.ts';
import { plainCopy } from './layout.ts';
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

export const random: Pick<LoweringTable, 'Dropout' | 'HardConcrete' | 'HardConcreteGrad'> = {
  Dropout: lowerDropout,
  HardConcrete: lowerGates,
  HardConcreteGrad: lowerGatesGrad,
};
