/** A part of the decoder that the package gives no types of. */
declare module 'hyparquet-compressors/src/brotli.streams.js' {
  export class BrotliOutput {
    buffer: Uint8Array;
    /** Bytes written. */
    pos: number;
  }
}
