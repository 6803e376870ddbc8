import { afterEach, describe, expect, it, vi } from 'vitest';
import { builtinFiles } from './builtin.ts';
import { builtinName, filesFromList, filesFromMemory, filesFromUrl } from './files.ts';

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

describe('picked files', () => {
  it('are found by their paths in the folder that was picked', async () => {
    const files = filesFromList([
      { path: 'model.onnx', file: new Blob(['m']) },
      { path: 'onnx/model.onnx', file: new Blob(['n']) },
    ]);
    expect(await files.list()).toEqual(['model.onnx', 'onnx/model.onnx']);
    expect(text(await files.read('onnx/model.onnx'))).toBe('n');
    expect(await files.read('config.json')).toBeUndefined();
    expect(files.model).toBeUndefined();
  });
});

describe('files under a URL', () => {
  afterEach(() => vi.unstubAllGlobals());
  const answer = (body: string, init: ResponseInit) =>
    vi.stubGlobal(
      'fetch',
      vi.fn((url: string) => Promise.resolve(new Response(`${body} of ${url}`, init))),
    );

  it('are fetched beside each other', async () => {
    answer('bytes', { status: 200 });
    const files = filesFromUrl('https://example.org/models/bert/', builtinFiles('bert'));
    expect(text(await files.read('model.onnx'))).toBe('bytes of https://example.org/models/bert/model.onnx');
    expect(await files.list()).toContain('tokenizer.json');
  });

  it('are absent when the server says so, or answers with the page', async () => {
    answer('', { status: 404 });
    expect(await filesFromUrl('https://example.org/', []).read('vocab.txt')).toBeUndefined();
    answer('<html>', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(await filesFromUrl('https://example.org/', []).read('vocab.txt')).toBeUndefined();
  });

  it('say what went wrong', async () => {
    answer('', { status: 503, statusText: 'Unavailable' });
    await expect(filesFromUrl('https://example.org/', []).read('model.onnx')).rejects.toThrow(
      'https://example.org/model.onnx answered 503 Unavailable; check the connection and try again.',
    );
  });
});

it('files in memory are found by their own names only', async () => {
  const files = filesFromMemory({ 'model.onnx': new Uint8Array(1) });
  expect(await files.read('toString')).toBeUndefined();
  expect(await files.list()).toEqual(['model.onnx']);
});

it('names built-in models', () => {
  expect(builtinName('builtin:bert-l4-h128')).toBe('bert-l4-h128');
  expect(builtinName('models/bert')).toBeUndefined();
  expect(builtinName('builtin:../secret')).toBeUndefined();
});
