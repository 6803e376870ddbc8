/** The processor as a device: memory to the byte, sharing, what it refuses, threads that fail. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadKernels, type KernelBuild } from '../../src/cpu/choose.ts';
import type { Kernels } from '../../src/cpu/kernels.ts';
import { nodeKernels, openNodeCpu, threadCount } from '../../src/cpu/node-threads.ts';
import { openNodeStudio } from '../../src/cpu/node-studio.ts';
import { cpuProfile } from '../../src/cpu/profile.ts';
import type { Thread, ThreadEvents } from '../../src/cpu/runner.ts';
import { Space } from '../../src/cpu/space.ts';
import { openCpuStudio, type CpuStudio } from '../../src/cpu/studio.ts';
import { layoutTrainables } from '../../src/plan/layout.ts';
import { wasmLowerings } from '../../src/plan/lower-wasm/index.ts';
import { lowerings } from '../../src/plan/lower/index.ts';
import { memoryOf, mergeBuffers } from '../../src/plan/memory.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { planProgram } from '../../src/plan/planner.ts';
import { randomData } from '../support/random.ts';
import { stepBlock } from '../support/run-kernel.ts';
import { Sketch } from '../support/sketch.ts';

let studio: CpuStudio | undefined;
afterEach(() => {
  studio?.destroy();
  studio = undefined;
  vi.restoreAllMocks();
});

/** y = tanh(x·w), for so many rows. */
function planOf(rows: number): Plan {
  const s = new Sketch();
  const x = s.host('x', [rows, 24]);
  const [y] = s.node('Unary', [s.linear(x, s.parameter('w', [24, 40]))], { kind: 'Tanh' }, [rows, 40]);
  return planProgram({
    program: { ...s.program, outputs: [y] },
    adapter: cpuProfile(1),
    shapeKey: `${rows}`,
    modelKey: 'model',
    layout: layoutTrainables([], 2 ** 30, 64),
    gradients: new Map(),
    readbacks: new Map([['y', y]]),
  });
}

const w = randomData([24, 40], 1, 0.3);

/** The kernels for an engine that validates some builds. */
function load(validates: (build: KernelBuild) => boolean, shared?: boolean): Promise<Kernels> {
  const module = Buffer.from('0061736d01000000', 'hex');
  const code = async (build: KernelBuild) => (validates(build) ? module : Uint8Array.of(1));
  return loadKernels({ manifest: async () => ({ hash: '', kernels: [] }), code }, shared);
}

async function forward(on: CpuStudio, rows: number): Promise<Float32Array> {
  const plan = planOf(rows);
  const run = await on.createRun([plan]);
  run.memory.fill(plan, () => w);
  const uploads = { x: randomData([rows, 24], 2), step: stepBlock() };
  const { y } = await run.execute(await run.prepare(plan), { uploads, phases: ['compute'], read: ['y'] });
  run.destroy();
  return y;
}

describe('the processor', () => {
  it('has a kernel for every operator that WebGPU has one for', () => {
    expect(Object.keys(wasmLowerings).sort()).toEqual(Object.keys(lowerings).sort());
  });

  it('allocates to the byte what its plans say, and shares frozen weights', async () => {
    studio = await openNodeCpu(2);
    const plans = [planOf(8), planOf(24)];
    const first = await studio.createRun(plans);
    expect(first.memory.bytes).toEqual(memoryOf(mergeBuffers(plans)));
    const second = await studio.createRun([plans[0]]);
    expect(studio.memory.bytes.frozenWeights).toBe(4 * 24 * 40);
    first.destroy();
    second.destroy();
    expect(studio.memory.bytes.total).toBe(0);
  });

  it('uses memory again that was given back, and packs no command twice', async () => {
    studio = await openNodeCpu(1);
    const before = await forward(studio, 50);
    const size = studio.space.memory.buffer.byteLength;
    const free = studio.space.free;
    for (let i = 0; i < 20; i++) expect(await forward(studio, 50)).toEqual(before);
    expect(studio.space.memory.buffer.byteLength).toBe(size);
    expect(studio.space.free).toBe(free);
    const plan = planOf(50);
    const run = await studio.createRun([plan]);
    const prepared = await run.prepare(plan);
    const made = { ...studio.counters };
    for (let i = 0; i < 5; i++) await run.execute(prepared, { phases: ['compute'] });
    expect(await run.prepare(plan)).toBe(prepared);
    expect(studio.counters).toEqual(made);
  });

  it('keeps the order of uploads, steps and reads though none is awaited', async () => {
    studio = await openNodeCpu(2);
    const plan = planOf(5);
    const run = await studio.createRun([plan]);
    run.memory.fill(plan, () => w);
    const prepared = await run.prepare(plan);
    const request = (scale: number) => ({
      uploads: { x: randomData([5, 24], 2).map((v) => v * scale), step: stepBlock() },
      phases: ['compute' as const],
      read: ['y'],
    });
    const many = [1, 2, 3, 1].map((scale) => run.execute(prepared, request(scale)));
    const results = await Promise.all(many);
    expect(results[3]).toEqual(results[0]);
    expect(results[1]).not.toEqual(results[0]);
  });

  it('runs on one thread where asked, and says how many it has', async () => {
    studio = await openNodeCpu(1);
    expect(studio.profile.description).toBe("this computer's processor, 1 thread");
    expect(cpuProfile(8).description).toBe("this computer's processor, 8 threads");
    expect(threadCount('3')).toBe(3);
    expect(threadCount('')).toBeGreaterThan(0);
    expect(() => threadCount('many')).toThrow(
      'DELTA_THREADS is many: give a number of threads from 1 to 64.',
    );
    expect(() => threadCount('0')).toThrow('DELTA_THREADS is 0');
  });

  it('is opened by the name wasm; other names are refused with those there are', async () => {
    const { studio: opened, name } = await openNodeStudio('wasm');
    expect([name, opened.profile.kind]).toEqual(['wasm', 'wasm']);
    opened.destroy();
    await expect(openNodeStudio('cuda')).rejects.toThrow(
      'Unknown adapter "cuda": choose one of gpu, wasm, swiftshader, lavapipe.',
    );
  });
});

describe('what the processor refuses in a sentence', () => {
  it('is what does not fit 4 GiB, before anything is allocated', async () => {
    studio = await openNodeCpu(1);
    const plan = planOf(8);
    plan.buffers.push({ id: 'huge', category: 'activations', bytes: 5 * 2 ** 30, shared: false });
    const size = studio.space.memory.buffer.byteLength;
    await expect(studio.createRun([plan])).rejects.toThrow(
      /^This needs 5120\.\d MiB of memory and WebAssembly has 4095\.9 MiB, of which \d\.\d MiB are taken: choose a smaller batch/,
    );
    expect(studio.space.memory.buffer.byteLength).toBe(size);
    expect(studio.memory.bytes.total).toBe(0);
    expect((await forward(studio, 4)).every(Number.isFinite)).toBe(true);
  });

  it('is memory that cannot grow; nothing stays allocated', async () => {
    studio = await openNodeCpu(1);
    vi.spyOn(studio.space.memory, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
    });
    const plan = planOf(8);
    plan.buffers.push({ id: 'large', category: 'activations', bytes: 2 ** 28, shared: false });
    await expect(studio.createRun([plan])).rejects.toThrow(
      /^WebAssembly's memory cannot grow to 2\d\d\.\d MiB on this machine: close other programs/,
    );
    expect(studio.memory.bytes.total).toBe(0);
  });

  it('is an engine without SIMD, or without memory that grows', async () => {
    await expect(load(() => false)).rejects.toThrow(
      "This machine's WebAssembly has no SIMD, which the processor needs: use a current Chrome",
    );
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
      throw new RangeError('could not allocate memory');
    });
    expect(() => new Space()).toThrow('gives WebAssembly no memory that can grow to 4 GiB');
  });

  it('is not an engine without relaxed SIMD or shared memory: it gets another build', async () => {
    expect(await load(() => true)).toMatchObject({ relaxed: true, shared: true });
    expect(await load((build) => build !== 'relaxed')).toMatchObject({ relaxed: false, shared: true });
    expect(await load((build) => build === 'plain')).toMatchObject({ relaxed: false, shared: false });
    expect(await load(() => true, false)).toMatchObject({ relaxed: false, shared: false });
    // What has no shared memory is found out by asking for some.
    const Memory = vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
      throw new TypeError('shared memory is not supported');
    });
    expect(await load(() => true)).toMatchObject({ shared: false });
    Memory.mockRestore();
  });

  it('is a thread that cannot start', async () => {
    const kernels = await nodeKernels();
    const startThread = (): Thread => {
      throw new Error('too many workers');
    };
    await expect(openCpuStudio(kernels, { threads: 2, startThread })).rejects.toThrow(
      'A thread of the processor could not start or has ended (too many workers): set the number of threads to 1 (in a shell DELTA_THREADS=1) and try again, or use a GPU.',
    );
  });

  it('is a thread that ends while it works: whoever waits is told, and nothing hangs', async () => {
    const kernels = await nodeKernels();
    const all: ThreadEvents[] = [];
    const lame = await openCpuStudio(kernels, {
      threads: 2,
      startThread: (_start, events) => {
        all.push(events);
        queueMicrotask(() => events.ready());
        return { hold: () => {}, end: () => {} };
      },
    });
    const plan = planOf(4);
    const run = await lame.createRun([plan]);
    const waiting = run.execute(await run.prepare(plan), { phases: ['compute'], read: ['y'] });
    all[1].failed(new Error('out of memory'));
    await expect(waiting).rejects.toThrow('has ended (out of memory)');
    await expect(lame.lost).resolves.toMatchObject({ code: 'device' });
    await expect(lame.createRun([plan])).rejects.toThrow('has ended (out of memory)');
    lame.destroy();
  });

  it('is work after it was closed', async () => {
    const closed = await openNodeCpu(1);
    const plan = planOf(4);
    const run = await closed.createRun([plan]);
    const prepared = await run.prepare(plan);
    closed.destroy();
    await expect(run.execute(prepared, { phases: ['compute'] })).rejects.toThrow('threads were closed');
  });
});
