/** Hubs that are busy, that pack, page or redirect what they send, and repositories that are out of the ordinary. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryOf, HubServer } from '../../../tests/support/hub-server.ts';
import { processorSeconds, started } from '../../../tests/support/processor-time.ts';
import { StudioError } from '../../errors.ts';
import { english } from '../../sentence.ts';
import { hubFiles, type HubOptions } from './hub-files.ts';
import { keptNames } from './kept-names.ts';
import { retryAfter } from './patience.ts';
import { MemoryHubStore } from './store.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const model = Uint8Array.from({ length: 50_000 }, (_, i) => i % 251);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

let hub: HubServer;
let endpoint: string;
let store: MemoryHubStore;
let waits: string[];
const open = (options: Partial<HubOptions> = {}, revision = 'main') =>
  hubFiles(
    { name: 'lab/tiny', revision },
    { endpoint, store, backoff: 1, waiting: (notice) => waits.push(english(notice)), ...options },
  );

beforeEach(async () => {
  hub = new HubServer();
  endpoint = await hub.open();
  store = new MemoryHubStore();
  waits = [];
  hub.repositories.set('lab/tiny', {
    commit: COMMIT,
    files: { 'model.onnx': model, 'a.json': bytesOf('{}') },
  });
});
afterEach(() => hub.close());

async function problem(act: () => Promise<unknown>): Promise<string> {
  const error: unknown = await act().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StudioError);
  const { message } = error as StudioError;
  expect(message.length).toBeLessThanOrEqual(400);
  return message;
}

describe('a hub that is busy', () => {
  it.each([408, 429, 500, 502, 503, 504])(
    'with %i is asked again, listing and file alike, and says so',
    async (status) => {
      hub.answers = [{ status }, { status }];
      const files = await open();
      hub.answers = [{ status }];
      expect(await files.read('model.onnx')).toEqual(model);
      expect(waits).toHaveLength(3);
      expect(waits[0]).toMatch(
        status === 429
          ? /has had too many requests; it is asked again in 1 s\.$/
          : /answered \d+; it is asked again in 1 s\.$/,
      );
    },
  );

  it('is asked after the time that it names', async () => {
    hub.answers = [{ status: 429, headers: { 'Retry-After': '1' } }];
    const before = performance.now();
    await open();
    expect(performance.now() - before).toBeGreaterThan(950);
  });

  it('is left alone where that is long, or where it stays so', async () => {
    hub.answers = [{ status: 429, headers: { 'Retry-After': '3600' } }];
    const files = await open().catch((error: unknown) => error);
    expect((files as Error).message).toMatch(
      /has had too many requests and takes none for lab\/tiny now; try again in 3600 s\.$/,
    );
    hub.answers = [{ status: 503, headers: { 'Retry-After': '7200' } }];
    expect(await problem(open)).toMatch(/ answered 503 for lab\/tiny; try again in 7200 s\.$/);
    hub.answers = Array.from({ length: 4 }, () => ({ status: 503 }));
    expect(await problem(open)).toMatch(/^127\.0\.0\.1:\d+ answered 503 for lab\/tiny; try again later\.$/);
    const whole = await open();
    hub.answers = [{ status: 429, headers: { 'Retry-After': '3600' } }];
    expect(await problem(() => whole.read('model.onnx'))).toContain('try again in 3600 s.');
  });

  it('can be given up while it is waited for', async () => {
    const control = new AbortController();
    hub.answers = [{ status: 503, headers: { 'Retry-After': '60' } }];
    const opened = open({ signal: control.signal, waiting: () => control.abort() });
    expect(await problem(() => opened)).toContain('was cancelled');
  });

  it('names its time in seconds or as a date', () => {
    const of = (value: string) => retryAfter(new Headers({ 'Retry-After': value }));
    expect(of('7')).toBe(7000);
    expect(of(new Date(Date.now() + 60_000).toUTCString())! / 1000).toBeCloseTo(60, -1);
    expect(of(new Date(0).toUTCString())).toBe(0);
    expect([of('soon'), of('-1'), of('1.5'), retryAfter(new Headers())]).toEqual([null, null, null, null]);
  });
});

describe('a hub that sends in another way', () => {
  it.each(['gzip', 'deflate'] as const)(
    'may pack bodies by %s, after a broken download too',
    async (coding) => {
      hub.coding = coding;
      const files = await open();
      expect(await files.read('model.onnx')).toEqual(model);
      const kept = `hub/lab--tiny/${COMMIT}/a.json`;
      await store.append(`${kept}.partial`, new Uint8Array(bytesOf('{')));
      expect(await files.read('a.json')).toEqual(bytesOf('{}'));
    },
  );

  it.each([
    ['whole', (address: string) => `<${address}>; rel="next"`],
    ['relative', (address: string) => `<${address.replace(/^http:\/\/[^/]+/, '')}>; rel="next"`],
    [
      'bare, beside others',
      (address: string) => `<http://x/y>; rel="first", <${address}>;rel=next; title="a"`,
    ],
    [
      'of the hub behind a mirror',
      (address: string) => `<${address.replace(/^http:\/\/[^/]+/, 'https://huggingface.co')}>; rel="next"`,
    ],
  ])('may list its files in parts, the next by an address that is %s', async (_, link) => {
    hub.repositories.get('lab/tiny')!.files['b.json'] = bytesOf('[]');
    hub.paging = { size: 1, link };
    const files = await open();
    expect((await files.list()).toSorted()).toEqual(['a.json', 'b.json', 'model.onnx']);
  });

  it('may send requests on to another host, or round in a circle', async () => {
    let circle = true;
    const front: Server = createServer((request, response) =>
      response.writeHead(307, { Location: circle ? '/again' : endpoint + (request.url ?? '') }).end(),
    );
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    const before = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    expect(await problem(() => open({ endpoint: before }))).toContain('cannot be reached');
    circle = false;
    const files = await open({ endpoint: before });
    expect(await files.read('model.onnx')).toEqual(model);
    front.close();
  });
});

describe('a repository', () => {
  const listed = (...changes: object[]): unknown[] =>
    Object.entries(hub.repositories.get('lab/tiny')!.files).map((file, i) => ({
      ...entryOf(file),
      ...changes[i],
    }));

  it('of a revision with a slash is read', async () => {
    expect((await open({}, 'refs/pr/1')).commit).toBe(COMMIT);
  });

  it('may leave hashes of large files out, name them by other means too, and hold what is no file', async () => {
    hub.lies = {
      tree: [
        ...listed({ lfs: { size: model.length, pointerSize: 134 }, xetHash: 'f'.repeat(64) }),
        { type: 'commit', path: 'vendor', oid: 'a'.repeat(40), size: 0 },
      ],
    };
    expect(await (await open()).read('model.onnx')).toEqual(model);
  });

  it('that is empty says so', async () => {
    hub.lies = { tree: [] };
    expect(await problem(open)).toContain('it is empty');
  });

  it.each([
    ['negative', -1, 'listed the files of lab/tiny in another form'],
    ['beyond all files', 2 ** 60, 'listed the files of lab/tiny in another form'],
    ['no whole number', 1.5, 'listed the files of lab/tiny in another form'],
  ])('of a size that is %s is refused', async (_, size, said) => {
    hub.lies = { tree: listed({ size, lfs: undefined }) };
    expect(await problem(open)).toContain(said);
  });

  it('whose file is shorter than listed is refused, however it is asked for the rest', async () => {
    hub.lies = { tree: listed({ size: model.length + 9, lfs: null, oid: undefined }) };
    const files = await open();
    expect(await problem(() => files.read('model.onnx'))).toContain(
      'sent less of model.onnx than the 50009 bytes',
    );
  });

  it('whose file is not there says which', async () => {
    hub.lies = { tree: [...listed(), { type: 'file', path: 'gone.json', size: 2 }] };
    const files = await open();
    expect(await problem(() => files.read('gone.json'))).toContain(
      'lists gone.json of lab/tiny and does not have it',
    );
  });

  it('that lists a file twice has it once, unless the two differ', async () => {
    hub.lies = { tree: [...listed(), ...listed()] };
    expect(await (await open()).list()).toHaveLength(2);
    hub.lies = { tree: [...listed(), { type: 'file', path: 'a.json', size: 3 }] };
    expect(await problem(open)).toContain('lists "a.json" of lab/tiny twice, and not as the same file');
    hub.lies = { tree: [...listed(), { type: 'file', path: 'a.json/b', size: 3 }] };
    expect(await problem(open)).toContain('lists "a.json" of lab/tiny as a file and as a folder');
  });

  it('keeps files apart that some file systems do not tell apart', async () => {
    const { files } = hub.repositories.get('lab/tiny')!;
    const others = ['A.JSON', 'CON', 'lpt1.txt', 'what?.json', 'dot.', 'caf\u00e9', 'cafe\u0301'];
    for (const name of others) files[name] = bytesOf(name);
    const opened = await open();
    for (const name of others) expect(await opened.read(name)).toEqual(bytesOf(name));
    expect(await opened.read('a.json')).toEqual(bytesOf('{}'));
    const names = [...keptNames(await opened.list()).values()];
    expect(new Set(names.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'model.onnx',
        'a.json',
        'A.JSON%2',
        '%CON',
        '%lpt1.txt',
        'what%3f.json',
        'dot%2e',
      ]),
    );
  });

  it('of any number of files is listed, in time that grows with them', async () => {
    const many = Array.from({ length: 150_000 }, (_, i) => ({ type: 'file', path: `f${i}`, size: 1 }));
    many[0].path = 'model.onnx';
    hub.lies = { tree: many };
    const listed = started();
    expect(await (await open()).list()).toHaveLength(many.length);
    expect(listed()).toBeLessThan(10);
    // Names that are all one to a file system without cases.
    const cases = Array.from({ length: 2 ** 15 }, (_, i) =>
      'abcdefghijklmno'
        .split('')
        .map((letter, place) => ((i >> place) % 2 ? letter.toUpperCase() : letter))
        .join(''),
    );
    let names = new Map<string, string>();
    expect(processorSeconds(() => (names = keptNames(cases)))).toBeLessThan(2);
    expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(cases.length);
  });

  it.each([401, 403])('that answers %i is not open to everyone, as a whole or in a file', async (status) => {
    hub.answers = [{ status }];
    expect(await problem(open)).toContain('does not open lab/tiny to everyone');
    const files = await open();
    hub.answers = [{ status }];
    expect(await problem(() => files.read('model.onnx'))).toContain('does not open lab/tiny to everyone');
  });
});
