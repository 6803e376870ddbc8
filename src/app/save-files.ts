/** Hands files to the browser's downloads: one as it is, several as a zip. */
import { downloadZip } from 'client-zip';
import type { NamedFile } from '../protocol/messages.ts';

/** @param name of the zip, without extension */
export async function saveFiles(name: string, files: readonly NamedFile[]): Promise<void> {
  if (files.length === 1) {
    const [file] = files;
    saveBlob(new Blob([file.bytes]), `${name}-${file.name.split('/').at(-1) ?? file.name}`);
    return;
  }
  const entries = files.map((file) => ({ name: `${name}/${file.name}`, input: file.bytes }));
  saveBlob(await downloadZip(entries).blob(), `${name}.zip`);
}

/** Hands one file to the browser's downloads. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on the blob once the click is through.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
