/** Where a model's files come from: a folder, picked files, the built-in models. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import { partsOfBlob, partsOfBytes, type FileParts } from './file-parts.ts';

/** The files of one model, by name relative to its folder (`model.onnx`, `onnx/model.onnx`). */
export interface ModelFiles {
  /** The .onnx file that was asked for, when it was one and not a folder. */
  readonly model?: string;
  /** Names that can be read. */
  list(): Promise<string[]>;
  /** The bytes of a file; undefined when there is none of that name. @throws StudioError beyond `MOST_AT_ONCE` */
  read(name: string): Promise<Uint8Array | undefined>;
  /** A file to be read in parts, however large it is; without this, it is read whole. */
  open?(name: string): Promise<FileParts | undefined>;
}

/** A folder whose files are asked for by name. */
export type ReadableFolder = Pick<ModelFiles, 'read' | 'open'>;

/** A folder that is not at hand. */
export const NO_FILES: ReadableFolder = { read: async () => undefined };

/** Bytes of a file that are read at once: what a protobuf, and with it an .onnx file, may have. */
const MOST_AT_ONCE = 2 ** 31 - 1;

/** @throws StudioError('model') for a file too large to be read whole */
export function checkWholeSize(name: string, size: number): void {
  if (size <= MOST_AT_ONCE) return;
  throw new StudioError(
    'model',
    say`${name} has ${(size / 1e9).toFixed(1)} GB and a file is read whole up to 2 GB; export the model with its weights in a file beside it (external data).`,
    { where: name },
  );
}

/** A file in parts. */
export async function openParts(files: ReadableFolder, name: string): Promise<FileParts | undefined> {
  if (files.open) return files.open(name);
  const bytes = await files.read(name);
  return bytes && partsOfBytes(bytes);
}

/** The name in `builtin:NAME`; undefined for other sources. */
export function builtinName(source: string): string | undefined {
  return /^builtin:([\w.-]+)$/.exec(source)?.[1];
}

/**
 * Files under a URL, for the models that are served with the page.
 * @param base folder's URL, ending in a slash
 * @param names what it holds
 */
export function filesFromUrl(base: string, names: readonly string[]): ModelFiles {
  return {
    list: () => Promise.resolve([...names]),
    async read(name) {
      const url = new URL(name, base).href;
      const response = await fetch(url);
      // Servers of single-page applications answer unknown paths with the page itself.
      const isPage = response.headers.get('content-type')?.includes('text/html') ?? false;
      if (response.status === 404 || (response.ok && isPage)) return undefined;
      if (!response.ok)
        throw new StudioError(
          'model',
          say`${url} answered ${response.status} ${response.statusText}; check the connection and try again.`,
        );
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

/** A file that a person picked or dropped; `path` is relative to its folder, forward slashes. */
export interface PickedFile {
  path: string;
  file: Pick<Blob, 'arrayBuffer' | 'size' | 'slice'>;
}

/** The files of a folder that a person picked or dropped, or an .onnx file with others beside it. */
export function filesFromList(files: readonly PickedFile[]): ModelFiles {
  const byName = new Map(files.map(({ path, file }) => [path, file]));
  return {
    list: () => Promise.resolve([...byName.keys()]),
    async read(name) {
      const file = byName.get(name);
      if (file) checkWholeSize(name, file.size);
      return file && new Uint8Array(await file.arrayBuffer());
    },
    open(name) {
      const file = byName.get(name);
      return Promise.resolve(file && partsOfBlob(file, name));
    },
  };
}

/** Files in memory, by name. */
export function filesFromMemory(files: Readonly<Record<string, Uint8Array>>, model?: string): ModelFiles {
  return {
    model,
    list: () => Promise.resolve(Object.keys(files)),
    read: (name) => Promise.resolve(Object.hasOwn(files, name) ? files[name] : undefined),
  };
}
