/**
 * Runs kernel calls on the processor with the memory a plan would give them. Parts run once in order and once
 * backwards, and must leave the same bytes: that is what makes results independent of the number of threads. The build
 * without fused multiply-add runs too, and must agree.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { packCommands } from '../../src/cpu/commands.ts';
import type { KernelManifest } from '../../src/cpu/kernels.ts';
import { buildKernels } from '../../src/cpu/node-build.ts';
import { nodeKernels } from '../../src/cpu/node-threads.ts';
import { cpuProfile } from '../../src/cpu/profile.ts';
import { instantiate, WORK_BYTES, type KernelExports } from '../../src/cpu/runner.ts';
import { Space } from '../../src/cpu/space.ts';
import type { Program } from '../../src/graph/program.ts';
import { sizeOf } from '../../src/graph/reference/tensor.ts';
import type { AdapterProfile, KernelCall } from '../../src/plan/kernel-call.ts';
import { relativeError } from './random.ts';

export interface WasmDevice {
  profile: AdapterProfile;
  space: Space;
  exports: KernelExports;
  /** The build for engines without relaxed SIMD. */
  plain: KernelExports;
  manifest: KernelManifest;
}

let device: Promise<WasmDevice> | undefined;

/** The kernels in one memory, for all tests of a file. */
export function wasmDevice(): Promise<WasmDevice> {
  device ??= openWasm();
  return device;
}

async function openWasm(): Promise<WasmDevice> {
  const { module, manifest } = await nodeKernels();
  const simd = new WebAssembly.Module(readFileSync((await buildKernels()).file('simd')));
  const space = new Space();
  const [exports, plain] = [module, simd].map((build) => instantiate(build, space.memory));
  for (const kernels of [exports, plain]) kernels.setWork(space.allocate(WORK_BYTES));
  return { profile: cpuProfile(1), space, exports, plain, manifest };
}

type Data = Float32Array | Int32Array | Uint32Array;

/** As `runCalls` of run-kernel.ts. */
export async function runOnWasm(
  calls: readonly KernelCall[],
  program: Program,
  outputs: readonly string[],
  inputs: Readonly<Record<string, Data>>,
  step: Uint32Array,
): Promise<Record<string, Float32Array>> {
  const { space, exports, plain, manifest } = await wasmDevice();
  const blocks = new Map<string, { at: number; bytes: number; data?: Data }>();
  const own = (key: string, bytes: number, data?: Data): void => {
    blocks.set(key, { at: space.allocate(bytes), bytes, data });
  };
  const valueOf = (id: string) => program.values.get(id)!;
  own('step', step.byteLength, step);
  for (const id of outputs) own(`value:${id}`, 4 * sizeOf(valueOf(id).shape));
  for (const [id, data] of Object.entries(inputs)) own(`value:${id}`, data.byteLength, data);
  const scratch = new Map<string, number>();
  for (const { operands } of calls)
    for (const operand of operands)
      if ('scratch' in operand)
        scratch.set(operand.scratch, Math.max(operand.bytes, scratch.get(operand.scratch) ?? 0));
  for (const [name, bytes] of scratch) own(`scratch:${name}`, bytes);
  const dispatches = calls.map((call) => ({
    ...call,
    bindings: call.operands.map((operand) => {
      const name =
        'step' in operand
          ? 'step'
          : 'scratch' in operand
            ? `scratch:${operand.scratch}`
            : `value:${operand.value}`;
      const block = blocks.get(name);
      if (!block)
        throw new Error(`${call.shader} takes ${name}, which is neither an input nor a wanted output`);
      const part = 'value' in operand ? operand.part : undefined;
      return {
        buffer: name,
        offset: part?.offset ?? 0,
        size: part?.bytes ?? block.bytes,
        access: 'read' as const,
      };
    }),
  }));
  const { words, offsets } = packCommands(
    dispatches,
    manifest,
    ({ buffer, offset }) => blocks.get(buffer)!.at + offset,
  );
  const commands = space.allocate(words.byteLength);
  new Int32Array(space.memory.buffer, commands, words.length).set(words);
  const results = ['forwards', 'backwards', 'plain'].map((order) => {
    for (const { at, bytes, data } of blocks.values()) {
      if (data) space.bytesAt(at, bytes).set(new Uint8Array(data.buffer, data.byteOffset, bytes));
      else new Uint32Array(space.memory.buffer, at, bytes / 4).fill(0x7fc00000);
    }
    if (order === 'forwards') exports.run(commands, commands + words.byteLength);
    else if (order === 'plain') plain.run(commands, commands + words.byteLength);
    else
      calls.forEach(({ workgroups: [parts] }, i) => {
        for (let part = parts - 1; part >= 0; part--) exports.runParts(commands + offsets[i], part, part + 1);
      });
    return outputs.map((id) => {
      const { at, bytes } = blocks.get(`value:${id}`)!;
      return space.bytesAt(at, bytes).slice().buffer;
    });
  });
  const guard = [...blocks.values()];
  for (const { at, bytes } of guard) space.release(at, bytes);
  space.release(commands, words.byteLength);
  const [forwards, backwards, unfused] = results;
  return Object.fromEntries(
    outputs.map((id, i) => {
      const same = Buffer.compare(Buffer.from(forwards[i]), Buffer.from(backwards[i])) === 0;
      expect(same, `${id} is the same whichever part runs first`).toBe(true);
      const isInteger = valueOf(id).type === 'i32';
      const floats = new Float32Array(forwards[i]);
      const [one, other] = [floats, new Float32Array(unfused[i])].map((data) =>
        data.map((v) => (Number.isFinite(v) ? v : 0)),
      );
      if (!isInteger)
        expect(
          relativeError(other, Float64Array.from(one), 0.1),
          `${id} without fused multiply-add`,
        ).toBeLessThan(2e-5);
      return [id, isInteger ? Float32Array.from(new Int32Array(forwards[i])) : floats];
    }),
  );
}
