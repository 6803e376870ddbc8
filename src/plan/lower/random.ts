/** Dropout. */
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

export const random: Pick<LoweringTable, 'Dropout'> = { Dropout: lowerDropout };
