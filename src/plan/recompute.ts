/**
 * Recomputation: what the backward pass reads of the forward pass is kept, or made anew where it is read.
 *
 *   cheap   element by element, norms and dropout out of what is kept anyway: an activation out of the value before
 *           it, a norm's output out of its input
 *   layers  everything but what crosses from one part of a layer to the next (Chen et al., "Training Deep Nets with
 *           Sublinear Memory Cost", 2016); found in the graph, so that any architecture has it
 *
 * The nodes are copied as they are, after all fusions and with their streams of random numbers, so that a run's losses
 * stay the same bit for bit.
 */
import type { AnyNode, Program } from '../graph/program.ts';
import { flopsOf } from './flops.ts';
import { aliasRoots, bytesOf } from './lifetimes.ts';
import { cutsOf } from './recompute-cuts.ts';
import type { RecomputeMode } from './recompute-modes.ts';

/** Activations whose gradient is told by the value before them, which is therefore kept. */
const FROM_INPUT: ReadonlySet<string> = new Set(['Gelu', 'GeluTanh', 'Relu', 'Silu']);

/** Operations that a number of a cheap node is taken for: on the processor, where products are fastest beside it. */
const OPERATIONS_EACH = 64;
/** Share of a step's arithmetic that nobody can measure. */
const NOTHING = 0.01;

/** Nodes that read and write memory once and compute little. */
const CHEAP: ReadonlySet<string> = new Set(['Unary', 'LayerNorm', 'RmsNorm', 'Dropout', 'Mul', 'Add', 'Sub']);

/**
 * @param program forward and backward nodes, fused
 * @param mode undefined: `cheap` where it costs nothing that could be measured, as in wide models, else `none`
 * @param pinned values read from outside (gradients, read-backs)
 */
export function recompute(
  program: Program,
  mode: RecomputeMode | undefined,
  pinned: ReadonlySet<string>,
): Program {
  if (mode === undefined) {
    const cheap = recompute(program, 'cheap', pinned);
    return costsNothing(program, cheap) ? cheap : program;
  }
  if (mode === 'none') return program;
  const split = program.nodes.findIndex(({ phase }) => phase === 'backward');
  if (split < 0) return program;
  const root = aliasRoots(program);
  const forward = program.nodes.slice(0, split);
  const needed = new Set<string>();
  for (const { inputs } of program.nodes.slice(split)) for (const input of inputs) needed.add(root(input));
  for (const value of [...pinned, ...program.outputs]) needed.add(root(value));
  if (mode === 'cheap')
    return new Rewriter(program, split, root, cheapKept(forward, needed, root)).run(pinned);
  // Few cuts keep little and make much at once: which is least, the program itself tells.
  let best = program;
  let least = peakBytes(program);
  for (const cuts of cutsOf(program, forward, root)) {
    const kept = new Set<string>([...pinned, ...program.outputs].map(root));
    for (const { values } of cuts) for (const value of values) kept.add(value);
    const last = cuts.at(-1)?.after ?? -1;
    // Behind the last cut the backward pass begins at once.
    for (const { outputs } of forward.slice(last + 1)) for (const output of outputs) kept.add(root(output));
    const candidate = new Rewriter(program, split, root, kept).run(pinned);
    const bytes = peakBytes(candidate);
    if (bytes < least) [best, least] = [candidate, bytes];
  }
  return best;
}

function costsNothing(program: Program, cheap: Program): boolean {
  const total = program.nodes.reduce((sum, node) => sum + flopsOf(node, program), 0);
  // Copies cost as many operations as they have numbers.
  const again = cheap.nodes.reduce((sum, node) => sum + flopsOf(node, cheap), 0) - total;
  return OPERATIONS_EACH * again <= NOTHING * total;
}

/** What is still kept where cheap nodes are done again. */
function cheapKept(
  forward: readonly AnyNode[],
  needed: ReadonlySet<string>,
  root: (value: string) => string,
): Set<string> {
  const kept = new Set(needed);
  const made = new Set(forward.flatMap(({ outputs }) => outputs));
  /** Made by cheap nodes alone out of what is kept. */
  const derived = new Set<string>();
  const there = (value: string): boolean =>
    value === '' || !made.has(root(value)) || kept.has(root(value)) || derived.has(root(value));
  for (const node of forward) {
    const [y, z] = node.outputs;
    const fromInputs = CHEAP.has(node.op) && node.inputs.every(there);
    const fromBefore =
      node.op === 'MatMul' && z && kept.has(z) && FROM_INPUT.has(node.attributes.activation ?? '');
    const underGates = node.op === 'Gated' && z && kept.has(z) && node.inputs.every(there);
    if (!fromInputs && !fromBefore && !underGates) continue;
    kept.delete(y);
    derived.add(y);
  }
  return kept;
}

class Rewriter {
  private readonly program: Program;
  private readonly split: number;
  private readonly root: (value: string) => string;
  private readonly kept: ReadonlySet<string>;
  private readonly producers = new Map<string, AnyNode>();
  /** Values made anew, by what they were. */
  private readonly again = new Map<string, string>();
  private readonly values: Program['values'];
  private readonly nodes: AnyNode[];

  constructor(program: Program, split: number, root: (value: string) => string, kept: ReadonlySet<string>) {
    this.program = program;
    this.split = split;
    this.root = root;
    this.kept = kept;
    this.values = new Map(program.values);
    this.nodes = program.nodes.slice(0, split);
    // Memory that is written in place has no second copy.
    for (const node of this.nodes)
      if (node.op !== 'Write')
        for (const output of node.outputs) if (output) this.producers.set(output, node);
  }

  run(pinned: ReadonlySet<string>): Program {
    for (const node of this.program.nodes.slice(this.split)) {
      // A copy is made when it is first read, not before, and serves whoever else reads it.
      const inputs = node.inputs.map((input) => this.readable(input));
      this.nodes.push({ ...node, inputs });
    }
    const read = [...pinned, ...this.program.outputs];
    return { ...this.program, values: this.values, nodes: withoutUnread(this.nodes, read) };
  }

  /** The value, or its copy, made now at the latest. */
  private readable(value: string): string {
    const producer = this.producers.get(value);
    if (!producer || this.kept.has(this.root(value))) return value;
    const known = this.again.get(value);
    if (known !== undefined) return known;
    const [y, z] = producer.outputs;
    // The value before the activation is there: the activation alone is done again.
    if (producer.op === 'MatMul' && value === y && z && this.kept.has(z))
      return this.copy(
        { op: 'Unary', inputs: [z], outputs: [y], attributes: { kind: producer.attributes.activation! } },
        producer,
      );
    const inputs = producer.inputs.map((input) => (input === '' ? '' : this.readable(input)));
    // The gates are there: what is under them is done again without drawing them.
    if (producer.op === 'Gated' && value === y && z && this.kept.has(z))
      return this.underGates(producer, inputs);
    return this.copy({ ...producer, inputs }, producer, value);
  }

  /** base + w·z, of gates that are kept. */
  private underGates({ sources, outputs: [y, z] }: AnyNode, [w, , base]: string[]): string {
    const product: string = base ? `${y}:difference` : y;
    if (base) this.values.set(product, { ...this.values.get(y)!, id: product });
    const difference = this.copy(
      { op: 'Mul', inputs: [w, z], outputs: [product], attributes: {} },
      { sources },
    );
    if (!base) return difference;
    return this.copy({ op: 'Add', inputs: [base, difference], outputs: [y], attributes: {} }, { sources });
  }

  private copy(
    node: Pick<AnyNode, 'op' | 'inputs' | 'outputs' | 'attributes'>,
    { sources }: Pick<AnyNode, 'sources'>,
    value = node.outputs[0],
  ): string {
    const outputs = node.outputs.map((output) => {
      if (output === '') return '';
      const id = `${output}:again`;
      this.values.set(id, { ...this.values.get(output)!, id });
      this.again.set(output, id);
      return id;
    });
    this.nodes.push({ ...node, outputs, sources, phase: 'backward' } as AnyNode);
    return this.again.get(value)!;
  }
}

/** Products whose value before the activation, or whose activation, nobody reads do not write it. */
function withoutUnread(nodes: readonly AnyNode[], outside: readonly string[]): AnyNode[] {
  const read = new Set([...outside, ...nodes.flatMap(({ inputs }) => inputs)]);
  return nodes.map((node) => {
    const [y, z] = node.outputs;
    if (node.op !== 'MatMul' || !z) return node;
    if (!read.has(z)) return { ...node, outputs: [y] };
    if (read.has(y)) return node;
    const { activation: _dropped, ...attributes } = node.attributes;
    return { ...node, outputs: [z], attributes };
  });
}

/** Bytes of the values that live at the busiest moment, as nodes count moments. */
function peakBytes(program: Program): number {
  const root = aliasRoots(program);
  const last = new Map<string, number>();
  program.nodes.forEach(({ inputs, outputs }, at) => {
    for (const value of [...inputs, ...outputs]) if (value) last.set(root(value), at);
  });
  for (const value of program.outputs) last.set(root(value), program.nodes.length);
  let [live, most] = [0, 0];
  const ends = new Map<number, number>();
  program.nodes.forEach(({ op, outputs }, at) => {
    if (op !== 'Reshape' && op !== 'Write')
      for (const value of outputs) {
        if (!value) continue;
        const bytes = bytesOf(program, value);
        live += bytes;
        const end = last.get(value)!;
        ends.set(end, (ends.get(end) ?? 0) + bytes);
      }
    most = Math.max(most, live);
    live -= ends.get(at) ?? 0;
  });
  return most;
}
