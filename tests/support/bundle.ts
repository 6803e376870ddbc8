/**
 * A program of this project in one JavaScript file, for tests that start many processes of it: loading it through
 * tsx takes most of the time that a short process lives. Packages stay where they are.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a module finds beside itself it finds from within the bundle as well. */
const ownPlaces: Plugin = {
  name: 'own places',
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      if (file.includes(`${path.sep}node_modules${path.sep}`)) return null;
      const contents = (await readFile(file, 'utf8'))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)));
      return { contents, loader: 'ts' };
    });
  },
};

const bundles = new Map<string, Promise<string>>();

/**
 * Bundles a program, once in each process that asks for it.
 * @param entry its file, from the project's folder
 * @returns a script for `node`
 */
export function bundled(entry: string): Promise<string> {
  let bundle = bundles.get(entry);
  if (bundle === undefined) bundles.set(entry, (bundle = make(entry)));
  return bundle;
}

async function make(entry: string): Promise<string> {
  // Within the project, for packages are looked for from there; of each process its own, for they run side by side.
  const name = `${entry.replaceAll(/\W+/g, '-')}-${process.pid}`;
  const folder = path.join(ROOT, '.cache', 'bundles', name);
  await build({
    entryPoints: { main: path.join(ROOT, entry) },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // A verb is loaded when it is called, as it is from its sources.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    plugins: [ownPlaces],
    sourcemap: 'linked',
    logLevel: 'error',
  });
  return path.join(folder, 'main.mjs');
}
