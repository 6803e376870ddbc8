/**
 * Masks of an encoder-decoder, made longer by a prefix that is always attended. Exporters add a mask to the
 * scores, to the relative bias, or choose by it between bias and a very low number; in each spelling it is a
 * value that depends on token ids alone and meets one that depends on weights.
 */
import type { AttentionSite } from '../graph/roles.ts';
import type { SourceNode } from '../graph/source.ts';
import { elementCount, floatsOf, isFloatType } from '../graph/tensor.ts';
import { pruneGraph } from '../onnx/prune.ts';
import { elementTypeCode } from '../onnx/types.ts';
import type { DeltaModel } from './delta.ts';
import type { Rewriter } from './rewrite.ts';

/** Puts P columns in front of every mask of the given attentions, in place. */
export function extendMasks(
  rewriter: Rewriter,
  model: DeltaModel,
  sites: readonly AttentionSite[],
  count: number,
): void {
  const computed = computedValues(rewriter, model);
  const producers = new Map(
    rewriter.graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
  );
  const seen = new Set<SourceNode>();
  const visit = (value: string, length: string): void => {
    const node = producers.get(value);
    if (!node || seen.has(node) || !computed.has(value)) return;
    seen.add(node);
    if (node.op === 'MatMul' || node.op === 'Gather') return;
    node.inputs.forEach((input, index) => {
      if (input === '') return;
      const mask = { node, index, length, count };
      if (computed.has(input)) visit(input, length);
      else if (node.op === 'Add') pad(rewriter, { ...mask, fill: 0 });
      else if (node.op === 'Where' && index === 0)
        pad(rewriter, { ...mask, fill: keeps(rewriter, node, computed) });
    });
  };
  for (const { role, probabilities } of sites) {
    const ofTarget = role.startsWith('decoder.') && role.endsWith('.self');
    const ids = ofTarget ? 'decoder_input_ids' : 'input_ids';
    if (probabilities) visit(probabilities, lengthOf(rewriter, ids));
  }
  // Masks that nothing reads any more need not fit.
  pruneGraph(rewriter.graph);
}

/** Values that depend on weights, lengths apart. */
function computedValues(rewriter: Rewriter, model: DeltaModel): Set<string> {
  const { graph } = rewriter;
  const computed = new Set<string>();
  for (const { name, type } of graph.initializers.values())
    if (isFloatType(type) && (model.parameters.has(name) || name.startsWith('delta.'))) computed.add(name);
  for (const node of graph.nodes)
    if (node.op !== 'Shape' && node.inputs.some((input) => computed.has(input)))
      for (const output of node.outputs) computed.add(output);
  return computed;
}

/** What a condition has to be for the attended: the branch that is computed, not the one that fills. */
function keeps(rewriter: Rewriter, node: SourceNode, computed: ReadonlySet<string>): number {
  const [, a, b] = node.inputs;
  if (computed.has(a) !== computed.has(b)) return computed.has(a) ? 1 : 0;
  throw new Error(`internal: ${node.name} of ${rewriter.graph.name} chooses between two masks`);
}

/** The number of tokens of an input as it is now, [1]. */
function lengthOf(rewriter: Rewriter, input: string): string {
  const path = `/delta/prefix/${input}`;
  const known = rewriter.graph.nodes.find(({ name }) => name === `${path}/length`);
  if (known) return known.outputs[0];
  const value = rewriter.current(input);
  const shape = rewriter.node(`${path}/Shape`, 'Shape', [value]);
  const bounds = [1, 2, 0].map((n, i) =>
    rewriter.integers(`${path}/${['starts', 'ends', 'axes'][i]}`, [1], [n]),
  );
  const length = rewriter.node(`${path}/length`, 'Slice', [shape.outputs[0], ...bounds]);
  rewriter.insertAfter([value], [shape, length]);
  return length.outputs[0];
}

interface Mask {
  node: SourceNode;
  /** Which input of the node it is. */
  index: number;
  /** Value of the number of keys without the prefix. */
  length: string;
  count: number;
  /** What it says of the prefix. */
  fill: number;
}

/**
 * The node reads its mask [.., .., query, key] with `fill` P times before the keys; a single number needs none.
 * A mask made as long as the keys, prefix included, is first cut to the text's, which it numbers from 0.
 */
function pad(rewriter: Rewriter, mask: Mask): void {
  const { node, index } = mask;
  const longer = new Longer(rewriter, mask);
  const value = longer.of(node.inputs[index], node.op === 'Where' ? mask.fill : undefined);
  rewriter.graph.nodes.splice(rewriter.graph.nodes.indexOf(node), 0, ...longer.nodes);
  node.inputs = node.inputs.map((input, i) => (i === index ? value : input));
}

/** Makes values longer, and keeps the nodes that do. */
class Longer {
  readonly nodes: SourceNode[] = [];
  private readonly rewriter: Rewriter;
  private readonly mask: Mask;
  private readonly path: string;

  constructor(rewriter: Rewriter, mask: Mask) {
    this.rewriter = rewriter;
    this.mask = mask;
    this.path = `/delta/prefix/masks/${mask.node.name}`;
  }

  /** @param fill what stands before a condition; a mask that is added gets zeros */
  of(value: string, fill?: number): string {
    const { rewriter, path } = this;
    if (isNumber(rewriter, value)) return value;
    const choice = fill === undefined ? choiceOf(rewriter, value) : undefined;
    if (choice) {
      // Its condition and its branch may be of different lengths: each is made longer by itself.
      const [condition, a, b] = choice.inputs;
      const low = isLow(rewriter, a);
      return this.add('Where', 'Where', [this.of(condition, low ? 0 : 1), this.of(a), this.of(b)]);
    }
    const own = this.add('Slice', 'Slice', [
      value,
      rewriter.integers(`${path}/start`, [1], [0]),
      this.mask.length,
      rewriter.integers(`${path}/axis`, [1], [-1]),
    ]);
    const pads = rewriter.integers(`${path}/pads`, [8], [0, 0, 0, this.mask.count, 0, 0, 0, 0]);
    if (fill === undefined) return this.add('Pad', 'Pad', [own, pads]);
    // Conditions go through integers, which every operator set can pad.
    const numbers = this.add('Cast', 'Cast', [own], { to: elementTypeCode('int64') });
    const filler = rewriter.integers(`${path}/fill`, [], [fill]);
    const filled = this.add('Pad', 'Pad', [numbers, pads, filler]);
    return this.add('Cast', 'Cast', [filled], { to: elementTypeCode('bool') });
  }

  private add(name: string, op: string, inputs: string[], attributes = {}): string {
    const node = this.rewriter.node(`${this.path}/${name}`, op, inputs, attributes);
    this.nodes.push(node);
    return node.outputs[0];
  }
}

function isNumber(rewriter: Rewriter, value: string): boolean {
  const constant = rewriter.graph.initializers.get(value);
  return constant !== undefined && elementCount(constant.dims) === 1;
}

/** A number that takes all probability from what it fills. */
function isLow(rewriter: Rewriter, value: string): boolean {
  return isNumber(rewriter, value) && floatsOf(rewriter.graph.initializers.get(value)!)[0] <= -1e4;
}

/** The node that makes the value, where it chooses between a mask and a low number. */
function choiceOf(rewriter: Rewriter, value: string): SourceNode | undefined {
  const node = rewriter.graph.nodes.find(({ outputs }) => outputs.includes(value));
  const [, a, b] = node?.op === 'Where' ? node.inputs : [];
  return a !== undefined && isLow(rewriter, a) !== isLow(rewriter, b) ? node : undefined;
}
