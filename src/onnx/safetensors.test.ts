import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../../tests/support/shared.ts';
import { StudioError } from '../errors.ts';
import type { Initializer } from '../graph/source.ts';
import { bytesOf, floatInitializer, floatsOf, intInitializer, numbersOf } from '../graph/tensor.ts';
import { readSafetensors, safetensorsInParts, writeSafetensors } from './safetensors.ts';

const pair = [
  floatInitializer('b.weight', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)),
  intInitializer('a.ids', [7, -8]),
  {
    name: 'c.half',
    type: 'float16',
    dims: [1],
    bytes: bytesOf(Uint16Array.of(0x3c00)),
  } satisfies Initializer,
];

/** A file with this header and these bytes after it. */
function file(header: unknown, data = new Uint8Array(0)): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.byteLength + data.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.byteLength);
  return bytes;
}

describe('safetensors', () => {
  it('round-trips tensors and metadata', () => {
    const { tensors, metadata } = readSafetensors(writeSafetensors(pair, { format: 'pt' }));
    expect(metadata).toEqual({ format: 'pt' });
    expect([...tensors.keys()]).toEqual(['a.ids', 'b.weight', 'c.half']); // widest elements first
    expect(tensors.get('b.weight')!.dims).toEqual([2, 3]);
    expect([...floatsOf(tensors.get('b.weight')!)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(numbersOf(tensors.get('a.ids')!)).toEqual([7, -8]);
    expect(numbersOf(tensors.get('c.half')!)).toEqual([1]);
  });

  it('aligns every tensor to its element, so that it reads without a copy', () => {
    for (const tensor of readSafetensors(writeSafetensors(pair)).tensors.values())
      expect(
        tensor.bytes.byteOffset % (tensor.type === 'int64' ? 8 : 4) === 0 || tensor.type === 'float16',
      ).toBe(true);
  });

  it('round-trips anything', () => {
    const values = fc.dictionary(
      fc.string({ minLength: 1 }).filter((n) => !n.startsWith('__')),
      fc.array(fc.float({ noNaN: true })),
    );
    fc.assert(
      fc.property(values, (entries) => {
        const tensors = Object.entries(entries).map(([name, v]) =>
          floatInitializer(name, [v.length], Float32Array.from(v)),
        );
        const read = readSafetensors(writeSafetensors(tensors)).tensors;
        expect(read.size).toBe(tensors.length);
        for (const t of tensors) expect(floatsOf(read.get(t.name)!)).toEqual(floatsOf(t));
      }),
    );
  });

  it('is one sentence about a file that is cut short, wherever it is cut', () => {
    const whole = writeSafetensors(pair);
    for (let length = 0; length < whole.byteLength; length += 7) {
      const read = () => readSafetensors(whole.slice(0, length), 'adapter.safetensors');
      expect(read, `cut at ${length}`).toThrow(StudioError);
      expect(read).toThrow(
        /^adapter\.safetensors is not a whole safetensors file: .*; save or download it again\.$/,
      );
    }
  });

  it.each([
    ['a header that is not JSON', file('{nope'), 'its header is not JSON'],
    ['a header that is a list', file([]), 'its header is not an object'],
    [
      'no header length',
      new TextEncoder().encode('<!doctype html><html></html>'),
      'does not begin with a header length',
    ],
    [
      'an unknown dtype',
      file({ w: { dtype: 'Q4', shape: [1], data_offsets: [0, 1] } }),
      'tensor w has dtype Q4',
    ],
    [
      'a dtype that is a list',
      file({ w: { dtype: ['F32'], shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4)),
      'tensor w has dtype ["F32"]',
    ],
    ['no shape', file({ w: { dtype: 'F32', data_offsets: [0, 4] } }), 'tensor w has no shape'],
    [
      'a negative dim',
      file({ w: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }),
      'tensor w has no shape',
    ],
    ['no place', file({ w: { dtype: 'F32', shape: [1] } }), 'tensor w has no place in the file'],
    [
      'too few bytes',
      file({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } }, new Uint8Array(4)),
      'tensor w has 4 bytes, which is not F32 [2]',
    ],
    [
      'bytes past the end',
      file({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }),
      'ends at byte 4 of 0',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  it('does not write one name twice', () => {
    expect(() => writeSafetensors([pair[0], pair[0]])).toThrow('internal: tensor b.weight twice');
  });
});

const adapter = path.join(sharedFolder, 'models/peft-adapters/lora_bert/adapter_model.safetensors');
describe.skipIf(!existsSync(adapter))('a file that PEFT wrote (needs the shared folder)', () => {
  it('reads, and is written again byte for byte', () => {
    const bytes = new Uint8Array(readFileSync(adapter));
    const { tensors, metadata } = readSafetensors(bytes);
    expect([...tensors.keys()].some((name) => name.endsWith('lora_A.weight'))).toBe(true);
    expect(Buffer.from(writeSafetensors(tensors.values(), metadata)).equals(bytes)).toBe(true);
  });
});

describe('a file in parts', () => {
  it('is the same bytes, of the tensors’ own memory', () => {
    const tensors = [
      floatInitializer('b', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)),
      floatInitializer('a', [1], Float32Array.of(7)),
    ];
    const { byteLength, parts } = safetensorsInParts(tensors, { format: 'pt' });
    const [head, ...others] = parts;
    expect(others.map(({ buffer }) => buffer)).toEqual([tensors[1].bytes.buffer, tensors[0].bytes.buffer]);
    expect(others[1].buffer).toBe(tensors[0].bytes.buffer);
    expect(head.byteLength % 8).toBe(0);
    const file = writeSafetensors(tensors, { format: 'pt' });
    expect(file.byteLength).toBe(byteLength);
    expect(Buffer.concat([...parts]).equals(Buffer.from(file))).toBe(true);
  });

  it('looks at a tensor’s bytes when its turn has come', () => {
    let looks = 0;
    const tensor: Initializer = {
      name: 'a',
      type: 'float32',
      dims: [2],
      get bytes() {
        looks++;
        return new Uint8Array(8);
      },
    };
    const { parts } = safetensorsInParts([tensor]);
    expect(looks).toBe(0);
    expect([...parts]).toHaveLength(2);
    expect(looks).toBe(1);
  });
});
