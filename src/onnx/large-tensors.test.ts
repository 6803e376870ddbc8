import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, StringStringEntryProtoSchema, TensorProto_DataLocation } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { graph, node, weight } from '../../tests/support/graphs.ts';
import type { StoredBytes } from '../graph/source.ts';
import { floatInitializer, heldBytes } from '../graph/tensor.ts';
import { LARGE, withoutLargeTensors } from './large-tensors.ts';
import { readModel } from './read.ts';
import { writeModel } from './write.ts';

const random = (name: string, rows: number) =>
  floatInitializer(
    name,
    [rows, 64],
    Float32Array.from({ length: rows * 64 }, (_, i) => Math.sin(i * rows)),
  );
const large = [random('first', LARGE / 256), random('second', 700)];
const model = writeModel(
  graph(
    [node('MatMul', ['x', 'w'], 'y'), node('Add', ['y', 'small'], 'z')],
    [...large, random('small', 2), random('almost', LARGE / 256 - 1), weight('w', [2, 3])],
  ),
);

/** Notes what is read of a file. */
function watched(bytes: Uint8Array) {
  const asked: [number, number][] = [];
  const part = (offset: number, length: number): Promise<Uint8Array> => {
    asked.push([offset, length]);
    return Promise.resolve(bytes.slice(offset, offset + length));
  };
  return { size: bytes.byteLength, part, asked };
}

const changed = (change: (proto: ReturnType<typeof parsed>) => void): Uint8Array => {
  const proto = parsed(model);
  change(proto);
  return toBinary(ModelProtoSchema, proto);
};
const parsed = (bytes: Uint8Array) => fromBinary(ModelProtoSchema, bytes);

describe('a model without its large tensors', () => {
  it('is the same model with external data in the file itself', async () => {
    const light = (await withoutLargeTensors(watched(model), 'model.onnx'))!;
    expect(light.byteLength).toBeLessThan(LARGE + 4096);
    const reads: number[] = [];
    const part = (offset: number, byteLength: number): StoredBytes => ({
      place: model,
      offset,
      byteLength,
      read: () => {
        reads.push(offset);
        return model.slice(offset, offset + byteLength);
      },
    });
    const read = readModel(light, (name) =>
      name === 'model.onnx' ? { size: model.byteLength, part } : undefined,
    );
    const whole = readModel(model);
    expect(reads).toEqual([]);
    expect([...read.graph.initializers.keys()]).toEqual([...whole.graph.initializers.keys()]);
    for (const [name, tensor] of whole.graph.initializers) {
      const other = read.graph.initializers.get(name)!;
      expect({ ...other, bytes: 0 }).toEqual({ ...tensor, bytes: 0 });
      expect(Buffer.compare(heldBytes(other), heldBytes(tensor)), name).toBe(0);
    }
    expect(reads).toHaveLength(2);
    expect({ ...read.graph, initializers: 0 }).toEqual({ ...whole.graph, initializers: 0 });
  });

  it('is found without reading the weights', async () => {
    const data = floatInitializer('huge', [2 ** 20, 8], new Float32Array(2 ** 23).fill(1));
    const file = watched(writeModel(graph([node('Relu', ['x'], 'y')], [data])));
    expect(await withoutLargeTensors(file, 'm')).not.toBeNull();
    expect(file.asked.reduce((sum, [, length]) => sum + length, 0)).toBeLessThan(2 ** 20);
  });

  it.each<[string, Uint8Array]>([
    ['no large tensor', writeModel(graph([node('Relu', ['x'], 'y')], [random('small', 2)]))],
    ['a cut', model.slice(0, -5)],
    ['nothing', new Uint8Array()],
    ['another format', new TextEncoder().encode('PK\x03\x04'.padEnd(900, 'x'))],
    ['noise', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)],
    [
      'tensors of other sizes than their shapes',
      changed(({ graph: g }) => g!.initializer.forEach((tensor) => (tensor.dims = [3n]))),
    ],
    [
      'tensors said to lie elsewhere',
      changed(({ graph: g }) =>
        g!.initializer.forEach((tensor) => {
          tensor.externalData = [create(StringStringEntryProtoSchema, { key: 'location', value: 'x' })];
          tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
        }),
      ),
    ],
  ])('is the whole file for %s', async (_, bytes) => {
    expect(await withoutLargeTensors(watched(bytes), 'model.onnx')).toBeNull();
  });

  it('never fails otherwise on a file cut anywhere or changed in any byte of its heads', async () => {
    for (let cut = 0; cut < 400; cut++)
      expect(await withoutLargeTensors(watched(model.slice(0, cut)), 'm')).toBeNull();
    for (let at = 0; at < 400; at++) {
      const spoiled = model.slice();
      spoiled[at] ^= 0xff;
      const light = await withoutLargeTensors(watched(spoiled), 'm');
      expect(light === null || light.byteLength < model.byteLength).toBe(true);
    }
  });
});
