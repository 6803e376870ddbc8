/**
 * Values that need no device: constants are folded by the interpreter, and what depends on integer
 * inputs becomes steps of the host part. Both work on stored shapes, so an expanded mask stays small.
 */
import { say } from '../../sentence.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { refTensor, sizeOf } from '../reference/tensor.ts';
import { broadcastAll } from '../onnx-ops/broadcast.ts';
import type { OnnxCall } from '../onnx-ops/index.ts';
import { hasOnnxOp, isElementwise, runOnnxOp, runRounded } from '../onnx-ops/index.ts';
import { costOf } from '../onnx-ops/cost.ts';
import { positiveAxis, presentAxis } from '../onnx-ops/call.ts';
import type { SourceNode } from '../source.ts';
import type { Specialiser } from './specialiser.ts';
import { constantValue } from './specialiser.ts';
import { compactConstant, scalarOf } from './tracked.ts';
import type { Tracked } from './tracked.ts';

/** Inputs whose elements decide the shape of the result, by operator. */
const SHAPE_INPUTS: Readonly<Record<string, readonly number[]>> = {
  ConstantOfShape: [0],
  CumSum: [1],
  Pad: [1, 3],
  Range: [0, 1, 2],
  ReduceL2: [1],
  ReduceMax: [1],
  ReduceMean: [1],
  ReduceMin: [1],
  ReduceProd: [1],
  ReduceSum: [1],
  ReduceSumSquare: [1],
  Reshape: [1],
  Slice: [1, 2, 3, 4],
  Split: [1],
  Tile: [1],
};

/** Runs a node whose inputs are all constants or host values, and sets its outputs. */
export function runOnCpu(s: Specialiser, node: SourceNode): void {
  if (!hasOnnxOp(node.op)) throw s.unsupported(node, say`is an operator Delta Studio does not know`);
  const given = node.inputs.map((name) => (name === '' ? undefined : s.get(name)));
  for (const index of SHAPE_INPUTS[node.op] ?? []) s.numbers(node, index);
  if (node.op === 'ConstantOfShape') return constantOfShape(s, node);
  const { inputs, meaning } = arrange(s, node, given);
  const call: OnnxCall = {
    op: node.op,
    attributes: node.attributes,
    opset: s.graph.opset,
    outputs: node.outputs.length,
  };
  // Shapes alone are looked at first, so that nothing is allocated for what is refused.
  s.budget.spend(
    costOf(
      inputs.map((value) => value && outline(value)),
      call,
    ),
  );
  const results = runRounded(
    inputs.map((value) => value && sample(value)),
    call,
  );
  const folded =
    inputs.every((value) => !value || value.place.in === 'constant') || readsOneValue(node, given);
  if (!folded)
    s.hostStep(
      {
        op: node.op,
        inputs: inputs.map((value) => (value ? s.hostName(value) : '')),
        attributes: node.attributes,
      },
      node.outputs,
    );
  node.outputs.forEach((name, i) => {
    const stored = results[i].shape;
    const shape = meaning ? meaning(stored) : stored;
    if (folded) return s.set(name, { ...compactConstant(name, results[i]), shape });
    s.set(name, { label: name, shape, stored, type: results[i].type, place: { in: 'host', name } });
  });
}

/** Whatever the indices, a table of one repeated number (a buffer of token types, say) gives that number. */
function readsOneValue(node: SourceNode, given: readonly (Tracked | undefined)[]): boolean {
  return node.op.startsWith('Gather') && given[0] !== undefined && scalarOf(given[0]) !== undefined;
}

/** The value without its elements, unless they are known already: what its size depends on always is. */
function outline(value: Tracked): RefTensor {
  return value.place.in === 'constant'
    ? value.place.tensor
    : { shape: value.stored, type: value.type, data: NOTHING };
}

const NOTHING = new Float64Array();

/** A constant's own tensor; for a host value zeros of its shape, enough to learn the result's shape and type. */
function sample(value: Tracked): RefTensor {
  return value.place.in === 'constant'
    ? value.place.tensor
    : refTensor(value.stored, new Float64Array(sizeOf(value.stored)), value.type);
}

interface Arranged {
  inputs: (Tracked | undefined)[];
  /** Shape the result means, from the shape stored; omitted when the two are the same. */
  meaning?: (stored: readonly number[]) => readonly number[];
}

/** Makes inputs as dense as the operator needs, no denser. */
function arrange(s: Specialiser, node: SourceNode, given: readonly (Tracked | undefined)[]): Arranged {
  if (isElementwise(node.op)) {
    const shape = broadcastAll(...given.flatMap((value) => (value ? [value.shape] : [])));
    return { inputs: [...given], meaning: () => shape };
  }
  const [x, ...rest] = given;
  const others = rest.map((value) => value && s.materialise(value));
  switch (node.op) {
    case 'Concat': {
      const values = given as Tracked[];
      const axis = axisAttribute(node, values[0].shape.length);
      const dense = values[0].shape.map((_, i) => i === axis || values.some((v) => v.stored[i] !== 1));
      const axes = new Set(dense.flatMap((wanted, i) => (wanted ? [i] : [])));
      const inputs = values.map((value) => s.materialise(value, axes));
      return { inputs, meaning: (stored) => stored.map((n, i) => (axes.has(i) ? n : values[0].shape[i])) };
    }
    case 'Slice':
      return along(s, x!, others, s.numbers(node, 3) ?? x!.shape.map((_, i) => i));
    case 'Pad':
      return along(s, x!, others, paddedAxes(s, node, x!.shape.length));
    case 'CumSum':
      return along(s, x!, others, s.numbers(node, 1)!);
    default:
      return { inputs: [x && s.materialise(x), ...others] };
  }
}

/** Dense along `axes` of the first input; the others keep what they mean. */
function along(
  s: Specialiser,
  x: Tracked,
  others: readonly (Tracked | undefined)[],
  raw: readonly number[],
): Arranged {
  const axes = new Set(raw.map((axis) => positiveAxis(axis, x.shape.length)));
  return {
    inputs: [s.materialise(x, axes), ...others],
    meaning: (stored) => stored.map((n, i) => (axes.has(i) ? n : x.shape[i])),
  };
}

/** Axes to which `Pad` adds something. */
function paddedAxes(s: Specialiser, node: SourceNode, rank: number): number[] {
  const attribute = node.attributes['pads'];
  const pads = s.numbers(node, 1) ?? (Array.isArray(attribute) ? attribute.map(Number) : []);
  const axes = s.numbers(node, 3) ?? Array.from({ length: rank }, (_, i) => i);
  return axes.filter((_, i) => pads[i] !== 0 || pads[i + axes.length] !== 0);
}

function axisAttribute(node: SourceNode, rank: number): number {
  const axis = node.attributes['axis'];
  return presentAxis(typeof axis === 'number' ? axis : 0, rank);
}

/** One element is stored, however many are meant. */
function constantOfShape(s: Specialiser, node: SourceNode): void {
  const shape = s.numbers(node, 0)!;
  s.budget.checkShape(shape);
  const one = runOnnxOp([refTensor([1], [1], 'int64')], {
    op: node.op,
    attributes: node.attributes,
    opset: s.graph.opset,
    outputs: 1,
  })[0];
  const value = constantValue(node.outputs[0], { ...one, shape: shape.map(() => 1) });
  s.set(node.outputs[0], { ...value, shape });
}
