/**
 * The state of one specialisation and the few moves every operator is built from: look a value up,
 * make it readable on the device, emit a node of the program or a step of the host part.
 */
import { StudioError } from '../../errors.ts';
import { say, type Sentence } from '../../sentence.ts';
import type { HostPart, HostStep } from '../host.ts';
import { expandTo } from '../onnx-ops/broadcast.ts';
import { extentOf } from '../onnx-ops/cost.ts';
import { initializerTensor } from '../onnx-ops/index.ts';
import { InvalidNode } from '../onnx-ops/invalid.ts';
import type { AnyNode, OpAttributes, OpName, Program, ProgramValue, ValueType } from '../program.ts';
import type { RefTensor } from '../reference/tensor.ts';
import { refTensor } from '../reference/tensor.ts';
import type { Parameter, SourceGraph, SourceNode } from '../source.ts';
import { isFloatType } from '../tensor.ts';
import { Budget } from './budget.ts';
import type { Tracked } from './tracked.ts';
import { compactConstant, isDense, padRank, sameShape } from './tracked.ts';

export interface SpecialiseOptions {
  /** Shape of every graph input. */
  inputShapes: Readonly<Record<string, readonly number[]>>;
  /** `train` keeps dropout; `eval` makes it the identity. */
  mode: 'train' | 'eval';
}

export class Specialiser {
  readonly program: Program = { values: new Map(), nodes: [], outputs: [] };
  readonly host: HostPart;
  readonly graph: SourceGraph;
  readonly mode: 'train' | 'eval';
  /** Dropout nodes met so far; ids are given in order of occurrence, from 1. */
  dropouts = 0;
  private readonly parameters: ReadonlyMap<string, Parameter>;
  private readonly values = new Map<string, Tracked>();
  private readonly taken = new Set<string>();
  private current: SourceNode | undefined;
  readonly budget: Budget;

  constructor(
    graph: SourceGraph,
    parameters: ReadonlyMap<string, Parameter>,
    { inputShapes, mode }: SpecialiseOptions,
  ) {
    this.graph = graph;
    this.mode = mode;
    this.parameters = parameters;
    this.budget = new Budget(graph, inputShapes);
    this.host = { opset: graph.opset, inputs: [], constants: new Map(), steps: [], outputs: [] };
    for (const input of graph.inputs) {
      const shape = inputShapes[input.name];
      if (!shape) throw new Error(`internal: no shape given for input ${input.name}`);
      if (isFloatType(input.type))
        throw new StudioError(
          'unsupported',
          say`${graph.name}: input ${input.name} takes floats; export the model with token ids as its inputs.`,
          { where: input.name },
        );
      this.host.inputs.push({ name: input.name, shape });
      const place = { in: 'host', name: input.name } as const;
      this.set(input.name, { label: input.name, shape, stored: shape, type: input.type, place });
    }
  }

  /** A model that names what is not there: a file may be anything. */
  private unknown(name: string | undefined): Error {
    if (name === undefined || name === '') return new InvalidNode(say`it has fewer inputs than it needs`);
    return new StudioError(
      'model',
      say`${this.graph.name} reads ${name}, which nothing in it computes before; export the model again.`,
      { where: name },
    );
  }

  /** What is known of a source value. Initializers are looked at when first read. */
  get(name: string): Tracked {
    const known = this.values.get(name);
    if (known) return known;
    const initializer = this.graph.initializers.get(name);
    if (!initializer) throw this.unknown(name);
    const { dims: shape, type } = initializer;
    const trainable = this.parameters.has(name) || name.startsWith('delta.');
    const folds = !trainable || !isFloatType(type);
    if (folds) this.spend(shape);
    const value: Tracked = folds
      ? compactConstant(name, initializerTensor(initializer))
      : {
          label: name,
          shape,
          stored: shape,
          type,
          place: { in: 'device', id: this.parameter(name, shape) },
        };
    this.values.set(name, value);
    return value;
  }

  set(name: string, value: Tracked): void {
    if (name !== '') this.values.set(name, value);
  }

  /** Begins a source node: what is emitted until the next one names it as its source. */
  enter(node: SourceNode): void {
    this.current = node;
  }

  /** The value as a program value with `stored` shape, uploaded if need be. Returns its id. */
  operand(value: Tracked, type: ValueType = 'f32', table?: { rows: number; name: string }): string {
    const { place, stored } = value;
    if (place.in === 'device') return place.id;
    const id = this.uploadId(value.label, type);
    if (this.program.values.has(id)) {
      this.limitIds(id, table);
      return id;
    }
    this.taken.add(id);
    if (place.in === 'constant') {
      const data = type === 'f32' ? Float32Array.from(place.tensor.data) : Int32Array.from(place.tensor.data);
      this.add({ id, shape: [...stored], type, kind: 'constant', data });
    } else {
      this.add({ id, shape: [...stored], type, kind: 'host' });
      this.host.outputs.push({ id, from: place.name, type, shape: [...stored], table });
    }
    return id;
  }

  /** Ids that index several tables have to be in the smallest. */
  private limitIds(id: string, table: { rows: number; name: string } | undefined): void {
    const output = this.host.outputs.find((candidate) => candidate.id === id);
    if (output && table && (!output.table || table.rows < output.table.rows)) output.table = table;
  }

  /** An id for what is uploaded under `label`: the label, unless the other type has it already. */
  private uploadId(label: string, type: ValueType): string {
    const there = this.program.values.get(label);
    if (!there) return this.taken.has(label) ? `${label}#${type}` : label;
    return there.type === type && (there.kind === 'constant' || there.kind === 'host')
      ? label
      : `${label}#${type}`;
  }

  /** Emits a node whose outputs get the given ids (made unique) and shapes. Returns the ids. */
  emit<Op extends OpName>(
    op: Op,
    inputs: string[],
    attributes: OpAttributes[Op],
    outputs: readonly { label: string; shape: readonly number[] }[],
  ): string[] {
    const ids = outputs.map(({ label, shape }) => {
      const id = this.unique(label);
      this.add({ id, shape: [...shape], type: 'f32', kind: 'node' });
      return id;
    });
    const sources = this.current ? [this.current.name] : [];
    this.program.nodes.push({ op, inputs, outputs: ids, attributes, sources, phase: 'forward' } as AnyNode);
    return ids;
  }

  /** Emits a node of one output and returns it as a device value (dense unless `shape` says more). */
  node<Op extends OpName>(
    op: Op,
    inputs: string[],
    attributes: OpAttributes[Op],
    label: string,
    stored: readonly number[],
    shape: readonly number[] = stored,
  ): Tracked {
    const [id] = this.emit(op, inputs, attributes, [{ label, shape: stored }]);
    return { label: id, shape, stored, type: 'float32', place: { in: 'device', id } };
  }

  /** Adds a step to the host part. Returns the name of its output. */
  hostStep(step: Omit<HostStep, 'outputs' | 'node'>, outputs: readonly string[]): void {
    this.host.steps.push({ ...step, outputs: [...outputs], node: this.current?.name ?? '' });
  }

  /** The name of a host value: the constant is put into the host part when it is first read there. */
  hostName(value: Tracked): string {
    if (value.place.in === 'host') return value.place.name;
    if (value.place.in === 'device') throw new Error(`internal: ${value.label} is not a host value`);
    const key = `${value.label}[${value.stored.join()}]`;
    this.host.constants.set(key, value.place.tensor);
    return key;
  }

  /** The value with every element in memory along `axes` (all, when omitted). */
  materialise(value: Tracked, axes?: ReadonlySet<number>): Tracked {
    const stored = value.stored.map((n, i) => (!axes || axes.has(i) ? value.shape[i] : n));
    if (sameShape(stored, value.stored)) return value;
    const { place } = value;
    if (place.in !== 'device') this.spend(stored);
    const label = `${value.label}#[${stored.join()}]`;
    if (place.in === 'constant') {
      const tensor = expandTo(place.tensor, stored);
      return { ...value, label, stored, place: { in: 'constant', tensor } };
    }
    if (place.in === 'device') return this.node('Expand', [place.id], {}, label, stored, value.shape);
    if (!this.host.steps.some((step) => step.outputs[0] === label)) {
      const shape = constantValue(`${label}#shape`, refTensor([stored.length], stored, 'int64'));
      this.hostStep({ op: 'Expand', inputs: [place.name, this.hostName(shape)], attributes: {} }, [label]);
    }
    return { ...value, label, stored, place: { in: 'host', name: label } };
  }

  /** The same elements under another stored shape; `shape` is what the result means. */
  reshaped(value: Tracked, stored: readonly number[], shape: readonly number[], label: string): Tracked {
    const { place } = value;
    if (sameShape(stored, value.stored)) return { ...value, shape };
    if (place.in === 'constant') {
      const tensor = { ...place.tensor, shape: [...stored] };
      return { ...value, label, shape, stored, place: { in: 'constant', tensor } };
    }
    if (place.in === 'device') return this.node('Reshape', [place.id], {}, label, stored, shape);
    const target = constantValue(`${label}#shape`, refTensor([stored.length], stored, 'int64'));
    this.hostStep({ op: 'Reshape', inputs: [place.name, this.hostName(target)], attributes: {} }, [label]);
    return { ...value, label, shape, stored, place: { in: 'host', name: label } };
  }

  /** The value seen with leading axes of one. */
  withRank(value: Tracked, rank: number, label: string): Tracked {
    if (value.shape.length >= rank) return value;
    return this.reshaped(value, padRank(value.stored, rank), padRank(value.shape, rank), label);
  }

  /** Every element of a constant, or undefined where the value is not one. */
  constant(name: string): RefTensor | undefined {
    const value = this.get(name);
    if (value.place.in !== 'constant') return undefined;
    if (isDense(value)) return value.place.tensor;
    this.spend(value.shape);
    return expandTo(value.place.tensor, value.shape);
  }

  /** The numbers of an input that has to be known at compile time, as shapes and axes have. */
  numbers(node: SourceNode, index: number): number[] | undefined {
    const name = node.inputs[index];
    if (!name) return undefined;
    const tensor = this.constant(name);
    if (!tensor)
      throw this.unsupported(node, say`takes ${name} from the data, so its result has no fixed shape`);
    return Array.from(tensor.data);
  }

  unsupported(node: SourceNode, what: Sentence): StudioError {
    return new StudioError(
      'unsupported',
      say`${this.graph.name}: node ${node.name} (${node.op}) ${what}; it cannot be trained yet: choose a BERT, RoBERTa, XLM-RoBERTa, DistilBERT, MPNet, ELECTRA, ALBERT or T5.`,
      { where: node.name },
    );
  }

  private parameter(name: string, shape: readonly number[]): string {
    this.taken.add(name);
    this.add({ id: name, shape: [...shape], type: 'f32', kind: 'parameter' });
    return name;
  }

  /** @throws InvalidNode before a value of this shape is worked out that is more than a model needs */
  private spend(shape: readonly number[]): void {
    const elements = extentOf(shape);
    this.budget.spend({ elements, work: elements });
  }

  private add(value: ProgramValue): void {
    this.budget.checkShape(value.shape);
    this.program.values.set(value.id, value);
  }

  private unique(label: string): string {
    let id = label;
    for (let n = 1; this.taken.has(id) || this.program.values.has(id); n++) id = `${label}#${n}`;
    this.taken.add(id);
    return id;
  }
}

/** Emits the program nodes of a source node, at least one of whose inputs is on the device. */
export type Handler = (s: Specialiser, node: SourceNode) => void;

/** A constant, dense. */
export function constantValue(label: string, tensor: RefTensor): Tracked {
  const { shape, type } = tensor;
  return { label, shape, stored: shape, type, place: { in: 'constant', tensor } };
}
