import { describe, expect, it } from 'vitest';
import type { ElementType, Initializer } from './source.ts';
import {
  bytesOf,
  checkTensorSize,
  fitHalves,
  floatInitializer,
  floatsOf,
  halfToNumber,
  halvesFrom,
  intInitializer,
  numbersOf,
  sameTensor,
  scalarInitializer,
  transposed,
} from './tensor.ts';

function tensor(type: ElementType, dims: number[], data: ArrayBufferView): Initializer {
  return { name: 't', type, dims, bytes: bytesOf(data) };
}

describe('floatsOf', () => {
  it('is a view of aligned float32', () => {
    const data = Float32Array.of(1.5, -2, 3);
    const view = floatsOf(tensor('float32', [3], data));
    expect(view.buffer).toBe(data.buffer);
    expect(view).toEqual(data);
  });

  it.each([1, 2, 3])('copies float32 that lies %i bytes off', (offset) => {
    const buffer = new Uint8Array(16);
    const bytes = buffer.subarray(offset, offset + 8);
    bytes.set(bytesOf(Float32Array.of(0.25, -7)));
    expect(floatsOf({ name: 't', type: 'float32', dims: [2], bytes })).toEqual(Float32Array.of(0.25, -7));
  });

  it('copies from an unaligned Node Buffer, whose slice would not', () => {
    const buffer = Buffer.alloc(12);
    buffer.writeFloatLE(4.5, 1);
    const bytes = buffer.subarray(1, 5);
    expect(floatsOf({ name: 't', type: 'float32', dims: [1], bytes })).toEqual(Float32Array.of(4.5));
  });

  it.each([
    [0x0000, 0],
    [0x8000, -0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])('decodes the half 0x%s', (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
    expect(floatsOf(tensor('float16', [1], Uint16Array.of(bits)))[0]).toBe(value);
  });

  it('rounds to the nearest half, ties to even, and no further than the largest', () => {
    const every = Array.from({ length: 0x7c00 }, (_, bits) => bits);
    const numbers = every.map(halfToNumber);
    expect([...halvesFrom(numbers)]).toEqual(every);
    expect([...halvesFrom(numbers.map((x) => -x))]).toEqual(every.map((bits) => bits | 0x8000));
    for (let i = 1; i + 1 < every.length; i += 37) {
      // Exact in f32: halfway, and a little to either side.
      const middle = (numbers[i] + numbers[i + 1]) / 2;
      const nudge = (numbers[i + 1] - numbers[i]) / 64;
      const even = i % 2 === 0 ? i : i + 1;
      expect([...halvesFrom([middle - nudge, middle, middle + nudge])]).toEqual([i, even, i + 1]);
    }
    expect([...halvesFrom([65504, 65519, 65520, 1e38, Infinity, -Infinity])]).toEqual([
      0x7bff, 0x7bff, 0x7bff, 0x7bff, 0x7bff, 0xfbff,
    ]);
    expect(halfToNumber(halvesFrom([NaN])[0])).toBeNaN();
    expect(fitHalves([1, -65504, 65519.9, 2 ** -30])).toBe(true);
    for (const number of [65520, -65520, Infinity, NaN]) expect(fitHalves([1, number])).toBe(false);
    expect([...halvesFrom([2 ** -25, 2 ** -25 * 1.01, 2 ** -26])]).toEqual([0, 1, 0]);
  });

  it('decodes bfloat16, the upper half of float32', () => {
    expect(floatsOf(tensor('bfloat16', [3], Uint16Array.of(0x3f80, 0xc040, 0x7f80)))).toEqual(
      Float32Array.of(1, -3, Infinity),
    );
  });

  it('converts doubles, integers and booleans', () => {
    expect(floatsOf(tensor('float64', [1], Float64Array.of(0.1)))[0]).toBe(Math.fround(0.1));
    expect([...floatsOf(tensor('int64', [2], BigInt64Array.of(-5n, 7n)))]).toEqual([-5, 7]);
    expect([...floatsOf(tensor('bool', [2], Uint8Array.of(1, 0)))]).toEqual([1, 0]);
  });
});

describe('numbersOf', () => {
  it.each([
    ['int64', BigInt64Array.of(-1n, 2n ** 53n)],
    ['uint64', BigUint64Array.of(0n, 2n ** 53n)],
    ['int32', Int32Array.of(-1, 2 ** 31 - 1)],
    ['uint32', Uint32Array.of(0, 2 ** 32 - 1)],
    ['int16', Int16Array.of(-1, 32767)],
    ['uint16', Uint16Array.of(0, 65535)],
    ['int8', Int8Array.of(-128, 127)],
    ['uint8', Uint8Array.of(0, 255)],
  ] as const)('reads %s', (type, data) => {
    expect(numbersOf(tensor(type, [2], data))).toEqual(
      Array.from(data as ArrayLike<number | bigint>, Number),
    );
  });
});

describe('making initializers', () => {
  it('round-trips integers as int64', () => {
    const shape = intInitializer('shape', [0, -1, 768]);
    expect(shape).toMatchObject({ type: 'int64', dims: [3] });
    expect(numbersOf(shape)).toEqual([0, -1, 768]);
    expect(intInitializer('axis', [1], []).dims).toEqual([]);
  });

  it('makes scalars, and refuses dims that do not fit', () => {
    expect(scalarInitializer('half', 0.5)).toMatchObject({ type: 'float32', dims: [] });
    expect(() => floatInitializer('w', [2, 2], new Float32Array(3))).toThrow('internal: w has 3 values');
    expect(() => intInitializer('w', [1], [2])).toThrow('internal: w has 1 values');
  });
});

describe('sameTensor', () => {
  const a = floatInitializer('a', [2], Float32Array.of(1, 2));
  it('compares type, dims and bits', () => {
    expect(sameTensor(a, { ...a, name: 'b' })).toBe(true);
    expect(sameTensor(a, floatInitializer('b', [2], Float32Array.of(1, 2)))).toBe(true);
    expect(sameTensor(a, floatInitializer('b', [2], Float32Array.of(1, 3)))).toBe(false);
    expect(sameTensor(a, floatInitializer('b', [1, 2], Float32Array.of(1, 2)))).toBe(false);
    expect(sameTensor(a, { ...a, type: 'int32' })).toBe(false);
    expect(
      sameTensor(
        floatInitializer('z', [1], Float32Array.of(0)),
        floatInitializer('z', [1], Float32Array.of(-0)),
      ),
    ).toBe(false);
  });
});

it('transposes', () => {
  expect(transposed(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3)).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
});

it('reports a tensor whose bytes do not fit its dims', () => {
  const short = { ...floatInitializer('w', [2], new Float32Array(2)), dims: [3] };
  expect(() => checkTensorSize(short, 'model.onnx')).toThrow(
    'model.onnx: tensor w should have 12 bytes (float32 [3]) but has 8',
  );
});
