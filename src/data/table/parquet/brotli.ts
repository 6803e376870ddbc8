/**
 * Brotli where Node.js's own decoder is not: the one in JavaScript, held to the size of a page. By itself it grows its
 * output by whatever each part of the stream announces, and says nothing of an output that is not filled.
 */
import { decompressBrotli } from 'hyparquet-compressors';
import { BrotliOutput } from 'hyparquet-compressors/src/brotli.streams.js';

/** What the decoder writes to, one for each call; set as it begins. */
let output: BrotliOutput | undefined;
let size = 0;
const BUFFERS = new WeakMap<BrotliOutput, Uint8Array>();

function begin(on: BrotliOutput, buffer: Uint8Array): void {
  output = on;
  BUFFERS.set(on, buffer);
}

// The decoder puts a larger buffer in place of the one it began with: that is where it is stopped.
Object.defineProperty(BrotliOutput.prototype, 'buffer', {
  configurable: true,
  get(this: BrotliOutput) {
    return BUFFERS.get(this);
  },
  set(this: BrotliOutput, buffer: Uint8Array) {
    if (buffer.length > size) throw new Error('a page unpacks to more than it says');
    begin(this, buffer);
  },
});

/** @throws Error where other than `wanted` bytes come out, or the stream is damaged */
export function unpackBrotli(bytes: Uint8Array, wanted: number): Uint8Array {
  output = undefined;
  size = wanted;
  const page = decompressBrotli(bytes, wanted);
  if ((output as BrotliOutput | undefined)?.pos !== wanted)
    throw new Error('a page unpacks to another size than it says');
  return page;
}
