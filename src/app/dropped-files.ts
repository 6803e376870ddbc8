/** Files out of a drop, folders opened up. */
import type { FolderFile } from '../protocol/messages.ts';

/** @returns files with paths relative to what was dropped, and the first entry's name */
export async function droppedFiles(transfer: DataTransfer): Promise<{ name: string; files: FolderFile[] }> {
  // Entries must be taken before the first await: the list is emptied when the event ends.
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const loose = [...transfer.files];
  if (entries.length === 0) {
    return { name: loose[0]?.name ?? '', files: loose.map((file) => ({ path: file.name, file })) };
  }
  const files = (await Promise.all(entries.map((entry) => walk(entry, '')))).flat();
  // A single folder is what its files are relative to.
  if (entries.length === 1 && entries[0].isDirectory)
    return { name: entries[0].name, files: withoutFirst(files) };
  return { name: entries[0].name, files };
}

/** Files chosen with an `<input type="file">`, a folder input included. */
export function chosenFiles(list: FileList): { name: string; files: FolderFile[] } {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  const folder = list[0]?.webkitRelativePath.split('/')[0] ?? '';
  return folder === '' ? { name: list[0]?.name ?? '', files } : { name: folder, files: withoutFirst(files) };
}

function withoutFirst(files: FolderFile[]): FolderFile[] {
  return files.map(({ path, file }) => ({ path: path.slice(path.indexOf('/') + 1), file }));
}

async function walk(entry: FileSystemEntry, prefix: string): Promise<FolderFile[]> {
  const path = `${prefix}${entry.name}`;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const files: FolderFile[] = [];
  // A reader hands out a folder in portions and ends with an empty one.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (portion.length === 0) return files;
    for (const child of portion) for (const file of await walk(child, `${path}/`)) files.push(file);
  }
}
