/** A part of the decoder that the package gives no types of. */
declare module 'hyparquet-compressors/src/brotli.streams.js' {
  export interface BrotliOutput {
    buffer: Uint8Array;
    /** Bytes written. */
    pos: number;
  }
  export const BrotliOutput: { readonly prototype: BrotliOutput };
}
