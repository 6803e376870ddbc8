/** Where a model's files come from: a folder, picked files, the built-in models. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

/** The files of one model, by name relative to its folder (`model.onnx`, `onnx/model.onnx`). */
export interface ModelFiles {
  /** The .onnx file that was asked for, when it was one and not a folder. */
  readonly model?: string;
  /** Names that can be read. */
  list(): Promise<string[]>;
  /** The bytes of a file; undefined when there is none of that name. */
  read(name: string): Promise<Uint8Array | undefined>;
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
  file: Pick<Blob, 'arrayBuffer'>;
}

/** The files of a folder that a person picked or dropped, or an .onnx file with others beside it. */
export function filesFromList(files: readonly PickedFile[]): ModelFiles {
  const byName = new Map(files.map(({ path, file }) => [path, file]));
  return {
    list: () => Promise.resolve([...byName.keys()]),
    async read(name) {
      const file = byName.get(name);
      return file && new Uint8Array(await file.arrayBuffer());
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
