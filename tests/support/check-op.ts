/** Runs one op on the device in each of its variants and holds it to the float64 reference. */
import { expect } from 'vitest';
import type { OpAttributes, OpName, ProgramValue } from '../../src/graph/program.ts';
import { referenceOps } from '../../src/graph/reference/index.ts';
import type { ReferenceOp } from '../../src/graph/reference/op.ts';
import { refTensor } from '../../src/graph/reference/tensor.ts';
import type { AdapterProfile } from '../../src/plan/kernel-call.ts';
import { asRef, randomData, relativeError } from './random.ts';
import { programOf, runNode, variantsHere, type StepWords } from './run-kernel.ts';

export interface TestInput {
  shape: readonly number[];
  data: Float32Array | Int32Array;
  kind?: ProgramValue['kind'];
}

/** A random float input; `stream` tells inputs of one case apart. */
export const floats = (shape: readonly number[], stream: number, deviation = 1): TestInput => ({
  shape,
  data: randomData(shape, stream, deviation),
});

/** A given input. */
export const given = (shape: readonly number[], data: readonly number[]): TestInput => ({
  shape,
  data: Float32Array.from(data),
});

export const integers = (shape: readonly number[], data: readonly number[]): TestInput => ({
  shape,
  data: Int32Array.from(data),
  kind: 'host',
});

/** What a lowering chooses between: kernels for software adapters, those for GPUs, those for the processor. */
export const VARIANTS: Record<string, Partial<AdapterProfile>> = {
  serial: { software: true },
  parallel: { software: false },
  wasm: { kind: 'wasm' },
};

export interface CheckOptions {
  /** Largest difference allowed, relative to the largest magnitude of the output. */
  tolerance?: number;
  variants?: Record<string, Partial<AdapterProfile>>;
  /** Software GPUs take seconds over it: they try it at length alone. */
  large?: boolean;
  step?: StepWords;
  /** Names of the inputs in order, where they differ from the keys ('' or one twice). */
  inputNames?: string[];
  /** Names of the outputs in order, where one is not wanted (''). */
  outputNames?: string[];
}

/** Operators that have run in this file: of each the first case also runs on what else runs at length only. */
const begun = new Set<OpName>();

/**
 * Every wanted output of every variant within `tolerance` (1e-5) of the reference.
 * @returns the last outputs
 */
export async function checkOp<Op extends OpName>(
  op: Op,
  attributes: OpAttributes[Op],
  inputs: Readonly<Record<string, TestInput>>,
  outputs: Readonly<Record<string, readonly number[]>>,
  options: CheckOptions = {},
): Promise<Record<string, Float32Array>> {
  const described: Record<string, Omit<ProgramValue, 'id'>> = {};
  const data: Record<string, Float32Array | Int32Array> = {};
  for (const [id, input] of Object.entries(inputs)) {
    const type = input.data instanceof Int32Array ? 'i32' : 'f32';
    described[id] = { shape: input.shape, type, kind: input.kind ?? 'node' };
    data[id] = input.data;
  }
  const wanted = Object.fromEntries(
    Object.entries(outputs).filter(([id]) => options.outputNames?.includes(id) ?? true),
  );
  const { program, node } = programOf(op, attributes, described, wanted, {
    inputs: options.inputNames,
    outputs: options.outputNames,
  });
  const reference = referenceOps[op] as ReferenceOp<Op>;
  const expected = reference(
    node.inputs.map((id) => {
      if (id === '') return undefined;
      const { shape, data: values } = inputs[id];
      return values instanceof Int32Array ? refTensor(shape, values, 'int32') : asRef(shape, values);
    }),
    attributes,
    Object.values(outputs),
    { seed: options.step?.seed ?? 0, step: options.step?.step ?? 0 },
  );
  let actual: Record<string, Float32Array> = {};
  const all = options.variants ?? VARIANTS;
  const here = variantsHere(all, { first: !begun.has(op), large: options.large });
  begun.add(op);
  // At length all else has been tried already, but a test may go on with what comes out.
  const tried = Object.keys(here).length > 0 ? here : all;
  for (const [variant, profile] of Object.entries(tried)) {
    actual = await runNode(node, program, data, { profile, step: options.step });
    node.outputs.forEach((id, index) => {
      if (id === '') return;
      const error = relativeError(actual[id], expected[index].data);
      expect(error, `${op} ${variant}: ${id}`).toBeLessThanOrEqual(options.tolerance ?? 1e-5);
    });
  }
  return actual;
}
