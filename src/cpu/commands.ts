/**
 * Packs dispatches into commands, the 32-bit words that the WebAssembly threads walk (kernels/runtime/commands.ts):
 * kernel, parts, next part, bytes of the command, then the arguments in the order of the kernel's parameters:
 * addresses of operands, and constants by name.
 */
import type { Dispatch } from '../plan/plan.ts';
import type { KernelManifest, KernelParameter } from './kernels.ts';

const HEAD_WORDS = 4;

export interface PackedCommands {
  words: Int32Array;
  /** Bytes at which each dispatch begins, and one more: the end. */
  offsets: number[];
}

/** @param addressOf the address of a binding */
export function packCommands(
  dispatches: readonly Pick<Dispatch, 'shader' | 'constants' | 'bindings' | 'workgroups'>[],
  manifest: KernelManifest,
  addressOf: (binding: Dispatch['bindings'][number]) => number,
): PackedCommands {
  const numbers = new Map(manifest.kernels.map(({ name }, i) => [name, i]));
  const words: number[] = [];
  const offsets = [0];
  const bits = new DataView(new ArrayBuffer(4));
  for (const { shader, constants, bindings, workgroups } of dispatches) {
    const number = numbers.get(shader);
    if (number === undefined) throw new Error(`internal: there is no kernel ${shader}`);
    const { parameters } = manifest.kernels[number];
    checkArguments(shader, parameters, bindings.length, constants);
    words.push(
      number,
      workgroups[0] * workgroups[1] * workgroups[2],
      0,
      4 * (HEAD_WORDS + parameters.length),
    );
    let operand = 0;
    for (const { name, type } of parameters) {
      if (type === 'usize') words.push(addressOf(bindings[operand++]) | 0);
      else if (type === 'i32') words.push(constants[name]);
      else {
        bits.setFloat32(0, constants[name]);
        words.push(bits.getInt32(0));
      }
    }
    offsets.push(4 * words.length);
  }
  return { words: Int32Array.from(words), offsets };
}

function checkArguments(
  kernel: string,
  parameters: readonly KernelParameter[],
  operands: number,
  constants: Readonly<Record<string, number>>,
): void {
  const addresses = parameters.filter(({ type }) => type === 'usize').length;
  if (addresses !== operands)
    throw new Error(`internal: the kernel ${kernel} takes ${addresses} operands, the call has ${operands}`);
  const names = new Set<string>();
  for (const { name, type } of parameters) {
    if (type === 'usize') continue;
    names.add(name);
    const value = constants[name];
    if (value === undefined || Number.isNaN(value))
      throw new Error(`internal: the kernel ${kernel} wants a constant ${name}`);
    if (type === 'i32' && !(Number.isInteger(value) && Math.abs(value) < 2 ** 32))
      throw new Error(`internal: the kernel ${kernel} got ${name} = ${value}`);
  }
  for (const name of Object.keys(constants))
    if (!names.has(name)) throw new Error(`internal: the kernel ${kernel} has no constant ${name}`);
}
