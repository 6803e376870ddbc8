/**
 * Gates of UniPELT (Mao et al., 2022): σ(x·w + b) of every token, averaged over the text, is one number a row by which
 * a module's part is scaled. Only attended tokens count, so that a row's gate does not depend on its padding.
 *
 * A decoder writes its text token by token, and an average over it would see ahead: gates there read what the encoder
 * says of the text that was given.
 */
import { elementTypeCode } from '../onnx/types.ts';
import { say } from '../sentence.ts';
import { Chain } from './beside.ts';
import type { DeltaModel, FilePlace } from './delta.ts';
import { reduceSumNode } from './nodes.ts';
import { notApplicable } from './refusal.ts';
import type { Rewriter } from './rewrite.ts';
import type { TensorTable } from './tensors.ts';

const PATH = '/delta/gates';
/** Deviation of a gate's weights at the start, so that all are about one half. */
const DEVIATION = 0.02;

/** What a gate's tensors are called: here under `key`, in files by part. */
export interface GateNames {
  key: string;
  file: (part: string, transposed?: boolean) => FilePlace;
}

/**
 * Adds a gate to the chain.
 * @param x [batch, length, hidden], what the gated module reads
 * @param role of the site
 * @returns the gate's value [batch, 1, 1]
 */
export function gateOf(
  chain: Chain,
  tensors: TensorTable,
  model: DeltaModel,
  x: string,
  role: string,
  { key, file }: GateNames,
): string {
  const { rewriter } = chain;
  const { hidden, encoderOutput } = model.roles;
  const read = role.startsWith('decoder.') ? rewriter.current(encoderOutput) : x;
  const weight = tensors.normal(`${key}.weight`, [hidden, 1], file('gate.weight', true), DEVIATION);
  const bias = tensors.zeros(`${key}.bias`, [1], file('gate.bias'));
  const product = chain.op('gate/MatMul', 'MatMul', [read, weight]);
  const gates = chain.op('gate/Sigmoid', 'Sigmoid', [chain.op('gate/Add', 'Add', [product, bias])]);
  const shared = chain.op('gate/Mul', 'Mul', [gates, sharesOf(rewriter)]);
  const mean = reduceSumNode(rewriter, `${chain.path}/gate/ReduceSum`, shared, 1, true);
  chain.nodes.push(mean);
  return mean.outputs[0];
}

/** @throws StudioError('unsupported') for a model that is not told which tokens count */
export function needsMask(model: DeltaModel, type: string): void {
  if (model.graph.inputs.some(({ name }) => name === 'attention_mask')) return;
  throw notApplicable(type, say`an "attention_mask" input`);
}

/** Each token's share of its row's average [batch, length, 1], made once: it depends on the mask alone. */
function sharesOf(rewriter: Rewriter): string {
  const known = rewriter.graph.nodes.find(({ name }) => name === `${PATH}/shares`);
  if (known) return known.outputs[0];
  const mask = rewriter.current('attention_mask');
  const chain = new Chain(rewriter, PATH);
  const ones = chain.op('Cast', 'Cast', [mask], { to: elementTypeCode('float32') });
  const count = reduceSumNode(rewriter, `${PATH}/ReduceSum`, ones, 1, true);
  chain.nodes.push(count);
  const share = chain.op('Div', 'Div', [ones, count.outputs[0]]);
  const at = rewriter.integers(`${PATH}/shape`, [3], [0, -1, 1]);
  const value = chain.op('shares', 'Reshape', [share, at]);
  rewriter.insertAfter([mask], chain.nodes);
  return value;
}
