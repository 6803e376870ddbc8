/** What is drawn anew each step: dropout, and gates. */
import type { OpAttributes } from '../../graph/program.ts';
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { plainCopy } from './layout.ts';
import { countOf, overItems, read, widthOf, write } from './support.ts';

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

export const random: Pick<LoweringTable, 'Dropout' | 'HardConcrete' | 'HardConcreteGrad'> = {
  Dropout: lowerDropout,
  HardConcrete: lowerGates,
  HardConcreteGrad: lowerGatesGrad,
};
