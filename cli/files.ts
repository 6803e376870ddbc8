/** Model files on disk: a folder, an .onnx file, or a built-in model of the package. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../src/errors.ts';
import { say } from '../src/sentence.ts';
import { builtinName, checkWholeSize, type ModelFiles } from '../src/models/files.ts';
import { parseHubId } from '../src/models/hub/hub-id.ts';
import { hubFiles } from '../src/models/hub/hub-files.ts';
import { partsOfFile } from './file-parts.ts';
import { hubOptions } from './hub.ts';

const BUILTIN = fileURLToPath(new URL('../public/models/', import.meta.url));

/**
 * The files behind `model.source`, those of a hub too. What is there as a path is taken before a hub is asked.
 * @throws StudioError when there is nothing there, or the hub cannot be asked
 */
export async function sourceFiles(source: string, base = '.'): Promise<ModelFiles> {
  const id = parseHubId(source);
  if (id === null || existsSync(path.resolve(base, source))) return modelFiles(source, base);
  const files = await hubFiles(id, hubOptions());
  if (files.offline) console.error(`The hub cannot be reached; ${source} is taken as it was kept before.`);
  return files;
}

/**
 * The files behind a `model.source` on this machine.
 * @param source `builtin:NAME`, or a path of a folder or an .onnx file
 * @param base folder that relative paths start from
 * @throws StudioError when there is nothing there
 */
export function modelFiles(source: string, base = '.'): ModelFiles {
  const name = builtinName(source);
  if (name !== undefined) {
    const folder = path.join(BUILTIN, name);
    if (existsSync(folder)) return folderFiles(folder);
    const known = (existsSync(BUILTIN) ? readdirSync(BUILTIN) : []).sort((a, b) =>
      a.localeCompare(b, 'en', { numeric: true }),
    );
    throw new StudioError(
      'model',
      say`There is no built-in model ${name}; there ${known.length === 1 ? 'is' : 'are'} ${known.map((n) => `builtin:${n}`).join(', ') || 'none'}.`,
      { where: 'model.source' },
    );
  }
  const place = path.resolve(base, source);
  if (!existsSync(place)) {
    throw new StudioError(
      'model',
      say`There is no ${source} in ${path.resolve(base)}; give an .onnx file, a folder that holds model.onnx, a built-in model, or a hub id such as owner/name.`,
      { where: 'model.source' },
    );
  }
  if (statSync(place).isDirectory()) return folderFiles(place);
  const folder = path.dirname(place);
  // In repositories of several exports config.json and the tokenizer lie above `onnx/`.
  if (path.basename(folder) === 'onnx' && !existsSync(path.join(folder, 'config.json')))
    return folderFiles(path.dirname(folder), `onnx/${path.basename(place)}`);
  return folderFiles(folder, path.basename(place));
}

function folderFiles(folder: string, model?: string): ModelFiles {
  return {
    model,
    list: () => Promise.resolve(namesIn(folder, '').concat(namesIn(folder, 'onnx/'))),
    async read(name) {
      const file = path.join(folder, name);
      if (!existsSync(file) || !statSync(file).isFile()) return undefined;
      checkWholeSize(name, statSync(file).size);
      const { buffer, byteOffset, byteLength } = await readFile(file);
      return new Uint8Array(buffer, byteOffset, byteLength);
    },
    open(name) {
      return Promise.resolve(partsOfFile(path.join(folder, name)));
    },
  };
}

function namesIn(folder: string, below: string): string[] {
  const place = path.join(folder, below);
  if (!existsSync(place) || !statSync(place).isDirectory()) return [];
  return readdirSync(place, { withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => below + entry.name);
}
