/** Says what a file that is not ONNX is instead, by its first bytes, so that the message can help. */

/** A clause such as `is a web page (HTML)` with its remedy, or undefined when nothing is recognised. */
export function recogniseNonOnnx(bytes: Uint8Array): { what: string; remedy: string } | undefined {
  if (bytes.byteLength === 0) return { what: 'is empty', remedy: 'download or export it again' };
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 512));
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (text.startsWith('version https://git-lfs'))
    return {
      what: 'is a Git LFS pointer, not the model',
      remedy: 'run `git lfs pull` or download the file itself',
    };
  if (/^<(!doctype|html|head|\?xml|body)/i.test(text))
    return {
      what: 'is a web page (HTML), not a model',
      remedy: 'download the file itself, not the page about it',
    };
  if (head.startsWith('PK\x03\x04'))
    return { what: 'is a zip archive', remedy: 'unpack it and give the .onnx file or the folder inside' };
  if (head.startsWith('\x1f\x8b')) return { what: 'is gzip-compressed', remedy: 'decompress it first' };
  if (head.startsWith('\x89HDF')) return { what: 'is a Keras HDF5 file', remedy: EXPORT };
  if (head.startsWith('GGUF')) return { what: 'is a GGUF file', remedy: EXPORT };
  if (head.startsWith('ORTM', 4))
    return { what: 'is in ONNX Runtime’s ORT format', remedy: 'give the .onnx file it was made from' };
  if (head.slice(8, 9) === '{' && safetensorsHeader(bytes))
    return { what: 'is a safetensors file: weights without a graph', remedy: EXPORT };
  if (/^[[{]/.test(text)) return { what: 'is JSON, not a model', remedy: 'give the .onnx file' };
  return undefined;
}

const EXPORT = 'export the model to ONNX (`optimum-cli export onnx`) and give that';

function safetensorsHeader(bytes: Uint8Array): boolean {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  return length > 1n && length < 100_000_000n;
}
