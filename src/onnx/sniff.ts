/** Says what a file that is not ONNX is instead, by its first bytes, so that the message can help. */
import { say, type Sentence } from '../sentence.ts';

/** A clause such as `is a web page (HTML)` with its remedy, or undefined when nothing is recognised. */
export function recogniseNonOnnx(bytes: Uint8Array): { what: Sentence; remedy: Sentence } | undefined {
  if (bytes.byteLength === 0) return { what: say`is empty`, remedy: say`download or export it again` };
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 512));
  const text = head.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (text.startsWith('version https://git-lfs'))
    return {
      what: say`is a Git LFS pointer, not the model`,
      remedy: say`run \`git lfs pull\` or download the file itself`,
    };
  if (/^<(!doctype|html|head|\?xml|body)/i.test(text))
    return {
      what: say`is a web page (HTML), not a model`,
      remedy: say`download the file itself, not the page about it`,
    };
  if (head.startsWith('PK\x03\x04'))
    return {
      what: say`is a zip archive`,
      remedy: say`unpack it and give the .onnx file or the folder inside`,
    };
  if (head.startsWith('\x1f\x8b')) return { what: say`is gzip-compressed`, remedy: say`decompress it first` };
  if (head.startsWith('\x89HDF')) return { what: say`is a Keras HDF5 file`, remedy: EXPORT };
  if (head.startsWith('GGUF')) return { what: say`is a GGUF file`, remedy: EXPORT };
  if (head.startsWith('ORTM', 4))
    return { what: say`is in ONNX Runtime’s ORT format`, remedy: say`give the .onnx file it was made from` };
  if (head.slice(8, 9) === '{' && safetensorsHeader(bytes))
    return { what: say`is a safetensors file: weights without a graph`, remedy: EXPORT };
  if (/^[[{]/.test(text)) return { what: say`is JSON, not a model`, remedy: say`give the .onnx file` };
  return undefined;
}

const EXPORT = say`export the model to ONNX (\`optimum-cli export onnx\`) and give that`;

function safetensorsHeader(bytes: Uint8Array): boolean {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  return length > 1n && length < 100_000_000n;
}
