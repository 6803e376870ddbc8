/** The Fastfood projection, its transpose, and the transform that spreads its input. */
import type { Lowering, LoweringTable } from '../kernel-call.ts';
import { segmentsOf } from '../lower/fastfood.ts';
import { matrixOf, read, scratch, write } from '../lower/support.ts';
import { kernel, partsOf } from './support.ts';

/** Numbers drawn or transformed that are worth a part. */
const GRAIN = 16384;

const lowerHadamard: Lowering<'Hadamard'> = ({ inputs, outputs }, program) => {
  const { rows, columns: size } = matrixOf(program, outputs[0]);
  return [
    kernel('fastfood/hadamard', partsOf(rows * size, GRAIN), [read(inputs[0]), write(outputs[0])], {
      rows,
      size,
    }),
  ];
};

const lowerProject: Lowering<'Fastfood'> = ({ inputs, outputs }, program) => {
  const [base, u, normal, key, ids] = inputs;
  const work = segmentsOf(program, { tensor: base, ids, u });
  const operands = [base, u, normal, key, ids || key].map(read).concat(write(outputs[0]));
  const parts = partsOf(work.segments * work.block * work.chunks, GRAIN);
  return [kernel('fastfood/project', parts, operands, { ...work })];
};

/** Partial sums are kept side by side: a part each, of no more numbers than this in all. */
const MOST_PARTIAL = 2 ** 18;

const lowerTransposed: Lowering<'FastfoodGrad'> = ({ inputs, outputs }, program) => {
  const [dy, normal, key, sum, ids] = inputs;
  const work = segmentsOf(program, { tensor: dy, ids, u: outputs[0] });
  const count = work.block * work.chunks;
  const fitting = Math.max(1, Math.floor(MOST_PARTIAL / count));
  const parts = Math.min(fitting, partsOf(work.segments * count, GRAIN));
  const operands = [dy, normal, key, ids || key].map(read).concat(scratch('partial', parts * count, 'write'));
  const rest = [scratch('partial', parts * count, 'read'), read(sum || normal), read(key), write(outputs[0])];
  return [
    kernel('fastfood/transposed', parts, operands, { ...work }),
    kernel('fastfood/total', partsOf(parts * count, 4 * GRAIN), rest, {
      count,
      many: parts,
      added: sum ? 1 : 0,
    }),
  ];
};

export const fastfood: Pick<LoweringTable, 'Hadamard' | 'Fastfood' | 'FastfoodGrad'> = {
  Hadamard: lowerHadamard,
  Fastfood: lowerProject,
  FastfoodGrad: lowerTransposed,
};
