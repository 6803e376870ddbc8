/**
 * What the page runs on: a real GPU, else the processor, which every browser has. Software GPUs, which are slower
 * than the processor that they run on, only when asked for by name.
 */
import { readAdapterName, type AdapterName } from '../cpu/adapter-names.ts';
import { loadKernels, type KernelSource } from '../cpu/choose.ts';
import type { StartThread } from '../cpu/runner.ts';
import { openCpuStudio } from '../cpu/studio.ts';
import { readThreads } from '../cpu/thread-count.ts';
import { StudioError } from '../errors.ts';
import { describeAdapter, isSoftware } from '../gpu/device.ts';
import type { ShaderSource } from '../gpu/shaders.ts';
import { openStudio, type GpuStudio } from '../gpu/studio.ts';
import { TUNE_MODES, type ChoiceStore, type TuneMode } from '../gpu/tuner.ts';
import type { Studio } from '../plan/studio.ts';
import type { DeviceWish } from '../protocol/device.ts';
import { say, type Sentence } from '../sentence.ts';

/** What a browser offers. */
export interface BrowserDevices {
  /** `navigator.gpu`; undefined where there is none. */
  gpu: GPU | undefined;
  /** Whether the page came over https or from this computer: only then is there a `gpu`. */
  secure: boolean;
  /** Whether the page is isolated from other windows: only then do threads share memory. */
  isolated: boolean;
  cores: number;
  shaders: ShaderSource;
  kernels: KernelSource;
  startThread: StartThread;
  /** Where what was measured of GPUs is kept. */
  choices: ChoiceStore;
}

/** A device that was opened; see `DeviceReply`. */
export interface PageDevice {
  studio: Studio;
  threads: number | null;
  notes: Sentence[];
}

/** @throws StudioError('device') when there is nothing to run on, or not what was asked for */
export async function openPageDevice(browser: BrowserDevices, wish: DeviceWish): Promise<PageDevice> {
  const name = readAdapterName(wish.adapter);
  if (name === 'wasm') return openProcessor(browser, wish.threads);
  const found = await findGpu(browser, name);
  if ('studio' in found) {
    found.studio.tuneBy(tuneMode(wish.tune, found.studio.profile.software), browser.choices);
    return { studio: found.studio, threads: null, notes: [] };
  }
  if (name !== undefined) throw new StudioError('device', found.why, { where: 'adapter' });
  const processor = await openProcessor(browser, wish.threads);
  return { ...processor, notes: [found.why, ...processor.notes] };
}

/** Of a real GPU kernels are chosen quickly, of others only when asked for. @throws StudioError('device') */
function tuneMode(asked: string | undefined, software: boolean): TuneMode {
  if (asked === undefined) return software ? 'off' : 'quick';
  const mode = TUNE_MODES.find((name) => name === asked);
  if (mode) return mode;
  throw new StudioError(
    'device',
    say`Unknown way of choosing kernels "${asked}": write tune=${TUNE_MODES.join('|')} in the page's address, or leave it out.`,
    { where: 'tune' },
  );
}

const SOFTWARE: Partial<Record<AdapterName, RegExp>> = {
  swiftshader: /swiftshader/i,
  lavapipe: /llvmpipe|lavapipe/i,
};

/** The GPU of a name, a real one for none; or why there is not. */
async function findGpu(
  { gpu, secure, shaders }: BrowserDevices,
  name: AdapterName | undefined,
): Promise<{ studio: GpuStudio } | { why: Sentence }> {
  if (gpu === undefined)
    return {
      why: secure
        ? say`This browser has no WebGPU, by which the studio reaches a graphics card: use a current Chrome, Edge, Firefox or Safari for that.`
        : say`This page came neither over https nor from this computer, so the browser keeps graphics cards from it: open it over https or on localhost to use one.`,
    };
  const wanted = name === undefined ? undefined : SOFTWARE[name];
  let adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (wanted && !(adapter && wanted.test(describeAdapter(adapter.info))))
    adapter = await gpu.requestAdapter({ forceFallbackAdapter: true });
  if (wanted && !(adapter && wanted.test(describeAdapter(adapter.info))))
    return {
      why: say`This browser offers no ${name!}: leave the adapter out of the page's address, or choose gpu or wasm.`,
    };
  if (!adapter)
    return {
      why: say`The browser found no graphics card that it can use: if this computer has one, turn on hardware acceleration in the browser's settings, update the card's driver, and in Chrome on Linux turn on chrome://flags/#enable-unsafe-webgpu.`,
    };
  if (!wanted && isSoftware(adapter.info))
    return {
      why: say`The browser offers no graphics card but ${describeAdapter(adapter.info)}, which computes on the processor, only slower: if this computer has a card, turn on hardware acceleration in the browser's settings and update the card's driver.`,
    };
  try {
    return { studio: await openStudio(gpu, shaders, { adapter }) };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { why: error.sentence };
  }
}

async function openProcessor(
  { isolated, cores, kernels: source, startThread }: BrowserDevices,
  asked: string | undefined,
): Promise<PageDevice> {
  const wanted = readThreads(asked, cores, 'threads');
  const kernels = await loadKernels(source);
  const open = (threads: number): Promise<Studio> => openCpuStudio(kernels, { threads, startThread });
  const alone = async (...notes: Sentence[]): Promise<PageDevice> => ({
    studio: await open(1),
    threads: 1,
    notes,
  });
  if (wanted === 1) return alone();
  if (!isolated)
    return alone(
      say`Only one thread works, because this page is not isolated from other windows: its server must send the headers Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy, as npm start does.`,
    );
  if (!kernels.shared)
    return alone(
      say`Only one thread works, because this browser gives WebAssembly no memory that threads share: use a current 64-bit Chrome, Edge, Firefox or Safari.`,
    );
  try {
    return { studio: await open(wanted), threads: wanted, notes: [] };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    const { cause } = error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    return alone(
      say`Only one thread works, because another one did not start (${reason}): open the page again, or set fewer threads.`,
    );
  }
}
