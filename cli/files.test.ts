import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelFiles } from './files.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'delta-files-'));
  mkdirSync(path.join(root, 'bert/onnx'), { recursive: true });
  for (const name of ['bert/model.onnx', 'bert/onnx/model_fp16.onnx', 'bert/config.json'])
    writeFileSync(path.join(root, name), name);
});

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

describe('modelFiles', () => {
  it('lists and reads a folder, relative to a base', async () => {
    const files = modelFiles('bert', root);
    expect((await files.list()).sort()).toEqual(['config.json', 'model.onnx', 'onnx/model_fp16.onnx']);
    expect(files.model).toBeUndefined();
    expect(text(await files.read('config.json'))).toBe('bert/config.json');
    expect(await files.read('tokenizer.json')).toBeUndefined();
    expect(await files.read('onnx')).toBeUndefined();
  });

  it('takes a file by name, with the files beside it', async () => {
    const files = modelFiles(path.join(root, 'bert/model.onnx'));
    expect(files.model).toBe('model.onnx');
    expect(text(await files.read('config.json'))).toBe('bert/config.json');
  });

  it('looks above onnx/ for the rest', async () => {
    const files = modelFiles('bert/onnx/model_fp16.onnx', root);
    expect(files.model).toBe('onnx/model_fp16.onnx');
    expect(text(await files.read('config.json'))).toBe('bert/config.json');
  });

  it('finds built-in models wherever it is called from', async () => {
    expect(await modelFiles('builtin:bert-l4-h128', root).list()).toEqual(
      expect.arrayContaining(['model.onnx', 'config.json', 'tokenizer.json', 'tokenizer_config.json']),
    );
  });

  it('says what there is when there is not what was asked for', () => {
    expect(() => modelFiles('builtin:gpt', root)).toThrow(
      'There is no built-in model gpt; there are builtin:bert-l3-h96, builtin:bert-l4-h128, builtin:bert-l4-h256, builtin:t5-l3-h64, builtin:t5-l3-h128, builtin:t5-l3-h256.',
    );
    expect(() => modelFiles('berd', root)).toThrow(/^There is no berd in .*; give an \.onnx file, a folder/);
    expect(() => modelFiles('owner/name', root)).toThrow(/or a hub id such as owner\/name\.$/);
  });
});
