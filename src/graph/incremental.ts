/**
 * Takes an encoder-decoder's forward program apart for generation, so that a token costs one token's work:
 *
 *   encoder  all that does not depend on the target: run once a batch. What the decoder reads of it (keys and
 *            values of cross-attention) goes into states, memory that outlives the program.
 *   step     the decoder for one token of each row. Self-attention writes the token's key and value into a
 *            state and reads those of all tokens; its additive bias (positions and causality) comes as the
 *            row of the token's position. Ends in the likeliest tokens.
 *   reorder  the rows of the keys and values so far, as beams leave and double.
 *
 * The program is the rewritten one, so whatever a delta put in (low-rank products, prefixes, adapters) is
 * taken along. Found by dependence on the target alone, not by names.
 */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import type { Specialised } from './compile.ts';
import type { HostPart } from './host.ts';
import type { AnyNode, OpAttributes, OpName, Program, ProgramNode, ProgramValue } from './program.ts';

/** Host values of the step and reorder programs, and the step's output [rows, 2, k] (see `TopK`). */
export const POSITION = 'generate:position';
export const ORDER = 'generate:order';
export const NEXT = 'generate:next';

export interface Incremental {
  encoder: Program;
  step: Program;
  reorder: Program;
  /** Parameters that are states. */
  states: ReadonlySet<string>;
  /** Host value of the step's token ids [rows, 1]. */
  ids: string;
  /** Biases of self-attention [.., .., T, keys] (a value of the encoder program, a host value or a constant), and the step's host value for a row of it. */
  biases: { whole: string; row: string }[];
}

export interface SplitOptions {
  /** The graph input that holds the target's tokens. */
  target: string;
  rows: number;
  /** Tokens of the target in the program: a number that no other axis has; see `distinctLength`. */
  length: number;
  /** Likeliest tokens wanted a row. */
  k: number;
}

/** @throws StudioError('unsupported') for a decoder whose self-attention or inputs are not as described above */
export function splitForGeneration({ program, host }: Specialised, options: SplitOptions): Incremental {
  return new Split(program, host, options).run();
}

/**
 * The smallest length from `least` that can be told from every other axis of a program compiled with it.
 * @param taken sizes of all axes that do not depend on the target's length
 */
export function distinctLength(least: number, rows: number, taken: ReadonlySet<number>): number {
  let length = Math.max(2, least);
  while (taken.has(length) || taken.has(rows * length)) length++;
  return length;
}

class Split {
  readonly #program: Program;
  readonly #options: SplitOptions;
  /** Values that depend on the target. */
  readonly #dependent: Set<string>;
  readonly #ids: string;
  readonly #producers = new Map<string, AnyNode>();
  readonly #step: Program = { values: new Map(), nodes: [], outputs: [NEXT] };
  readonly #states = new Map<string, readonly number[]>();
  /** Value of the whole program → state that keeps it. */
  readonly #kept = new Map<string, string>();
  readonly #biases = new Map<string, string>();

  constructor(program: Program, host: HostPart, options: SplitOptions) {
    this.#program = program;
    this.#options = options;
    for (const node of program.nodes) for (const output of node.outputs) this.#producers.set(output, node);
    this.#ids = targetIds(program, host, options);
    this.#dependent = new Set([this.#ids]);
    for (const node of program.nodes)
      if (node.inputs.some((input) => this.#dependent.has(input)))
        for (const output of node.outputs) if (output) this.#dependent.add(output);
  }

  run(): Incremental {
    const { values } = this.#step;
    values.set(this.#ids, { ...this.#value(this.#ids), shape: this.#shrunk(this.#value(this.#ids).shape) });
    const caching = this.#concatenations();
    for (const node of this.#program.nodes) {
      if (!this.#dependent.has(node.outputs[0]) || caching.has(node)) continue;
      if (isSelfAttention(node, this.#dependent)) this.#selfAttention(node);
      else
        this.#emit(
          node,
          node.inputs.map((input) => this.#input(input)),
        );
    }
    const [logits] = this.#program.outputs;
    const { rows, k } = this.#options;
    values.set(NEXT, { id: NEXT, shape: [rows, 2, k], type: 'f32', kind: 'node' });
    this.#add('TopK', [logits], NEXT, { k });
    return {
      encoder: this.#encoder(),
      step: this.#step,
      reorder: this.#reorder(),
      states: new Set(this.#states.keys()),
      ids: this.#ids,
      biases: [...this.#biases].map(([whole, row]) => ({ whole, row })),
    };
  }

  /** Concatenations that lengthen the keys or values of self-attention (a prefix): made where they are read. */
  #concatenations(): Set<AnyNode> {
    const found = new Set<AnyNode>();
    for (const node of this.#program.nodes) {
      if (!isSelfAttention(node, this.#dependent)) continue;
      for (const value of node.inputs.slice(1, 3)) {
        const producer = this.#producers.get(value);
        if (producer?.op === 'Concat' && producer.attributes.axis === 1) found.add(producer);
      }
    }
    return found;
  }

  #selfAttention(node: ProgramNode<'Attention'>): void {
    const [q, k, v, bias] = node.inputs;
    if (!bias || this.#dependent.has(bias))
      throw unsupported(node, say`has no additive bias that says what comes before what`);
    const inputs = [this.#input(q), this.#cached(k), this.#cached(v), this.#biasRow(bias)];
    this.#emit(node, inputs);
  }

  /** The keys (or values) of all tokens so far, this one's written first. */
  #cached(value: string): string {
    const producer = this.#producers.get(value);
    if (producer?.op !== 'Concat' || producer.attributes.axis !== 1) return this.#write(value);
    // What stands before the tokens, as prefixes do, stays as it is.
    const parts = producer.inputs.map((input) =>
      this.#dependent.has(input) ? this.#write(input) : this.#input(input),
    );
    this.#step.values.set(value, this.#value(value));
    this.#step.nodes.push({ ...producer, inputs: parts });
    return value;
  }

  #write(value: string): string {
    const { shape } = this.#value(value);
    if (shape.length !== 3 || shape[1] !== this.#options.length)
      throw new Error(`internal: ${value} of shape [${shape.join(', ')}] is not a row a token`);
    const state = this.#state(`cache:${value}`, shape);
    const { values } = this.#step;
    values.set(POSITION, { id: POSITION, shape: [1], type: 'i32', kind: 'host' });
    const id = `${value}:all`;
    values.set(id, { id, shape, type: 'f32', kind: 'node' });
    this.#add('Write', [value, state, POSITION], id, {});
    return id;
  }

  #biasRow(whole: string): string {
    const { shape } = this.#value(whole);
    if (shape.at(-2) !== this.#options.length)
      throw new Error(`internal: the bias ${whole} has shape [${shape.join(', ')}]`);
    const row = this.#biases.get(whole) ?? `generate:row:${whole}`;
    this.#biases.set(whole, row);
    const kept = [...shape.slice(0, -2), 1, shape[shape.length - 1]];
    this.#step.values.set(row, { id: row, shape: kept, type: 'f32', kind: 'host' });
    return row;
  }

  /** What a node of the step reads in the place of `value`. */
  #input(value: string): string {
    if (value === '' || this.#dependent.has(value)) return value;
    const { kind, shape } = this.#value(value);
    if (kind !== 'node') {
      this.#step.values.set(value, this.#value(value));
      return value;
    }
    const state = this.#state(`kept:${value}`, shape);
    this.#kept.set(value, state);
    return state;
  }

  #state(id: string, shape: readonly number[]): string {
    this.#states.set(id, shape);
    this.#step.values.set(id, { id, shape, type: 'f32', kind: 'parameter' });
    return id;
  }

  #emit(node: AnyNode, inputs: string[]): void {
    for (const output of node.outputs)
      if (output) {
        const value = this.#value(output);
        this.#step.values.set(output, { ...value, shape: this.#shrunk(value.shape) });
      }
    this.#step.nodes.push({ ...node, inputs });
  }

  #add<Op extends OpName>(op: Op, inputs: string[], output: string, attributes: OpAttributes[Op]): void {
    this.#step.nodes.push(plain(op, inputs, output, attributes));
  }

  /** Shapes of one token: the target's length becomes 1. */
  #shrunk(shape: readonly number[]): number[] {
    const { rows, length } = this.#options;
    return shape.map((n) => (n === length ? 1 : n === rows * length ? rows : n));
  }

  /** All that what is kept, and the biases, depend on. */
  #encoder(): Program {
    const wanted = new Set([...this.#kept.keys(), ...this.#biases.keys()]);
    const nodes: AnyNode[] = [];
    for (const node of this.#program.nodes.toReversed()) {
      if (!node.outputs.some((output) => wanted.has(output))) continue;
      nodes.unshift(node);
      for (const input of node.inputs) if (input) wanted.add(input);
    }
    const values = new Map<string, ProgramValue>();
    for (const id of wanted) values.set(id, this.#value(id));
    for (const node of nodes)
      for (const output of node.outputs) if (output) values.set(output, this.#value(output));
    const outputs: string[] = [...this.#biases.keys()].filter((id) => this.#value(id).kind === 'node');
    for (const [value, state] of this.#kept) {
      const shape = this.#states.get(state)!;
      const id = `${value}:kept`;
      values.set(state, { id: state, shape, type: 'f32', kind: 'parameter' });
      values.set(id, { id, shape, type: 'f32', kind: 'node' });
      nodes.push(plain('Write', [value, state], id, {}));
      outputs.push(id);
    }
    return { values, nodes, outputs };
  }

  #reorder(): Program {
    const values = new Map<string, ProgramValue>();
    const nodes: AnyNode[] = [];
    const outputs: string[] = [];
    const { rows } = this.#options;
    values.set(ORDER, { id: ORDER, shape: [rows], type: 'i32', kind: 'host' });
    for (const [state, shape] of this.#states) {
      if (!state.startsWith('cache:')) continue;
      const flat = [rows, shape.slice(1).reduce((n, d) => n * d, 1)];
      const node = (id: string, of: readonly number[]): string => {
        values.set(id, { id, shape: of, type: 'f32', kind: 'node' });
        return id;
      };
      values.set(state, { id: state, shape, type: 'f32', kind: 'parameter' });
      const table = node(`${state}:table`, flat);
      const moved = node(`${state}:moved`, flat);
      const after = node(`${state}:after`, shape);
      nodes.push(
        plain('Reshape', [state], table, {}),
        plain('Gather', [table, ORDER], moved, {}),
        plain('Write', [moved, state], after, {}),
      );
      outputs.push(after);
    }
    return { values, nodes, outputs };
  }

  #value(id: string): ProgramValue {
    const value = this.#program.values.get(id);
    if (!value) throw new Error(`internal: the program has no value ${id}`);
    return value;
  }
}

function plain<Op extends OpName>(
  op: Op,
  inputs: string[],
  output: string,
  attributes: OpAttributes[Op],
): AnyNode {
  return {
    op,
    inputs,
    outputs: [output],
    attributes,
    sources: [output],
    phase: 'forward',
  } as unknown as AnyNode;
}

function isSelfAttention(
  node: AnyNode,
  dependent: ReadonlySet<string>,
): node is ProgramNode<'Attention'> & { op: 'Attention' } {
  return node.op === 'Attention' && dependent.has(node.inputs[0]) && dependent.has(node.inputs[1]);
}

function unsupported(node: { op: string; sources: readonly string[] }, what: Sentence): StudioError {
  const where = node.sources[0] ?? node.op;
  return new StudioError(
    'unsupported',
    say`Node "${where}" (${node.op}) of the decoder ${what}, so texts cannot be generated with it; export the model with Optimum.`,
    { where },
  );
}

/** The one host value that is the target's tokens. */
function targetIds(program: Program, host: HostPart, { target, rows, length }: SplitOptions): string {
  const reached = new Set([target]);
  for (const step of host.steps)
    if (step.inputs.some((input) => reached.has(input)))
      for (const output of step.outputs) reached.add(output);
  const uploaded = host.outputs.filter(({ from, id }) => reached.has(from) && program.values.has(id));
  const [ids] = uploaded;
  const count = ids?.shape.reduce((n, d) => n * d, 1);
  if (uploaded.length !== 1 || ids.type !== 'i32' || count !== rows * length)
    throw new StudioError(
      'unsupported',
      uploaded.length === 0
        ? say`The decoder reads nothing of ${target} than its tokens, so texts cannot be generated with it; export the model with Optimum.`
        : say`The decoder reads more of ${target} than its tokens, so texts cannot be generated with it; export the model with Optimum.`,
      { where: target },
    );
  return ids.id;
}
