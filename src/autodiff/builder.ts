/** Appends backward nodes to a program: fresh value names, shapes worked out where an op determines them. */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import type { AnyNode, OpAttributes, OpName, Program, ProgramValue, ValueType } from '../graph/program.ts';

export class GradientBuilder {
  readonly program: Program;
  private readonly constants = new Map<number, string>();
  private readonly producers = new Map<string, number>();
  private readonly lastReaders = new Map<string, number>();
  /** Forward nodes that move a matrix by a Fastfood projection, by what they compute. */
  private readonly projections: ReadonlyMap<string, AnyNode>;
  private readonly remade = new Map<string, string>();
  private counter = 0;

  constructor(program: Program) {
    this.program = program;
    program.nodes.forEach((node, at) => this.index(node, at));
    const projections = program.nodes.filter(
      ({ op, inputs, outputs }) => op === 'Fastfood' && !inputs[4] && this.shape(outputs[0]).length > 1,
    );
    this.projections = new Map(projections.map((node) => [node.outputs[0], node]));
  }

  /** Index of the node that makes a value; -1 for what comes from outside. */
  producerOf(id: string): number {
    return this.producers.get(id) ?? -1;
  }

  /** Index of the last node that reads a value; -1 where none does. */
  lastReaderOf(id: string): number {
    return this.lastReaders.get(id) ?? -1;
  }

  /** Gives the node at `at` other inputs. */
  rewire(at: number, inputs: string[]): void {
    const node = this.program.nodes[at];
    node.inputs = inputs;
    this.index(node, at);
  }

  private index(node: AnyNode, at: number): void {
    for (const input of node.inputs)
      if (input) this.lastReaders.set(input, Math.max(this.lastReaderOf(input), at));
    for (const output of node.outputs) if (output) this.producers.set(output, at);
  }

  value(id: string): ProgramValue {
    const value = this.program.values.get(id);
    if (!value) throw new Error(`internal: the program has no value "${id}"`);
    return value;
  }

  shape(id: string): readonly number[] {
    return this.value(id).shape;
  }

  /** Add a value and return its name, made unique from `hint`. */
  declare(hint: string, shape: readonly number[], type: ValueType = 'f32'): string {
    let id = hint;
    while (this.program.values.has(id)) id = `${hint}#${++this.counter}`;
    this.program.values.set(id, { id, shape: [...shape], type, kind: 'node' });
    return id;
  }

  /** Append one backward node. `outputs` are declared names or ''. */
  emit<Op extends OpName>(
    op: Op,
    inputs: string[],
    outputs: string[],
    attributes: OpAttributes[Op],
    sources: string[],
  ): void {
    const read = inputs.map((id) => this.again(id));
    this.push({ op, inputs: read, outputs, attributes, sources, phase: 'backward' } as AnyNode);
  }

  private push(node: AnyNode): void {
    this.index(node, this.program.nodes.push(node) - 1);
  }

  /**
   * What the way back reads of a value of the way there: the value, or, of a weight that a projection makes, the same
   * made anew, so that moved weights are never all there at once.
   */
  private again(id: string): string {
    const node = this.projections.get(id);
    if (node === undefined) return id;
    const known = this.remade.get(id);
    if (known !== undefined) return known;
    const copy = this.declare(`${id}:again`, this.shape(id));
    this.push({ ...node, inputs: [...node.inputs], outputs: [copy], phase: 'backward' });
    this.remade.set(id, copy);
    return copy;
  }

  /** Append a node with one output and return that output's name. */
  apply<Op extends OpName>(
    op: Op,
    inputs: string[],
    attributes: OpAttributes[Op],
    shape: readonly number[],
    hint: string,
    sources: string[],
  ): string {
    const output = this.declare(hint, shape);
    this.emit(op, inputs, [output], attributes, sources);
    return output;
  }

  /** A scalar constant of shape [1]. */
  scalar(value: number): string {
    const known = this.constants.get(value);
    if (known) return known;
    let id = `constant:${value}`;
    while (this.program.values.has(id)) id += "'";
    this.program.values.set(id, {
      id,
      shape: [1],
      type: 'f32',
      kind: 'constant',
      data: Float32Array.of(value),
    });
    this.constants.set(value, id);
    return id;
  }

  /**
   * Sum a gradient back to the shape an operand had before broadcasting (numpy rules).
   * @param shape target shape, broadcastable to the shape of `dy`
   */
  sumTo(dy: string, shape: readonly number[], sources: string[]): string {
    const from = this.shape(dy);
    if (from.length === shape.length && from.every((d, i) => d === shape[i])) return dy;
    const lead = from.length - shape.length;
    const axes: number[] = [];
    for (let i = 0; i < from.length; i++) {
      if (i < lead || (shape[i - lead] === 1 && from[i] !== 1)) axes.push(i);
    }
    if (axes.length === 0) return this.reshape(dy, shape, sources);
    return this.apply('Reduce', [dy], { kind: 'sum', axes }, shape, `${dy}:sum`, sources);
  }

  /** A view of another shape. */
  reshape(x: string, shape: readonly number[], sources: string[]): string {
    const from = this.shape(x);
    if (from.length === shape.length && from.every((d, i) => d === shape[i])) return x;
    return this.apply('Reshape', [x], {}, shape, `${x}:view`, sources);
  }
}

/** For ops (or uses of them) without a gradient: names op and node, and what to do. */
export function noGradient(node: AnyNode, why: Sentence): StudioError {
  const where = node.sources[0] ?? node.outputs[0];
  return new StudioError(
    'unsupported',
    say`Node "${where}" (${node.op}) lies between the loss and a trained tensor but ${why}; choose a method that trains only what comes after it.`,
    { where },
  );
}
