/** Data sets from a hub, against a local server that speaks the same paths. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HubServer } from '../../../tests/support/hub-server.ts';
import { english } from '../../sentence.ts';
import { hubDataCommit, openHubData, parseHubData, type DataPart } from './hub-data.ts';
import { MemoryHubStore } from './store.ts';

const parquet = (name: string) =>
  new Uint8Array(
    readFileSync(path.join(import.meta.dirname, '../../../tests/data/parquet', `${name}.parquet`)),
  );

describe('references', () => {
  const id = { name: 'owner/name', revision: 'refs/convert/parquet', type: 'dataset' };
  it.each([
    ['hub:owner/name', { id }],
    ['hub:owner/name:test', { id, split: 'test' }],
    ['hub:owner/name/sst2:validation', { id, config: 'sst2', split: 'validation' }],
    ['hub:owner/name@main/sst2', { id: { ...id, revision: 'main' }, config: 'sst2' }],
    ['hub:owner/name@refs%2Fpr%2F1', { id: { ...id, revision: 'refs/pr/1' } }],
    ['train.tsv', null],
  ])('%s', (text, expected) => expect(parseHubData(text)).toEqual(expected));

  it.each(['hub:name', 'hub:a/b/c/d', 'hub:a/b:', 'hub:../x'])('%s is refused', (text) =>
    expect(() => parseHubData(text)).toThrow(`"${text}" is no data set of a hub`),
  );
});

describe('a data set of a hub', () => {
  let hub: HubServer;
  let endpoint: string;
  let store: MemoryHubStore;
  const open = (text: string, part: DataPart = 'train') =>
    openHubData(parseHubData(text)!, { endpoint, store, part });

  const notesOf = async (text: string, part: DataPart) => (await open(text, part)).notes.map(english);
  /** Of the files themselves, said once however many there are. */
  const IMAGE = 'Columns of bytes that are no text are left out: "image".';

  beforeEach(async () => {
    hub = new HubServer();
    endpoint = await hub.open();
    store = new MemoryHubStore();
    hub.repositories.set('datasets/lab/texts', {
      commit: 'c0ffee',
      revision: 'refs/convert/parquet',
      files: {
        'README.md': new Uint8Array(3),
        'small/train/0000.parquet': parquet('none'),
        'small/train/0001.parquet': parquet('gzip'),
        'small/validation/0000.parquet': parquet('snappy'),
        'large/partial-train/0000.parquet': parquet('zstd'),
      },
    });
  });
  afterEach(() => hub.close());

  it('is its files of a split one after the other, kept by commit', async () => {
    const one = await open('hub:lab/texts/small:validation');
    const table = await open('hub:lab/texts/small');
    expect(table.rows).toBe(2 * one.rows);
    expect(table.columns).toEqual(one.columns);
    expect(table.notes.map(english)).toEqual([IMAGE]);
    const [column] = table.columns;
    expect(table.column(column).slice(0, one.rows)).toEqual(one.column(column));
    expect(table.column(column).slice(one.rows)).toEqual(one.column(column));
    const asked = hub.requests.length;
    expect(asked).toBe(3);
    await open('hub:lab/texts/small:train');
    expect(hub.requests.length).toBe(asked);
    expect(await hubDataCommit(parseHubData('hub:lab/texts')!, { endpoint, store })).toBe('c0ffee');
  });

  it('takes the split that the data are for, and says where only a beginning is there', async () => {
    expect(await notesOf('hub:lab/texts/small', 'validation')).toEqual([IMAGE]);
    const [image, note] = await notesOf('hub:lab/texts/large', 'train');
    expect(image).toBe(IMAGE);
    expect(note).toMatch(/^Of lab\/texts the first \d+ rows are read, and the rest is left out\.$/);
  });

  it('goes on where a broken download ended, and refuses what is another file', async () => {
    hub.breakAfter = [100, 0, 0, 0];
    await expect(open('hub:lab/texts/small:validation')).rejects.toMatchObject({
      code: 'storage',
      where: 'data.train',
    });
    hub.breakAfter = [];
    await open('hub:lab/texts/small:validation');
    expect(hub.requests.at(-1)).toBe('small/validation/0000.parquet bytes=100-');
    hub.faults = ['damaged', 'damaged'];
    await expect(open('hub:lab/texts/large')).rejects.toThrow('arrived damaged twice');
  });

  it.each([
    [
      'hub:lab/texts',
      'lab/texts has several configurations (small, large); name one, as in hub:lab/texts/small',
    ],
    ['hub:lab/texts/medium', 'lab/texts has no configuration medium; it has small, large'],
    ['hub:lab/texts/small:test', 'lab/texts has no split test; it has train, validation'],
    ['hub:lab/nothing', 'has no data set lab/nothing at revision refs/convert/parquet'],
  ])('%s is refused with what there is', async (text, sentence) => {
    await expect(open(text)).rejects.toMatchObject({ code: 'data', where: 'data.train' });
    await expect(open(text)).rejects.toThrow(sentence);
  });

  it("takes a repository's own Parquet files at another revision", async () => {
    hub.repositories.set('datasets/lab/own', {
      commit: 'beef',
      files: {
        'data/train-00000-of-00002.parquet': parquet('none'),
        'data/train-00001-of-00002.parquet': parquet('none'),
        'data/test-00000-of-00001.parquet': parquet('none'),
      },
    });
    const test = await open('hub:lab/own@main', 'test');
    expect((await open('hub:lab/own@main')).rows).toBe(2 * test.rows);
  });

  it('is what was kept when the hub cannot be reached', async () => {
    const before = await open('hub:lab/texts/small:validation');
    await hub.close();
    const after = await open('hub:lab/texts/small:validation');
    expect(after.rows).toBe(before.rows);
    expect(after.notes.map(english)).toEqual([
      IMAGE,
      'The hub cannot be reached; lab/texts is taken as it was kept before.',
    ]);
    hub = new HubServer();
    await hub.open();
  });
});
