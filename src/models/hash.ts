/** A fingerprint of a model's weights, which a saved delta records to know its base again. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Parameter, SourceGraph } from '../graph/source.ts';
import { bytesOf, heldBytes, placeOfBytes } from '../graph/tensor.ts';

/** Bytes that are digested here: handing a few over to the engine's own digest takes longer than that. */
const HERE = 8192;

/**
 * SHA-256 over the parameters in order of name: name, type, dims and the SHA-256 of the bytes of each.
 * Two files with the same weights under the same names agree, whoever exported them.
 */
export async function hashModel(
  graph: SourceGraph,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<string> {
  const lines: string[] = [];
  const digests = new Map<object, Map<string, string>>();
  for (const name of [...parameters.keys()].sort()) {
    const { type, dims, bytes } = graph.initializers.get(name)!;
    // Aliases share their bytes, and a file may hold any number of them.
    const { place, offset } = placeOfBytes(bytes);
    const known = digests.get(place) ?? new Map<string, string>();
    digests.set(place, known);
    // The same bytes may have been widened.
    const part = `${offset} ${bytes.byteLength}`;
    const digest = known.get(part) ?? (await digestOf(heldBytes({ bytes })));
    known.set(part, digest);
    lines.push(`${name} ${type} [${dims.join(',')}] ${digest}`);
  }
  return digestOf(new TextEncoder().encode(lines.join('\n')));
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength <= HERE) return bytesToHex(sha256(bytes));
  // SharedArrayBuffer memory cannot be digested, and a view of a file never is one.
  const digest = await crypto.subtle.digest('SHA-256', bytesOf(bytes) as Uint8Array<ArrayBuffer>);
  return bytesToHex(new Uint8Array(digest));
}
