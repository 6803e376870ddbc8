/** Weights beside the model, far into a large file: read in parts, never whole. */
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, StringStringEntryProtoSchema, TensorProto_DataLocation } from 'onnx-buf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from '../../cli/files.ts';
import { filesFromList, type PickedFile } from '../../src/models/files.ts';
import { loadModel } from '../../src/models/load.ts';

const ORACLE = path.join(import.meta.dirname, '../oracle/bert');
/** Where the weights begin: beyond what 32 bits count. */
const BASE = 4.5 * 2 ** 30;
let folder: string;
let end: number;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-external-'));
  copyFileSync(path.join(ORACLE, 'config.json'), path.join(folder, 'config.json'));
  const model = fromBinary(ModelProtoSchema, readFileSync(path.join(ORACLE, 'model.onnx')));
  const file = openSync(path.join(folder, 'model.onnx_data'), 'w');
  end = BASE;
  for (const tensor of model.graph!.initializer) {
    const bytes = tensor.rawData;
    if (bytes.length < 64) continue;
    writeSync(file, bytes, 0, bytes.length, end);
    const entries = { location: 'model.onnx_data', offset: String(end), length: String(bytes.length) };
    tensor.externalData = Object.entries(entries).map(([key, value]) =>
      create(StringStringEntryProtoSchema, { key, value }),
    );
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.rawData = new Uint8Array();
    end += bytes.length;
  }
  // A hole of 4.5 GiB before the weights and one behind them take no room on the disk.
  ftruncateSync(file, end + 2 ** 30);
  closeSync(file);
  writeFileSync(path.join(folder, 'model.onnx'), toBinary(ModelProtoSchema, model));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('external data beyond 4 GiB', () => {
  it('is the same model, from a folder', async () => {
    const there = await loadModel(modelFiles(ORACLE), 'x');
    const model = await loadModel(modelFiles(folder), 'x');
    expect(model.hash).toBe(there.hash);
  });

  it('is read by slices of what a person picked', async () => {
    const data = path.join(folder, 'model.onnx_data');
    const asked: [number, number][] = [];
    const blob = (name: string): PickedFile => ({
      path: name,
      file: new Blob([new Uint8Array(readFileSync(path.join(folder, name)))]),
    });
    const large: PickedFile['file'] = {
      size: end + 2 ** 30,
      arrayBuffer: () => Promise.reject(new Error('read whole')),
      slice: (from = 0, to = 0) => {
        asked.push([from, to]);
        return new Blob([readAt(data, from, to)]);
      },
    };
    const files = filesFromList([
      blob('model.onnx'),
      blob('config.json'),
      { path: 'model.onnx_data', file: large },
    ]);
    const model = await loadModel(files, 'x');
    expect(model.hash).toBe((await loadModel(modelFiles(ORACLE), 'x')).hash);
    expect(asked.every(([from, to]) => from >= BASE && to <= end)).toBe(true);
  });

  it('is not read whole by mistake', async () => {
    await expect(modelFiles(folder).read('model.onnx_data')).rejects.toThrow(
      /model\.onnx_data has 5\.9 GB and a file is read whole up to 2 GB; export the model with its weights/,
    );
  });
});

function readAt(file: string, from: number, to: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(to - from);
  const handle = openSync(file, 'r');
  readSync(handle, bytes, 0, bytes.length, from);
  closeSync(handle);
  return bytes;
}
