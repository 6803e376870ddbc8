/** Models from a hub, against a local server that speaks the same paths. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubServer } from '../../../tests/support/hub-server.ts';
import { loadModel } from '../load.ts';
import { hubFiles } from './hub-files.ts';
import { parseHubId } from './hub-id.ts';
import { MemoryHubStore } from './store.ts';

const folder = path.join(import.meta.dirname, '../../../public/models/bert-l4-h128');
const built = (name: string) => new Uint8Array(readFileSync(path.join(folder, name)));
const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);
const id = (text: string) => parseHubId(text)!;

describe('hub ids', () => {
  it.each([
    ['owner/name', { name: 'owner/name', revision: 'main' }],
    ['owner/na-me.v2@refs/pr/1', { name: 'owner/na-me.v2', revision: 'refs/pr/1' }],
    ['builtin:bert', null],
    ['./folder/model', null],
    ['one', null],
    ['a/b/c', null],
  ])('%s', (text, expected) => expect(parseHubId(text)).toEqual(expected));
});

describe('a model on a hub', () => {
  let hub: HubServer;
  let endpoint: string;
  let store: MemoryHubStore;

  beforeEach(async () => {
    hub = new HubServer();
    endpoint = await hub.open();
    store = new MemoryHubStore();
    hub.repositories.set('lab/tiny', { commit: 'c0ffee', files: { 'onnx/model.onnx': bytes(50_000) } });
  });
  afterEach(() => hub.close());

  it('is loaded like a folder, and from the store the second time', async () => {
    const files = {
      'onnx/model.onnx': built('model.onnx'),
      'config.json': built('config.json'),
      'tokenizer.json': built('tokenizer.json'),
    };
    hub.repositories.set('lab/bert', { commit: 'beef', files });
    const seen: number[] = [];
    const open = () =>
      hubFiles(id('lab/bert'), { endpoint, store, progress: ({ loaded }) => seen.push(loaded) });
    const model = await loadModel(await open(), 'lab/bert');
    expect(model.family).toBe('bert');
    expect(seen.at(-1)).toBeGreaterThan(0);
    const asked = hub.requests.length;
    await loadModel(await open(), 'lab/bert');
    expect(hub.requests.length).toBe(asked);
  });

  it('goes on where a broken download ended, with a range', async () => {
    hub.breakAfter = [20_000];
    const files = await hubFiles(id('lab/tiny'), { endpoint, store });
    expect(await files.read('onnx/model.onnx')).toEqual(bytes(50_000));
    expect(hub.requests).toEqual(['onnx/model.onnx', 'onnx/model.onnx bytes=20000-']);
  });

  it('says how far it came when the connection breaks off for good, and goes on later', async () => {
    hub.breakAfter = [20_000, 0, 0, 0, 0, 0];
    const files = await hubFiles(id('lab/tiny'), { endpoint, store });
    await expect(files.read('onnx/model.onnx')).rejects.toThrow(
      'The download of onnx/model.onnx broke off at 0.02 of 0.05 MB; load the model again to go on from there.',
    );
    hub.breakAfter = [];
    expect(await files.read('onnx/model.onnx')).toEqual(bytes(50_000));
    expect(hub.requests.at(-1)).toBe('onnx/model.onnx bytes=20000-');
  });

  it('begins again with a server that knows no ranges', async () => {
    hub.ranges = false;
    hub.breakAfter = [20_000];
    const files = await hubFiles(id('lab/tiny'), { endpoint, store });
    expect(await files.read('onnx/model.onnx')).toEqual(bytes(50_000));
  });

  it('that was listed before is there offline', async () => {
    const files = await hubFiles(id('lab/tiny'), { endpoint, store });
    await files.read('onnx/model.onnx');
    await hub.close();
    const again = await hubFiles(id('lab/tiny'), { endpoint, store });
    expect(again.offline).toBe(true);
    expect(await again.read('onnx/model.onnx')).toEqual(bytes(50_000));
  });

  it('can be cancelled', async () => {
    const control = new AbortController();
    const files = await hubFiles(id('lab/tiny'), { endpoint, store, signal: control.signal });
    control.abort();
    await expect(files.read('onnx/model.onnx')).rejects.toThrow(/download of lab\/tiny was cancelled/);
  });

  it.each([
    ['lab/none', /does not open lab\/none|has no model lab\/none at revision main; check the spelling/],
    ['lab/tiny@v9', /has no model lab\/tiny at revision v9/],
    ['lab/gated', /does not open lab\/gated to everyone \(it is gated or private/],
    [
      'lab/torch',
      /lab\/torch has no ONNX file \(looked for model\.onnx, onnx\/model\.onnx, .*\); it holds pytorch_model\.bin: choose/,
    ],
  ])('%s is refused in one sentence', async (name, message) => {
    hub.repositories.set('lab/gated', { commit: 'a', files: {}, gated: true });
    hub.repositories.set('lab/torch', { commit: 'b', files: { 'pytorch_model.bin': bytes(3) } });
    await expect(hubFiles(id(name), { endpoint, store })).rejects.toThrow(message);
  });

  it('that cannot be reached says so, and so does an endpoint that is no address', async () => {
    await hub.close();
    await expect(hubFiles(id('lab/tiny'), { endpoint, store })).rejects.toThrow(
      /127\.0\.0\.1:\d+ cannot be reached; check the connection, or set another endpoint/,
    );
    await expect(hubFiles(id('lab/tiny'), { endpoint: 'mirror', store })).rejects.toThrow(
      'The endpoint "mirror" is no web address',
    );
  });

  it('that arrives damaged is fetched again, and thrown away when it does so twice', async () => {
    const files = await hubFiles(id('lab/tiny'), { endpoint, store });
    hub.faults = ['damaged'];
    expect(await files.read('onnx/model.onnx')).toEqual(bytes(50_000));
    store = new MemoryHubStore();
    const again = await hubFiles(id('lab/tiny'), { endpoint, store });
    hub.faults = ['damaged', 'damaged'];
    await expect(again.read('onnx/model.onnx')).rejects.toThrow(/arrived damaged twice/);
    expect(await store.size('hub/lab--tiny/c0ffee/onnx/model.onnx')).toBe(0);
    expect(await store.size('hub/lab--tiny/c0ffee/onnx/model.onnx.partial')).toBe(0);
  });
});
