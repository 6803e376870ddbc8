/** Saved adapters that methods of a comparison start from, by the name that `method.init` has. */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { filesFromList, type ModelFiles } from '../models/files.ts';
import type { FolderFile } from '../protocol/messages.ts';
import { openZip, UnzipError } from '../runs/unzip.ts';
import { describeFolder } from '../runs/adapter-layouts.ts';

export class SavedStarts {
  readonly #folders = new Map<string, ModelFiles>();

  /** @param files as `unpackAdapter` gives them */
  set(name: string, files: readonly FolderFile[]): void {
    this.#folders.set(name, filesFromList(files));
  }

  /** One that was chosen on this visit. */
  find(name: string): ModelFiles | undefined {
    return this.#folders.get(name);
  }

  /** @throws StudioError('adapter-file') for one that was not chosen on this visit */
  folder(name: string): ModelFiles {
    const folder = this.#folders.get(name);
    if (folder === undefined)
      throw new StudioError(
        'adapter-file',
        say`${field('method.init')}: the adapter "${name}" is not open here; choose its files under the options of its method.`,
        { where: 'method.init' },
      );
    return folder;
  }
}

/**
 * The files of an adapter's folder, out of its zip where they are in one.
 * @throws StudioError('adapter-file') for what is no adapter
 */
export async function unpackAdapter(name: string, files: readonly FolderFile[]): Promise<FolderFile[]> {
  const folder = await unpacked(name, files);
  if ((await describeFolder(filesFromList(folder), name)) === null)
    throw new StudioError(
      'adapter-file',
      say`${name} holds no adapter: choose its zip, or its adapter_config.json or delta_config.json together with its weights.`,
      { where: 'method.init' },
    );
  return folder;
}

/** More is no adapter's: PEFT's have two files and ours a dozen, of a model's size at most. */
const ZIP_LIMITS = { entries: 1000, bytes: 2 ** 31 };

/** The files themselves, out of a zip and without the folder that all of them are in. */
async function unpacked(name: string, files: readonly FolderFile[]): Promise<FolderFile[]> {
  if (files.length !== 1 || !/\.zip$/i.test(files[0].path)) return [...files];
  let entries: [string, Uint8Array<ArrayBuffer>][];
  try {
    const zip = openZip(new Uint8Array(await files[0].file.arrayBuffer()), ZIP_LIMITS);
    entries = [...zip].map(([path, entry]) => [path, entry.read()]);
  } catch (cause) {
    if (cause instanceof UnzipError)
      throw new StudioError('adapter-file', say`The adapter ${name} cannot be opened: ${cause.why}.`, {
        where: 'method.init',
        cause,
      });
    throw new StudioError(
      'adapter-file',
      say`The adapter ${name} is not a whole zip; save or download it again.`,
      {
        where: 'method.init',
        cause,
      },
    );
  }
  const inner = entries.filter(([path]) => !path.endsWith('/'));
  const paths = inner.map(([path]) => path);
  const [folder] = paths[0]?.split('/') ?? [''];
  const wrapped = paths.every((path) => path.startsWith(`${folder}/`));
  return inner.map(([path, bytes]) => {
    const inside = wrapped ? path.slice(folder.length + 1) : path;
    return { path: inside, file: new File([bytes], inside) };
  });
}
