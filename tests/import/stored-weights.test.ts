/** Weights stay in their file: read again each time they are looked at, and never those of another file. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import type { Initializer } from '../../src/graph/source.ts';
import { bytesOf, floatsOf, halvesFrom, heldBytes } from '../../src/graph/tensor.ts';
import { bertConfig, bertGraph } from '../../src/measure/random-bert.ts';
import { filesFromMemory } from '../../src/models/files.ts';
import { loadModel } from '../../src/models/load.ts';
import { writeModel } from '../../src/onnx/write.ts';

const WORDS = 'bert.embeddings.word_embeddings.weight';
const graph = bertGraph({ ...bertConfig(64, 1), vocabulary: 600 });
const half = (tensor: Initializer): Initializer =>
  tensor.type === 'float32'
    ? { ...tensor, type: 'float16', bytes: bytesOf(halvesFrom(floatsOf(tensor))) }
    : tensor;
const halves = new Map([...graph.initializers].map(([name, tensor]) => [name, half(tensor)]));
const exports = { single: writeModel(graph), half: writeModel({ ...graph, initializers: halves }) };
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-stored-'));
  for (const [name, bytes] of Object.entries(exports))
    writeFileSync(path.join(folder, `${name}.onnx`), bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['single', 'half'] as const)('a model in %s precision on disk', (precision) => {
  const load = () => loadModel(modelFiles(path.join(folder, `${precision}.onnx`)), 'x');

  it('is the same as in memory, and its large weights stay in the file', async () => {
    const held = await loadModel(filesFromMemory({ 'model.onnx': exports[precision] }), 'x');
    const stored = await load();
    expect(stored.hash).toBe(held.hash);
    expect(stored.graph.initializers.size).toBe(held.graph.initializers.size);
    for (const [name, tensor] of held.graph.initializers)
      expect(same(heldBytes(stored.graph.initializers.get(name)!), heldBytes(tensor)), name).toBe(true);
    const { bytes } = stored.graph.initializers.get(WORDS)!;
    expect(bytes).not.toBeInstanceOf(Uint8Array);
    expect(bytes.byteLength).toBe(600 * 64 * 4);
    expect(same(writeModel(stored.graph), writeModel(held.graph))).toBe(true);
  });

  it('is refused once its file is another', async () => {
    const file = path.join(folder, `${precision}.onnx`);
    const words = (await load()).graph.initializers.get(WORDS)!;
    utimesSync(file, 1, 1);
    expect(() => heldBytes(words)).toThrow(`${file} cannot be read; it may have been moved or changed since`);
    writeFileSync(file, exports[precision].subarray(0, 1000));
    expect(() => heldBytes(words)).toThrow('cannot be read');
    rmSync(file);
    expect(() => heldBytes(words)).toThrow('cannot be read');
  });
});
