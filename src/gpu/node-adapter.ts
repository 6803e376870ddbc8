/**
 * WebGPU in Node through Dawn (npm `webgpu`): a real GPU, SwiftShader from an installed Chromium, or lavapipe.
 * `DELTA_ADAPTER` or a preference forces one of them. The Vulkan loader reads which driver to load from the environment, so each try
 * sets it, and puts it back.
 */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import { isSoftware } from './device.ts';
import { mayHaveGpu } from './node-devices.ts';

export const ADAPTER_NAMES = ['gpu', 'swiftshader', 'lavapipe'] as const;
export type AdapterName = (typeof ADAPTER_NAMES)[number];

export interface NodeGpu {
  name: AdapterName;
  gpu: GPU;
  adapter: GPUAdapter;
}

/** Folders of Chromium builds, each of which may hold SwiftShader's driver manifest. */
function chromiumFolders(): string[] {
  const folders = [
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/usr/lib64/chromium-browser',
    '/opt/google/chrome',
    '/opt/chromium.org/chromium',
    '/opt/microsoft/msedge',
    '/snap/chromium/current/usr/lib/chromium-browser',
  ];
  const caches = [process.env.PLAYWRIGHT_BROWSERS_PATH, join(homedir(), '.cache/ms-playwright')];
  for (const cache of caches) {
    if (!cache || !existsSync(cache)) continue;
    for (const build of readdirSync(cache)) {
      if (!build.startsWith('chromium')) continue;
      for (const inner of readdirSync(join(cache, build))) folders.push(join(cache, build, inner));
    }
  }
  return folders;
}

/** What software adapters' driver manifests are called. */
const MANIFESTS: Partial<Record<AdapterName, RegExp>> = {
  swiftshader: /swiftshader.*\.json$/,
  lavapipe: /^lvp.*\.json$/,
};

/**
 * The first Vulkan driver manifest of a software adapter that exists, if any. One that the Vulkan loader's own variables
 * name comes first: a newer Mesa than the system's, say.
 */
export function manifestOf(name: AdapterName): string | undefined {
  const named = (process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES ?? '').split(delimiter);
  const wanted = named.find((file) => MANIFESTS[name]?.test(basename(file)) && existsSync(file));
  if (wanted !== undefined) return wanted;
  if (name === 'swiftshader')
    return chromiumFolders()
      .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
      .find((file) => existsSync(file));
  const folders = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    const file = readdirSync(folder).find((entry) => MANIFESTS.lavapipe!.test(entry));
    if (file) return join(folder, file);
  }
  return undefined;
}

async function withEnvironment<T>(changes: Record<string, string>, body: () => Promise<T>): Promise<T> {
  const before = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, changes);
  try {
    return await body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

/** Mesa's drivers want a runtime directory; a bare container has none. */
function ensureRuntimeDirectory(): void {
  if (process.platform !== 'linux' || process.env.XDG_RUNTIME_DIR) return;
  const folder = join(tmpdir(), `delta-studio-runtime-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  process.env.XDG_RUNTIME_DIR = folder;
}

async function tryAdapter(name: AdapterName, flags: string[]): Promise<NodeGpu | undefined> {
  if (name === 'gpu' && !mayHaveGpu()) return undefined;
  const changes: Record<string, string> = {};
  if (name !== 'gpu') {
    const manifest = manifestOf(name);
    if (manifest === undefined) return undefined;
    changes.VK_ICD_FILENAMES = manifest;
    changes.VK_DRIVER_FILES = manifest;
  }
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  return withEnvironment(changes, async () => {
    const gpu = create(flags);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter || (name === 'gpu' && isSoftware(adapter.info))) return undefined;
    return { name, gpu, adapter };
  });
}

const REMEDY: Record<AdapterName, Sentence> = {
  gpu: say`install a Vulkan driver, or choose swiftshader or lavapipe`,
  swiftshader: say`install Chromium (\`npx playwright install chromium\`), or choose lavapipe`,
  lavapipe: say`install Mesa’s Vulkan drivers (\`apt install mesa-vulkan-drivers\`), or choose swiftshader`,
};

export interface OpenNodeGpuOptions {
  /** Dawn toggles, as `create` of the `webgpu` package takes them. */
  flags?: string[];
}

/** Dawn goes down with its instance, and a collected instance takes the process along: keep them all. */
const opened = new Set<NodeGpu>();

/** An adapter of that name, kept open, or undefined where there is none. */
export async function findNodeGpu(name: AdapterName, flags: string[] = []): Promise<NodeGpu | undefined> {
  ensureRuntimeDirectory();
  const found = await tryAdapter(name, flags);
  if (found) opened.add(found);
  return found;
}

/**
 * Opens WebGPU in Node, on a software GPU where there is no real one. The product looks elsewhere first
 * (src/cpu/node-studio.ts); tests and benchmarks of WebGPU ask here.
 * @throws StudioError('device') when the named adapter, or any, is missing.
 */
export async function openNodeGpu(
  preference: string | undefined = process.env.DELTA_ADAPTER || undefined,
  options: OpenNodeGpuOptions = {},
): Promise<NodeGpu> {
  const forced = ADAPTER_NAMES.find((name) => name === preference);
  if (preference !== undefined && forced === undefined) {
    throw new StudioError(
      'device',
      say`Unknown adapter "${preference}": choose one of ${ADAPTER_NAMES.join(', ')}.`,
      { where: 'adapter' },
    );
  }
  for (const name of forced ? [forced] : ADAPTER_NAMES) {
    const found = await findNodeGpu(name, options.flags);
    if (found) return found;
  }
  throw new StudioError(
    'device',
    forced
      ? say`There is no ${forced} adapter here: ${REMEDY[forced]}.`
      : say`There is no WebGPU adapter here: install a Vulkan driver, Chromium (for SwiftShader) or Mesa’s lavapipe.`,
    { where: 'adapter' },
  );
}
