/** Saved adapters that methods of a comparison start from, by the name that `method.init` has. */
import { unzipSync } from 'fflate';
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import { filesFromList, type ModelFiles } from '../models/files.ts';
import type { FolderFile } from '../protocol/messages.ts';
import { describeFolder } from '../runs/adapter-layouts.ts';

/** A folder without files. */
export const NO_FILES: Pick<ModelFiles, 'read'> = { read: async () => undefined };

export class SavedStarts {
  readonly #folders = new Map<string, ModelFiles>();

  /** @throws StudioError('adapter-file') for what is no adapter */
  async open(name: string, files: readonly FolderFile[]): Promise<void> {
    const folder = filesFromList(await unpacked(name, files));
    if ((await describeFolder(folder, name)) === null)
      throw new StudioError(
        'adapter-file',
        say`${name} holds no adapter: choose its zip, or its adapter_config.json or delta_config.json together with its weights.`,
        { where: 'method.init' },
      );
    this.#folders.set(name, folder);
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

/** The files themselves, out of a zip and without the folder that all of them are in. */
async function unpacked(name: string, files: readonly FolderFile[]): Promise<FolderFile[]> {
  if (files.length !== 1 || !/\.zip$/i.test(files[0].path)) return [...files];
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(new Uint8Array(await files[0].file.arrayBuffer()));
  } catch (cause) {
    throw new StudioError(
      'adapter-file',
      say`The adapter ${name} is not a whole zip; save or download it again.`,
      {
        where: 'method.init',
        cause,
      },
    );
  }
  const paths = Object.keys(entries).filter((path) => !path.endsWith('/'));
  const [folder] = paths[0]?.split('/') ?? [''];
  const wrapped = paths.every((path) => path.startsWith(`${folder}/`));
  return paths.map((path) => {
    const inside = wrapped ? path.slice(folder.length + 1) : path;
    return { path: inside, file: new File([entries[path] as Uint8Array<ArrayBuffer>], inside) };
  });
}
