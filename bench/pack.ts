/**
 * `npm run bench -- --pack DIR`: a folder that measures a GPU on a bare x86-64 Linux machine with a Vulkan driver and
 * nothing else. It holds this Node binary, the `webgpu` add-on, one bundle of measure-gpu.ts with the shaders in it, and
 * `run.sh`, which takes measure-gpu.ts's flags.
 */
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { SHADERS_FOLDER } from '../src/gpu/node-shaders.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** The add-on's folder for the one platform packs are for. */
const PLATFORM = 'linux-x64';

/** Puts the text of all shaders where they are read from disk otherwise. */
const shadersInside: Plugin = {
  name: 'shaders',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]src[\\/]gpu[\\/]node-shaders\.ts$/ }, () => {
      const files = (readdirSync(SHADERS_FOLDER, { recursive: true }) as string[]).filter((file) =>
        file.endsWith('.wgsl'),
      );
      const texts = Object.fromEntries(
        files.map((file) => [
          `shaders/${file.replaceAll('\\', '/')}`,
          readFileSync(path.join(SHADERS_FOLDER, file), 'utf8'),
        ]),
      );
      const contents = `import { shadersFromModules } from './shaders.ts';
export const nodeShaders = shadersFromModules(${JSON.stringify(texts)});`;
      return { contents, loader: 'ts', resolveDir: path.join(ROOT, 'src/gpu') };
    });
  },
};

const RUN = `#!/bin/sh
# Measures the GPU here: ./run.sh [--adapter gpu|swiftshader|lavapipe] [--quick] [--only matmul,attention,steps,forward] [--out FILE]
# Where the Vulkan loader does not find the driver by itself: VK_DRIVER_FILES=/path/to/driver.json ./run.sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1
exec "$here/node" "$here/measure-gpu.mjs" "$@"
`;

/** Makes the folder. @param node the Node binary to put into it */
export async function pack(folder: string, node = process.execPath): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [path.join(ROOT, 'bench/measure-gpu.ts')],
    outfile: path.join(folder, 'measure-gpu.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // What is measured beside is no part of a pack, and says that it is not there.
    external: ['webgpu', 'onnxruntime-web/webgpu'],
    plugins: [shadersInside],
    logLevel: 'error',
    legalComments: 'none',
  });
  const addOn = path.join(ROOT, 'node_modules/webgpu');
  const into = path.join(folder, 'node_modules/webgpu');
  mkdirSync(path.join(into, 'dist'), { recursive: true });
  for (const file of ['package.json', 'index.js', 'LICENSE.md'])
    copyFileSync(path.join(addOn, file), path.join(into, file));
  cpSync(path.join(addOn, 'dist', PLATFORM), path.join(into, 'dist', PLATFORM), { recursive: true });
  copyFileSync(node, path.join(folder, 'node'));
  writeFileSync(path.join(folder, 'run.sh'), RUN);
  for (const file of ['node', 'run.sh']) chmodSync(path.join(folder, file), 0o755);
}

function bytesIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true }) as string[];
  return files.reduce((sum, file) => {
    const about = statSync(path.join(folder, file));
    return sum + (about.isFile() ? about.size : 0);
  }, 0);
}

/** The command: `--pack DIR`. */
export async function packCommand(): Promise<void> {
  const { values } = parseArgs({ options: { pack: { type: 'string' } } });
  if (!values.pack) throw new Error('--pack needs a folder.');
  if (`${process.platform}-${process.arch}` !== 'linux-x64')
    throw new Error('A pack holds this Node binary, so it is made on x86-64 Linux.');
  await pack(values.pack);
  console.log(
    `${values.pack}: ${(bytesIn(values.pack) / 2 ** 20).toFixed(0)} MiB; run.sh measures the GPU of any x86-64 Linux.`,
  );
}
