/** Files in memory, where tests have no browser's file system. They can be made to refuse, as a full disk does. */
import { partsOfBytes, type FileParts } from '../../src/models/file-parts.ts';
import { inOnePiece, type FileInParts } from '../../src/onnx/safetensors.ts';
import type { FileStore } from '../../src/runs/storage/files.ts';

export class MemoryFiles implements FileStore {
  declare protected readonly nominal: true;
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  /** What the next writes throw. */
  refusal: Error | null = null;

  async write(path: string, content: Uint8Array<ArrayBuffer> | FileInParts): Promise<void> {
    if (this.refusal !== null) throw this.refusal;
    this.files.set(path, content instanceof Uint8Array ? content.slice() : inOnePiece(content));
  }

  async read(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
    return this.files.get(path)?.slice() ?? null;
  }

  async open(path: string): Promise<FileParts | null> {
    const bytes = await this.read(path);
    return bytes && partsOfBytes(bytes);
  }

  async remove(path: string): Promise<void> {
    for (const file of [...this.files.keys()])
      if (file === path || file.startsWith(`${path}/`)) this.files.delete(file);
  }
}
