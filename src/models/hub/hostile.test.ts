/** Hubs that lie, portals that stand between, connections that stall, and caches that all of these spoilt. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, HubServer } from '../../../tests/support/hub-server.ts';
import { StudioError } from '../../errors.ts';
import { isSafePath } from './answer.ts';
import { hubFiles } from './hub-files.ts';
import { MemoryHubStore } from './store.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const FOLDER = `hub/lab--tiny/${COMMIT}`;
const model = Uint8Array.from({ length: 50_000 }, (_, i) => i % 251);
const config = new TextEncoder().encode('{"model_type": "bert"}');
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

let hub: HubServer;
let endpoint: string;
let store: MemoryHubStore;
const open = (stall = 30_000) => hubFiles({ name: 'lab/tiny', revision: 'main' }, { endpoint, store, stall });

beforeEach(async () => {
  hub = new HubServer();
  endpoint = await hub.open();
  store = new MemoryHubStore();
  hub.repositories.set('lab/tiny', {
    commit: COMMIT,
    files: { 'model.onnx': model, 'config.json': config, 'empty.txt': new Uint8Array() },
  });
});
afterEach(() => hub.close());

/** What is thrown: one of our own, in one sentence of at most 400 characters. */
async function problem(act: () => Promise<unknown>): Promise<string> {
  const error: unknown = await act().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StudioError);
  const { message } = error as StudioError;
  expect(message.length).toBeLessThanOrEqual(400);
  return message;
}

describe('a path of a hub', () => {
  it.each([
    'model.onnx',
    'onnx/model.onnx',
    '.gitattributes',
    'a..b/c',
    'onnx/decoder model (1).onnx_data',
    '模型/模型.onnx',
  ])('may be %j', (path) => expect(isSafePath(path)).toBe(true));

  it.each([
    '',
    '/etc/passwd',
    '../model.onnx',
    'onnx/../../model.onnx',
    '.',
    'a/./b',
    'a//b',
    'a/',
    '.. /b',
    '... /b',
    '..\\model.onnx',
    'a\\b',
    'C:/model.onnx',
    'a/c:model.onnx',
    'model\u0000.onnx',
    'model\n.onnx',
    'model\ud800.onnx',
    'a/'.repeat(20) + 'b',
    'x'.repeat(201),
    'x/'.repeat(4) + 'y'.repeat(600),
  ])('may not be %j', (path) => expect(isSafePath(path)).toBe(false));
});

describe('a hub that lies', () => {
  it.each([
    '../../../..',
    '..',
    COMMIT + '/x',
    '',
    7,
    null,
    { a: 1 },
    'main',
    COMMIT.toUpperCase(),
    'a'.repeat(65),
  ])('about the commit (%j) is refused, and nothing is kept', async (sha) => {
    hub.lies = { sha };
    expect(await problem(open)).toMatch(
      /as the commit of lab\/tiny, which is no git commit; use another endpoint/,
    );
    expect(store.paths()).toEqual([]);
  });

  it('about a path is refused, and nothing is kept', async () => {
    const entry = (path: unknown) => ({ ...entryOf(['model.onnx', model]), path });
    for (const path of ['../../.bashrc', '/etc/passwd', 'a\\b', 'C:x', 'x\u0007', 7, null]) {
      hub.lies = { tree: [entry('model.onnx'), entry(path)] };
      expect(await problem(open)).toMatch(/as a file of lab\/tiny, which is no path inside its folder/);
    }
    expect(store.paths()).toEqual([]);
  });

  it.each([
    ['no list', { error: 'x' }],
    ['a text', 'files'],
    ['nothing', null],
    ['lists of lists', [[1]]],
    ['a size that is none', [{ ...entryOf(['model.onnx', model]), size: -1 }]],
    ['a large file without its sha256', [{ ...entryOf(['model.onnx', model]), lfs: { oid: 'x', size: 7 } }]],
    ['a size that is text', [{ ...entryOf(['model.onnx', model]), lfs: { oid: 'x', size: '7' } }]],
    ['an unknown kind', [{ ...entryOf(['model.onnx', model]), type: 'link' }]],
  ])('with %s for its files is refused', async (_, tree) => {
    hub.lies = { tree };
    expect(await problem(open)).toMatch(/listed the files of lab\/tiny in another form than the hub's/);
  });

  it('cannot place a file where another is still arriving', async () => {
    hub.lies = { tree: [entryOf(['model.onnx', model]), entryOf(['model.onnx.partial', config])] };
    expect(await (await open()).list()).toEqual(['model.onnx']);
  });

  it('cannot send more than it lists', async () => {
    const files = await open();
    hub.faults = ['endless'];
    expect(await problem(() => files.read('model.onnx'))).toMatch(
      /sent more of model\.onnx than the 50000 bytes/,
    );
    expect(await store.size(`${FOLDER}/model.onnx.partial`)).toBe(0);
    expect(await files.read('model.onnx')).toEqual(model);
  });

  it('is not believed through a listing that was kept', async () => {
    const kept = 'hub/lab--tiny/refs/main.json';
    const listing = { commit: '../../..', files: [{ path: 'model.onnx', size: 3 }] };
    await store.append(kept, new TextEncoder().encode(JSON.stringify(listing)));
    await hub.close();
    expect(await problem(open)).toMatch(/cannot be reached/);
  });
});

describe('a page in place of a file', () => {
  it.each(['page', 'disguisedPage'] as const)('is refused and leaves nothing (%s)', async (fault) => {
    const files = await open();
    hub.faults = [fault];
    expect(await problem(() => files.read('config.json'))).toMatch(
      /sent a web page in place of config\.json \(perhaps of a sign-in or a proxy\)/,
    );
    expect(await store.size(`${FOLDER}/config.json.partial`)).toBe(0);
    expect(text(await files.read('config.json'))).toBe(text(config));
  });

  it('in place of the listing leaves what was kept to be used', async () => {
    await (await open()).read('model.onnx');
    hub.faults = [{ listing: 'page' }];
    const files = await open();
    expect(files.offline).toBe(true);
    expect(await files.read('model.onnx')).toEqual(model);
    store = new MemoryHubStore();
    expect(await problem(open)).toMatch(/sent a web page in place of the files of lab\/tiny/);
  });
});

describe('a connection that stalls', () => {
  it('ends, and is taken up where it stopped', async () => {
    const files = await open(150);
    hub.faults = [{ stalled: 20_000 }];
    expect(await problem(() => files.read('model.onnx'))).toMatch(
      /sent nothing for 0\.15 s; check the connection/,
    );
    expect(await store.size(`${FOLDER}/model.onnx.partial`)).toBe(20_000);
    expect(await store.has(`${FOLDER}/model.onnx`)).toBe(false);
    expect(await files.read('model.onnx')).toEqual(model);
    expect(hub.requests.at(-1)).toBe('model.onnx bytes=20000-');
  });

  it('ends also before any answer', async () => {
    const never: typeof fetch = () => new Promise(() => {});
    const asked = () =>
      hubFiles({ name: 'lab/tiny', revision: 'main' }, { endpoint, store, stall: 50, fetch: never });
    expect(await problem(asked)).toMatch(/sent nothing for 0\.05 s/);
  });
});

describe('a cache', () => {
  it('of a file whose bytes are others mends itself, in another visit', async () => {
    for (const [name, right] of [
      ['model.onnx', model],
      ['config.json', config],
    ] as const) {
      await store.append(`${FOLDER}/${name}`, Uint8Array.from(right).fill(60, 0, 20));
      expect(await (await open()).read(name)).toEqual(right);
      expect(await store.read(`${FOLDER}/${name}`)).toEqual(right);
    }
  });

  it('of an earlier version, which began a file with a page and went on by range, mends itself', async () => {
    const page = new TextEncoder().encode('<html>portal</html>');
    await store.append(`${FOLDER}/model.onnx`, page);
    expect(await (await open()).read('model.onnx')).toEqual(model);
  });

  it('of an earlier version that holds the beginning of a file is gone on from', async () => {
    await store.append(`${FOLDER}/model.onnx`, model.slice(0, 30_000));
    expect(await (await open()).read('model.onnx')).toEqual(model);
    expect(hub.requests).toEqual(['model.onnx bytes=30000-']);
  });

  it('with a wrong beginning is fetched anew, without a word', async () => {
    await store.append(`${FOLDER}/model.onnx.partial`, new Uint8Array(30_000).fill(9));
    expect(await (await open()).read('model.onnx')).toEqual(model);
    expect(hub.requests).toEqual(['model.onnx bytes=30000-', 'model.onnx']);
  });

  it('is read through once in a visit, and asks for nothing', async () => {
    await (await open()).read('model.onnx');
    hub.requests.length = 0;
    const files = await open();
    expect(await files.read('model.onnx')).toEqual(model);
    expect(text(await files.read('empty.txt'))).toBe('');
    expect(hub.requests).toEqual([]);
  });

  it('of a hub that lists no hash is used, but for a page in it', async () => {
    const entry = { ...entryOf(['model.onnx', model]), oid: 'x', lfs: undefined };
    hub.lies = { tree: [entry] };
    await store.append(`${FOLDER}/model.onnx`, new TextEncoder().encode('<html>'.padEnd(model.length)));
    expect(await (await open()).read('model.onnx')).toEqual(model);
  });

  it('goes on from the beginning where a range begins elsewhere', async () => {
    await store.append(`${FOLDER}/model.onnx.partial`, model.slice(0, 10_000));
    hub.faults = ['shifted'];
    expect(await (await open()).read('model.onnx')).toEqual(model);
  });
});
