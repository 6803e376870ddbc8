/** The folder of downloads: nothing is read or written outside it, whatever a hub answers. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hubFiles } from '../src/models/hub/hub-files.ts';
import { entryOf, HubServer } from '../tests/support/hub-server.ts';
import { readPart } from './file-parts.ts';
import { FolderHubStore } from './hub.ts';
import { loadTable } from './load.ts';

const model = Uint8Array.from({ length: 50_000 }, (_, i) => i % 251);
let home: string;
let cache: string;
let hub: HubServer;
let endpoint: string;

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'delta-hub-'));
  cache = path.join(home, 'cache');
  writeFileSync(path.join(home, '.bashrc'), 'mine\n');
  hub = new HubServer();
  endpoint = await hub.open();
  hub.repositories.set('o/m', { commit: 'c0ffee', files: { 'model.onnx': model } });
});
afterEach(async () => {
  await hub.close();
  rmSync(home, { recursive: true, force: true });
});

const open = () =>
  hubFiles({ name: 'o/m', revision: 'main' }, { endpoint, store: new FolderHubStore(cache) });
const below = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
        .sort()
    : [];

describe('a hostile hub', () => {
  it.each([
    ['a commit', { sha: '../../../..' }],
    [
      'a path',
      { tree: [entryOf(['model.onnx', model]), { ...entryOf(['x', model]), path: '../../../../.bashrc' }] },
    ],
    ['both', { sha: '../../..', tree: [{ ...entryOf(['.bashrc', model]), size: 80_000 }] }],
  ])('writes nowhere with %s that leads elsewhere', async (_, lies) => {
    hub.lies = lies;
    await expect(open().then((files) => files.read('model.onnx'))).rejects.toThrow(/use another endpoint\.$/);
    expect(below(home)).toEqual(['.bashrc']);
    expect(readFileSync(path.join(home, '.bashrc'), 'utf8')).toBe('mine\n');
  });

  it('is stopped by the folder itself too', async () => {
    const store = new FolderHubStore(cache);
    await expect(store.append('../.bashrc', model.slice())).rejects.toThrow(
      /lies outside the folder of downloads/,
    );
    await expect(store.read('hub/../../.bashrc')).rejects.toThrow(/lies outside/);
    await store.append('a', model.slice());
    await expect(store.move('a', '../b')).rejects.toThrow(/lies outside/);
    expect(below(home)).toEqual(['.bashrc', 'cache/a']);
  });
});

describe('the folder of downloads', () => {
  it('names a file only when it is whole', async () => {
    const files = await open();
    hub.breakAfter = [20_000, 0, 0, 0, 0];
    await expect(files.read('model.onnx')).rejects.toThrow(/broke off at 0\.02 of 0\.05 MB/);
    expect(below(cache)).toEqual(['hub/o--m/c0ffee/model.onnx.partial', 'hub/o--m/refs/main.json']);
    hub.breakAfter = [];
    expect(await (await open()).read('model.onnx')).toEqual(model);
    expect(below(cache)).toEqual(['hub/o--m/c0ffee/model.onnx', 'hub/o--m/refs/main.json']);
  });

  it('mends itself after a bad answer was kept', async () => {
    const place = path.join(cache, 'hub/o--m/c0ffee');
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'model.onnx'), '<html>'.padEnd(model.length));
    expect(await (await open()).read('model.onnx')).toEqual(model);
    expect(new Uint8Array(readFileSync(path.join(place, 'model.onnx')))).toEqual(model);
  });

  it('that cannot be written is named in one sentence', async () => {
    writeFileSync(cache, 'a file where the folder should be');
    await expect(open()).rejects.toThrow(
      /cannot be read or written \((ENOTDIR|EEXIST)\); free disk space or set DELTA_CACHE/,
    );
  });

  it('gives parts of a file', async () => {
    const file = path.join(home, 'x');
    writeFileSync(file, model);
    expect(await readPart(file, 49_990, 100)).toEqual(model.slice(49_990));
    expect(await readPart(file, 10, 5)).toEqual(model.slice(10, 15));
    expect(await readPart(file, 60_000, 5)).toEqual(new Uint8Array());
  });
});

describe('a data set of a hub', () => {
  it('is a data file like any other, asked of HF_ENDPOINT and kept in DELTA_CACHE', async () => {
    const bytes = new Uint8Array(
      readFileSync(path.join(import.meta.dirname, '../tests/data/parquet/none.parquet')),
    );
    const files = { 'default/validation/0000.parquet': bytes };
    const repository = { commit: 'beef', revision: 'refs/convert/parquet', files };
    hub.repositories.set('datasets/o/d', repository);
    process.env.HF_ENDPOINT = endpoint;
    process.env.DELTA_CACHE = cache;
    try {
      const table = await loadTable('hub:o/d', home, 'data.validation');
      expect(table.rows).toBeGreaterThan(0);
      expect(below(cache)).toContain('hub-data/o--d/beef/default/validation/0000.parquet');
      await expect(loadTable('hub:o/d', home, 'data.train')).rejects.toThrow(
        'o/d has no split train; it has validation',
      );
    } finally {
      delete process.env.HF_ENDPOINT;
      delete process.env.DELTA_CACHE;
    }
  });
});
