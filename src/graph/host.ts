/**
 * The host part: what depends on the integer inputs alone (position ids, attention masks). It is
 * evaluated on the CPU for every batch and uploaded, always as the smallest tensor: broadcasting on
 * the device does what an `Expand` would do here.
 */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { OnnxCall } from './onnx-ops/index.ts';
import { runRounded } from './onnx-ops/index.ts';
import type { ValueType } from './program.ts';
import type { RefTensor } from './reference/tensor.ts';
import { sizeOf } from './reference/tensor.ts';
import type { Attribute } from './source.ts';

export interface HostStep {
  op: string;
  /** Names of host values: inputs, constants, outputs of earlier steps; '' where omitted. */
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
  /** The source node it comes from, for messages. */
  node: string;
}

export interface HostOutput {
  /** Id of the program value to upload to. */
  id: string;
  /** Host value it is read from. */
  from: string;
  type: ValueType;
  shape: readonly number[];
  /** For indices into a table: how many rows it has and what it is called. */
  table?: { rows: number; name: string };
}

export interface HostPart {
  opset: number;
  inputs: { name: string; shape: readonly number[] }[];
  constants: Map<string, RefTensor>;
  /** Topologically ordered. */
  steps: HostStep[];
  outputs: HostOutput[];
}

/** The largest finite f32: masks are clamped to it, for −∞ would make a row without tokens NaN. */
const LARGEST = 3.4028234663852886e38;

/**
 * Evaluates the host part for one batch.
 * @param inputs row-major ids by graph input name, of the shapes in `host.inputs`
 * @returns what to upload, by id of the program's `host` values
 * @throws StudioError when an id is not in the table it indexes
 */
export function evaluateHost(
  host: HostPart,
  inputs: Readonly<Record<string, Int32Array>>,
): Map<string, Float32Array | Int32Array> {
  const values = new Map<string, RefTensor>(host.constants);
  for (const { name, shape } of host.inputs) {
    const data = inputs[name];
    if (!data || data.length !== sizeOf(shape))
      throw new Error(`internal: input ${name} needs ${sizeOf(shape)} ids, got ${data?.length ?? 'none'}`);
    values.set(name, { shape, type: 'int64', data: Float64Array.from(data) });
  }
  for (const step of host.steps) {
    const operands = step.inputs.map((name) => (name === '' ? undefined : values.get(name)));
    const results = runRounded(operands, hostCall(step, host.opset));
    step.outputs.forEach((name, i) => values.set(name, results[i]));
  }
  const uploads = new Map<string, Float32Array | Int32Array>();
  for (const output of host.outputs) uploads.set(output.id, upload(output, values.get(output.from)!.data));
  return uploads;
}

/** A host step as the interpreter wants it. */
export function hostCall(step: HostStep, opset: number): OnnxCall {
  return { op: step.op, attributes: step.attributes, opset, outputs: step.outputs.length };
}

function upload(output: HostOutput, data: Float64Array): Float32Array | Int32Array {
  if (output.type === 'i32') {
    if (output.table) checkIds(data, output.table);
    return Int32Array.from(data);
  }
  const floats = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) floats[i] = Math.max(-LARGEST, Math.min(LARGEST, data[i]));
  return floats;
}

function checkIds(data: Float64Array, table: { rows: number; name: string }): void {
  for (let i = 0; i < data.length; i++)
    if (!(data[i] >= 0 && data[i] < table.rows))
      throw new StudioError(
        'data',
        say`Index ${data[i]} is outside ${table.name}, which has ${table.rows} rows: use the tokenizer that belongs to the model, and a ${field('data.maxLength')} that its positions allow.`,
        { where: table.name },
      );
}
