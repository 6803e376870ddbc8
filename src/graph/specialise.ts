/**
 * Specialisation: a dynamic source graph becomes a program of fixed shapes. One pass in topological
 * order knows every value's shape, and its elements where they are constant; shape arithmetic folds
 * away, integer work moves to the host part, float work over parameters becomes program nodes.
 */
import { StudioError } from '../errors.ts';
import { isKnownDomain } from './onnx-ops/index.ts';
import { InvalidNode } from './onnx-ops/invalid.ts';
import { say, type SentenceValue } from '../sentence.ts';
import type { HostPart } from './host.ts';
import type { Program } from './program.ts';
import { refTensor } from './reference/tensor.ts';
import type { Parameter, SourceGraph, SourceNode } from './source.ts';
import { isFloatType } from './tensor.ts';
import { runOnCpu } from './specialise/cpu.ts';
import { HANDLERS } from './specialise/handlers.ts';
import { expand, squeeze, unsqueeze } from './specialise/layout.ts';
import { Specialiser, constantValue } from './specialise/specialiser.ts';
import type { SpecialiseOptions } from './specialise/specialiser.ts';
import { isDense } from './specialise/tracked.ts';

export type { SpecialiseOptions } from './specialise/specialiser.ts';

/** A program with the CPU work that feeds it. */
export interface Specialised {
  program: Program;
  host: HostPart;
}

/**
 * Binds the input shapes. Float initializers that are parameters, or whose name begins with `delta.`,
 * stay parameters; every other constant folds.
 * @throws StudioError('unsupported') naming node, operator and model where an operator has no kernel;
 *   StudioError('spec') where the length is past the model's positions
 */
export function specialise(
  graph: SourceGraph,
  parameters: ReadonlyMap<string, Parameter>,
  options: SpecialiseOptions,
): Specialised {
  const s = new Specialiser(graph, parameters, options);
  for (const node of graph.nodes) {
    s.enter(node);
    try {
      translate(s, node);
    } catch (cause) {
      if (cause instanceof StudioError || (cause as Error).message.startsWith('internal:')) throw cause;
      throw new StudioError(
        'model',
        say`${graph.name}: node ${node.name} (${node.op}) is not valid: ${reasonOf(cause)}; export the model again.`,
        { where: node.name, cause },
      );
    }
  }
  const outputs = graph.outputs.map(({ name }) => {
    const value = s.get(name);
    return s.operand(isDense(value) ? value : s.materialise(value));
  });
  nameOutputs(
    s.program,
    outputs,
    graph.outputs.map((output) => output.name),
  );
  return { program: s.program, host: s.host };
}

/** Work on shapes alone goes first, then what needs no device, then the device's operators. */
function translate(s: Specialiser, node: SourceNode): void {
  // Our own operators do not count as ONNX's because a file leaves the name of their operator set out.
  if (!isKnownDomain(node))
    throw s.unsupported(
      node,
      node.domain === ''
        ? say`is an operator Delta Studio does not know`
        : say`belongs to the operator set ${node.domain}, which is not ONNX's`,
    );
  if (node.op === 'Shape' || node.op === 'Size') return shapeOf(s, node);
  if (node.op === 'Expand') return expand(s, node);
  if (node.op === 'Unsqueeze') return unsqueeze(s, node);
  if (node.op === 'Squeeze') return squeeze(s, node);
  const inputs = node.inputs.filter((name) => name !== '').map((name) => s.get(name));
  const handler = HANDLERS.get(node.op);
  if (inputs.every((value) => value.place.in !== 'device') && !isLookup(s, node)) return runOnCpu(s, node);
  if (!handler) throw s.unsupported(node, say`is an operator without a kernel`);
  handler(s, node);
}

function shapeOf(s: Specialiser, node: SourceNode): void {
  const { shape } = s.get(node.inputs[0]);
  const [start, end] = ['start', 'end'].map((name) => node.attributes[name]);
  const dims = shape.slice(
    typeof start === 'number' ? start : 0,
    typeof end === 'number' ? end : shape.length,
  );
  const size = shape.reduce((product, n) => product * n, 1);
  const tensor =
    node.op === 'Shape' ? refTensor([dims.length], dims, 'int64') : refTensor([], [size], 'int64');
  s.set(node.outputs[0], constantValue(node.outputs[0], tensor));
}

/** Rows of a constant table of floats by a batch's ids: read on the device, so that ids are uploaded, not rows. */
function isLookup(s: Specialiser, node: SourceNode): boolean {
  if (node.op !== 'Gather') return false;
  const [table, ids] = [s.get(node.inputs[0]), s.get(node.inputs[1])];
  return ids.place.in === 'host' && isFloatType(table.type) && table.shape.length > 1;
}

/** Graph outputs keep their names: an output that is another value under a second name becomes a view of it. */
function nameOutputs(program: Program, ids: readonly string[], names: readonly string[]): void {
  ids.forEach((id, i) => {
    const name = names[i];
    if (id !== name) {
      program.values.set(name, { id: name, shape: program.values.get(id)!.shape, type: 'f32', kind: 'node' });
      program.nodes.push({
        op: 'Reshape',
        inputs: [id],
        outputs: [name],
        attributes: {},
        sources: [],
        phase: 'forward',
      });
    }
    program.outputs.push(name);
  });
}

/** Why a node will not do. What JavaScript says of a value that is not there would help nobody. */
function reasonOf(cause: unknown): SentenceValue {
  if (cause instanceof InvalidNode) return cause.sentence;
  const unspoken = cause instanceof TypeError || cause instanceof RangeError || !(cause instanceof Error);
  return unspoken ? say`its inputs or attributes are not those of this operator` : cause.message;
}
