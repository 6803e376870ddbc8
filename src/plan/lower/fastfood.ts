/** The Fastfood projection, its transpose, and the transform that spreads its input. */
import type { Program, ProgramNode } from '../../graph/program.ts';
import type { KernelCall, Lowering, LoweringTable } from '../kernel-call.ts';
import { countOf, grid, matrixOf, overItems, read, scratch, shapeOf, write } from './support.ts';

/** Invocations of a workgroup that has a block of this many numbers, or runs of sixteen of it. */
const threadsOf = (block: number): number => Math.min(256, block / 2);

/** What the kernels of both columns are told of the work: segments are blocks, or rows that ids name. */
export function segmentsOf(
  program: Program,
  { tensor, ids, u }: { tensor: string; ids: string | undefined; u: string },
): {
  elements: number;
  columns: number;
  segments: number;
  byRows: number;
  block: number;
  chunks: number;
} {
  const [chunks, block] = shapeOf(program, u);
  const elements = countOf(program, tensor);
  const { columns } = matrixOf(program, tensor);
  const segments = ids ? countOf(program, ids) : Math.ceil(elements / block);
  return { elements, columns, segments, byRows: ids ? 1 : 0, block, chunks };
}

/** Additions and products of a node: each segment's blocks are drawn and transformed. */
export function projectionFlops(node: ProgramNode<'Fastfood' | 'FastfoodGrad'>, program: Program): number {
  const back = node.op === 'FastfoodGrad';
  const { columns, segments, byRows, block, chunks } = segmentsOf(program, {
    tensor: node.inputs[0],
    ids: node.inputs[4],
    u: back ? node.outputs[0] : node.inputs[1],
  });
  const blocks = segments * (byRows === 1 ? Math.ceil(columns / block) : 1);
  return blocks * block * (Math.log2(block) + 2 * chunks);
}

const lowerHadamard: Lowering<'Hadamard'> = ({ inputs, outputs }, program, adapter) => {
  const { rows, columns: block } = matrixOf(program, outputs[0]);
  return [
    {
      shader: 'fastfood/hadamard',
      entry: 'main',
      constants: { rows, block, threads: threadsOf(block) },
      operands: [read(inputs[0]), write(outputs[0])],
      workgroups: grid(rows, adapter),
    },
  ];
};

/** Lengths are read off what is bound, so that one pipeline serves all weights. */
const lowerProject: Lowering<'Fastfood'> = ({ inputs, outputs }, program, adapter) => {
  const [base, u, normal, key, ids] = inputs;
  const { block, chunks, byRows, segments } = segmentsOf(program, { tensor: base, ids, u });
  return [
    {
      shader: 'fastfood/project',
      entry: 'main',
      constants: { block, chunks, byRows, threads: threadsOf(block) },
      operands: [base, u, normal, key, ids || key].map(read).concat(write(outputs[0])),
      workgroups: grid(segments, adapter),
    },
  ];
};

/** Partial sums that are worth their memory, in numbers. */
const MOST_PARTIAL = 2 ** 18;

const lowerTransposed: Lowering<'FastfoodGrad'> = ({ inputs, outputs }, program, adapter) => {
  const [dy, normal, key, sum, ids] = inputs;
  const { block, chunks, byRows, segments } = segmentsOf(program, { tensor: dy, ids, u: outputs[0] });
  const count = block * chunks;
  const parts = Math.min(segments, Math.max(1, Math.floor(MOST_PARTIAL / count)));
  const { constants, workgroups } = overItems(count, adapter);
  const partial: KernelCall = {
    shader: 'fastfood/transposed',
    entry: 'main',
    constants: { block, chunks, byRows, threads: threadsOf(block) },
    operands: [dy, normal, key, ids || key].map(read).concat(scratch('partial', parts * count, 'write')),
    workgroups: [parts, 1, 1],
  };
  return [
    partial,
    {
      shader: 'fastfood/total',
      entry: 'main',
      constants: { ...constants, many: parts, added: sum ? 1 : 0 },
      operands: [
        scratch('partial', parts * count, 'read'),
        read(sum || normal),
        read(key),
        write(outputs[0]),
      ],
      workgroups,
    },
  ];
};

export const fastfood: Pick<LoweringTable, 'Hadamard' | 'Fastfood' | 'FastfoodGrad'> = {
  Hadamard: lowerHadamard,
  Fastfood: lowerProject,
  FastfoodGrad: lowerTransposed,
};
