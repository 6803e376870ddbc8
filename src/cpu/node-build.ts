/**
 * Compiles `kernels/` with AssemblyScript's compiler, in this process. A kernel is an exported function of a file in
 * a family's folder whose parameters begin with `part` and `parts`; its name is `family/function`. From these
 * functions the file `dispatch` is made, which calls a kernel by its number with the arguments of a command, and
 * the manifest, from which commands are packed. The result lies in `kernels/dist/` under the hash of what it was
 * made from, so it is made again when, and only when, a source changes.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KernelBuild } from './choose.ts';
import type { KernelManifest, KernelParameter } from './kernels.ts';

/** The folder `kernels/` of this project. */
export const KERNELS_FOLDER = fileURLToPath(new URL('../../kernels/', import.meta.url));
const DIST = path.join(KERNELS_FOLDER, 'dist');

/** Folders whose functions are no kernels. */
const NOT_FAMILIES = new Set(['common', 'runtime', 'dist']);

const THREADS = ['runtime/index.ts', '--enable', 'threads', '--sharedMemory'];

/** See `KernelBuild`: `relaxed` uses fused multiply-add where the others multiply, round and add. */
export const BUILDS: Readonly<Record<KernelBuild, readonly string[]>> = {
  simd: THREADS,
  relaxed: [...THREADS, '--enable', 'relaxed-simd'],
  plain: ['runtime/plain.ts'],
};

const FLAGS = [
  ['--enable', 'simd', '--importMemory'],
  ['--initialMemory', '1', '--maximumMemory', '65535', '--memoryBase', '1024'],
  ['--runtime', 'stub', '--noAssert', '-O3', '--use', 'abort='],
].flat();

interface Sources {
  /** Text by path under `kernels/`. */
  texts: Map<string, string>;
  hash: string;
}

function readSources(): Sources {
  const texts = new Map<string, string>();
  for (const folder of readdirSync(KERNELS_FOLDER, { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (!folder.isDirectory() || folder.name === 'dist') continue;
    for (const name of readdirSync(path.join(KERNELS_FOLDER, folder.name)).sort())
      if (name.endsWith('.ts'))
        texts.set(
          `${folder.name}/${name}`,
          readFileSync(path.join(KERNELS_FOLDER, folder.name, name), 'utf8'),
        );
  }
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const [name, text] of texts) hash.update(`\0${name}\0${text}`);
  return { texts, hash: hash.digest('hex') };
}

const KERNEL = /^export function (\w+)\(\s*part: i32,\s*parts: i32,?([^)]*)\): void \{/gm;

/** The kernels of all families in a fixed order: the place of each is its number. */
function manifestOf({ texts, hash }: Sources): KernelManifest {
  const kernels: KernelManifest['kernels'] = [];
  for (const [file, text] of texts) {
    const family = path.posix.dirname(file);
    if (NOT_FAMILIES.has(family)) continue;
    for (const [, name, list] of text.matchAll(KERNEL)) {
      const parameters = list
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
        .map((item): KernelParameter => {
          const [parameter, type] = item.split(':').map((word) => word.trim());
          if (type !== 'usize' && type !== 'i32' && type !== 'f32')
            throw new Error(`internal: ${file}: ${name} takes ${parameter} of type ${type}`);
          return { name: parameter, type };
        });
      kernels.push({ name: `${family}/${name}`, file, parameters });
    }
  }
  return { hash, kernels };
}

/** Words of a command before its arguments: see kernels/runtime/commands.ts. */
function dispatchText({ kernels }: KernelManifest): string {
  const lines = kernels.map(({ name, file }, i) => {
    const from = file.replace(/\.ts$/, '');
    return `import { ${name.split('/')[1]} as k${i} } from './${from}';`;
  });
  lines.push(
    'export function call(kernel: i32, part: i32, parts: i32, a: usize): void {',
    'switch (kernel) {',
  );
  kernels.forEach(({ parameters }, i) => {
    const loads = parameters.map(({ type }, at) => `load<${type}>(a, ${4 * at})`);
    lines.push(`case ${i}: k${i}(${['part', 'parts', ...loads].join(', ')}); return;`);
  });
  return [...lines, '}', '}', ''].join('\n');
}

/** A function whose doc comment says `@inline` is inlined; AssemblyScript's decorators are no TypeScript. */
const withDecorators = (text: string): string =>
  text.replace(
    /^( \*.*@inline.*\n \*\/|\/\*\*.*@inline.*\*\/)\n(?=(export )?function)/gm,
    '$1\n// @ts-ignore\n@inline ',
  );

const SPLAT = /(?:f32x4\.splat\((-?\d[\d.]*(?:e[+-]?\d+)?)\)|i32x4\.splat\((0x[\da-f]+)\))/g;

/**
 * Vectors of one literal come from a table in memory: V8 makes such a vector of three instructions wherever it stands in the
 * code, also in loops, and reads it with one. The table is the module `constants`.
 */
function withConstants(texts: ReadonlyMap<string, string>): Map<string, string> {
  const table: number[] = [];
  const made = new Map<string, string>();
  for (const [name, text] of texts) {
    const changed = text.replace(SPLAT, (whole, float?: string, bits?: string) => {
      if (Number(float ?? bits) === 0) return whole;
      const word = float === undefined ? Number(bits) : bitsOf(Number(float));
      if (!table.includes(word)) table.push(word);
      return `v128.load32_splat(TABLE, ${4 * table.indexOf(word)})`;
    });
    made.set(name, changed === text ? text : `import { TABLE } from '../constants';\n${changed}`);
  }
  return made.set('constants.ts', `export const TABLE: usize = memory.data<u32>([${table.join(', ')}]);\n`);
}

/** The bits of a float. */
function bitsOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

/**
 * The AssemblyScript compiler, by a name that is no literal: its types would declare AssemblyScript's globals for all
 * the code here, and an array's `at` of theirs never gives undefined.
 */
const COMPILER: string = 'assemblyscript/asc';

interface Output {
  write(chunk: string | Uint8Array): boolean;
}

/** What is used of it. */
interface AssemblyScript {
  /** Compiles by the arguments of the command line; `error` says why it could not. */
  main(
    argv: readonly string[],
    streams: {
      stdout: Output;
      stderr: Output;
      readFile: (name: string) => string | null;
      writeFile: (name: string, contents: string | Uint8Array) => void;
      listFiles: () => string[];
    },
  ): Promise<{ error: Error | null }>;
}

async function compile(
  sources: Sources,
  manifest: KernelManifest,
  flags: readonly string[],
): Promise<Uint8Array> {
  const { main } = (await import(COMPILER)) as AssemblyScript;
  const texts = withConstants(sources.texts).set('dispatch.ts', dispatchText(manifest));
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const stream = { write: (chunk: string | Uint8Array) => (messages.push(String(chunk)), true) };
  const { error } = await main(['-o', 'kernels.wasm', ...FLAGS, ...flags], {
    stdout: stream,
    stderr: stream,
    readFile: (name) => {
      const text = texts.get(name);
      return text === undefined ? null : withDecorators(text);
    },
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents as Uint8Array;
    },
    listFiles: () => [],
  });
  if (error || !binary)
    throw new Error(`internal: the kernels do not compile: ${messages.join('').trim() || error?.message}`);
  return binary;
}

export interface BuiltKernels {
  manifest: KernelManifest;
  /** Path of a build's WebAssembly. */
  file: (build: KernelBuild) => string;
}

function built(hash: string): BuiltKernels | undefined {
  const json = path.join(DIST, 'kernels.json');
  if (!existsSync(json)) return undefined;
  const manifest = JSON.parse(readFileSync(json, 'utf8')) as KernelManifest;
  if (manifest.hash !== hash) return undefined;
  return { manifest, file: (build) => path.join(DIST, `${build}.wasm`) };
}

/** The kernels as built from the sources as they are; compiles them (seconds) when there are none such. */
export async function buildKernels(say: (sentence: string) => void = () => {}): Promise<BuiltKernels> {
  const sources = readSources();
  const found = built(sources.hash);
  if (found) return found;
  say('Compiling the WebAssembly kernels (once, and again when their sources change) ...');
  const manifest = manifestOf(sources);
  mkdirSync(DIST, { recursive: true });
  // Written beside their place and moved there, the manifest last: who looks meanwhile sees all or nothing.
  const write = (name: string, data: string | Uint8Array): void => {
    const beside = path.join(DIST, `${name}.${process.pid}`);
    writeFileSync(beside, data);
    renameSync(beside, path.join(DIST, name));
  };
  const binaries: [string, Uint8Array][] = [];
  for (const [name, flags] of Object.entries(BUILDS))
    binaries.push([`${name}.wasm`, await compile(sources, manifest, flags)]);
  rmSync(path.join(DIST, 'kernels.json'), { force: true });
  for (const [name, binary] of binaries) write(name, binary);
  write('kernels.json', JSON.stringify(manifest, null, 1));
  return built(sources.hash)!;
}
