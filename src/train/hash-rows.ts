/** The hash of encoded rows: what a run that goes on must find again. */
import type { EncodedDataset, EncodedTargets } from '../data/batching/encoded.ts';

/** SHA-256, in hexadecimal, over rows as the model sees them: tokens, labels or targets, in their order. */
export async function hashRows(datasets: readonly (EncodedDataset | null)[]): Promise<string> {
  const parts: Uint8Array[] = [];
  for (const rows of datasets)
    if (rows !== null) parts.push(...arraysOf(rows), ...(rows.targets ? arraysOf(rows.targets) : []));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength + 8, 0));
  let at = 0;
  for (const part of parts) {
    new DataView(all.buffer).setFloat64(at, part.byteLength, true);
    all.set(part, at + 8);
    at += 8 + part.byteLength;
  }
  const digest = await crypto.subtle.digest('SHA-256', all);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function arraysOf(rows: EncodedDataset | EncodedTargets): Uint8Array[] {
  return Object.entries(rows)
    .filter(([, value]) => ArrayBuffer.isView(value))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => {
      const { buffer, byteOffset, byteLength } = value as Uint8Array;
      return new Uint8Array(buffer, byteOffset, byteLength);
    });
}
