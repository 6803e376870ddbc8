/** What the harness and its processes say to each other, as JSON. */
import type { Files } from './reader.ts';

/** What the parent asks for: a stretch of generated inputs, or one input given as files. */
export type Order =
  | { reader: string; seed: number; from: number; to: number; step: number }
  | { reader: string; files: Record<string, string> };

export type Report =
  | { at: number }
  | { finding: number; kind: string; detail: string; files: Record<string, string> }
  | { done: true };

/** Files as JSON. */
export const packed = (files: Files): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
  );

export const unpacked = (files: Record<string, string>): Files =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))]),
  );
