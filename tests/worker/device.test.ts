/** What the page chooses to run on, and what it says of that. */
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KernelSource } from '../../src/cpu/choose.ts';
import { buildKernels } from '../../src/cpu/node-build.ts';
import type { StartThread } from '../../src/cpu/runner.ts';
import { CpuStudio } from '../../src/cpu/studio.ts';
import type { DeviceWish } from '../../src/protocol/device.ts';
import { english } from '../../src/sentence.ts';
import { openPageDevice, type BrowserDevices, type PageDevice } from '../../src/worker/device.ts';

const kernels: KernelSource = {
  manifest: async () => (await buildKernels()).manifest,
  code: async (build) => readFile((await buildKernels()).file(build)),
};

/** Threads that are there at once, and never do anything. */
const idleThread: StartThread = (_start, events) => {
  queueMicrotask(() => events.ready());
  return { hold: () => {}, end: () => {} };
};

const browser: BrowserDevices = {
  gpu: undefined,
  secure: true,
  isolated: true,
  cores: 3,
  shaders: () => '',
  kernels,
  startThread: idleThread,
  choices: { load: async () => null, save: async () => {} },
};

/** A browser's WebGPU with one adapter, or none, that opens no device. */
function gpuOf(info: Partial<GPUAdapterInfo> | null): GPU {
  const adapter = info && {
    info: { vendor: '', architecture: '', device: '', description: '', isFallbackAdapter: false, ...info },
    features: new Set(),
    limits: {},
    requestDevice: () => Promise.reject(new Error('out of devices')),
  };
  return { requestAdapter: async () => adapter } as unknown as GPU;
}

let opened: PageDevice | undefined;
const open = async (offers: Partial<BrowserDevices>, wish: DeviceWish = {}) => {
  opened = await openPageDevice({ ...browser, ...offers }, wish);
  const { studio, threads, notes } = opened;
  return { kind: studio.profile.kind, threads, notes: notes.map(english) };
};
afterEach(() => {
  opened?.studio.destroy();
  opened = undefined;
  vi.restoreAllMocks();
});

describe('without a graphics card the page runs on the processor', () => {
  it.each<[string, Partial<BrowserDevices>, RegExp]>([
    ['a browser without WebGPU', {}, /^This browser has no WebGPU, by which .* use a current Chrome/],
    ['a page over http', { secure: false }, /^This page came neither over https nor .* open it over https/],
    [
      'no adapter',
      { gpu: gpuOf(null) },
      /^The browser found no graphics card .* turn on hardware acceleration .* chrome:\/\/flags/,
    ],
    [
      'SwiftShader',
      { gpu: gpuOf({ vendor: 'google', architecture: 'swiftshader' }) },
      /^The browser offers no graphics card but google swiftshader, .* turn on hardware acceleration/,
    ],
    ['llvmpipe', { gpu: gpuOf({ description: 'llvmpipe (LLVM 15)' }) }, /but llvmpipe \(LLVM 15\), which/],
    ['a fallback adapter', { gpu: gpuOf({ vendor: 'x', isFallbackAdapter: true }) }, /card but x, which/],
    [
      'a card that does not open',
      { gpu: gpuOf({ vendor: 'nvidia' }) },
      /^The adapter refused to open a device \(out of devices\)/,
    ],
  ])('of %s, and says why, once', async (_name, offers, why) => {
    const { kind, threads, notes } = await open(offers);
    expect([kind, threads]).toEqual(['wasm', 3]);
    expect(notes).toEqual([expect.stringMatching(why)]);
    expect(notes[0].length).toBeLessThan(400);
  });

  it('with nothing to say where it was asked for, with the threads that were', async () => {
    expect(await open({}, { adapter: 'wasm', threads: '2' })).toEqual({
      kind: 'wasm',
      threads: 2,
      notes: [],
    });
  });
});

describe('with one thread it says why', () => {
  it.each<[string, Partial<BrowserDevices>, RegExp]>([
    ['a page that is not isolated', { isolated: false }, /not isolated .* Cross-Origin-Opener-Policy and/],
    [
      'a thread that cannot start',
      {
        startThread: () => {
          throw new Error('no more workers');
        },
      },
      /another one did not start \(no more workers\): open the page again, or set fewer threads\.$/,
    ],
    [
      'a thread that fails later',
      {
        startThread: (_start, events) => {
          queueMicrotask(() => events.failed(new Error('its script could not be loaded')));
          return { hold: () => {}, end: () => {} };
        },
      },
      /another one did not start \(its script could not be loaded\)/,
    ],
  ])('of %s', async (_name, offers, why) => {
    const { threads, notes } = await open(offers, { adapter: 'wasm' });
    expect(threads).toBe(1);
    expect(notes).toEqual([expect.stringMatching(why)]);
  });

  it('of a browser without shared memory, on memory of its own', async () => {
    const { Memory } = WebAssembly;
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (wanted) {
      if (wanted.shared) throw new TypeError('shared memory is not enabled');
      return new Memory(wanted);
    });
    const { threads, notes } = await open({}, { adapter: 'wasm' });
    expect(threads).toBe(1);
    expect(notes).toEqual([expect.stringContaining('gives WebAssembly no memory that threads share')]);
    const { studio } = opened!;
    expect(studio instanceof CpuStudio && studio.space.memory.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('but not where one was asked for, or there is but one core', async () => {
    const one = { kind: 'wasm', threads: 1, notes: [] };
    expect(await open({ isolated: false }, { adapter: 'wasm', threads: '1' })).toEqual(one);
    expect(await open({ cores: 1 }, { adapter: 'wasm' })).toEqual(one);
  });
});

describe('it refuses', () => {
  it.each<[string, Partial<BrowserDevices>, DeviceWish, string | RegExp]>([
    ['a graphics card that is not there', {}, { adapter: 'gpu' }, /^This browser has no WebGPU/],
    [
      'a software GPU for a card',
      { gpu: gpuOf({ architecture: 'swiftshader' }) },
      { adapter: 'gpu' },
      /^The browser offers no graphics card but swiftshader/,
    ],
    [
      'another software GPU than was asked for',
      { gpu: gpuOf({ description: 'llvmpipe' }) },
      { adapter: 'swiftshader' },
      "This browser offers no swiftshader: leave the adapter out of the page's address, or choose gpu or wasm.",
    ],
    ['an adapter nobody knows', {}, { adapter: 'cuda' }, 'Unknown adapter "cuda": choose one of gpu, wasm,'],
    [
      'no number of threads',
      {},
      { threads: 'many' },
      'threads is many: give a number of threads from 1 to 64.',
    ],
    ['too many threads', {}, { threads: '65' }, 'threads is 65: give a number of threads from 1 to 64.'],
    [
      'WebAssembly without SIMD',
      { kernels: { ...kernels, code: async () => Uint8Array.of(1) } },
      {},
      "This machine's WebAssembly has no SIMD, which the processor needs",
    ],
  ])('%s', async (_name, offers, wish, sentence) => {
    await expect(open(offers, wish)).rejects.toThrow(sentence);
  });
});
