/** A disk that is full after so many bytes, as the system tells it: part of a write is taken, the next is refused. */
import { createRequire, syncBuiltinESMExports } from 'node:module';

const fs = createRequire(import.meta.url)('node:fs') as { writeSync: (...args: never[]) => number };

/** Runs `work` while all that is written through `writeSync` shares `room` bytes. */
export async function onFullDisk<T>(room: number, work: () => Promise<T>): Promise<T> {
  const write = fs.writeSync as (
    handle: number,
    bytes: Uint8Array,
    ...rest: (number | undefined)[]
  ) => number;
  let left = room;
  fs.writeSync = (
    handle: number,
    bytes: Uint8Array,
    offset = 0,
    length = bytes.byteLength - offset,
    position?: number,
  ) => {
    // The standard outputs are no files of that disk.
    if (handle <= 2) return write(handle, bytes, offset, length, position);
    const count = Math.min(length, left);
    if (count === 0 && length > 0)
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    left -= count;
    return write(handle, bytes, offset, count, position);
  };
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    fs.writeSync = write;
    syncBuiltinESMExports();
  }
}
