import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { tableFromPlain } from '../../data/table/plain-table.ts';
import { StudioError } from '../../errors.ts';
import { filesFromMemory } from '../../models/files.ts';
import { archiveFiles } from '../../runs/archive.ts';
import { storedComparison } from '../../../tests/support/stored.ts';
import { readerDesk } from './desk.ts';
import type { FromReader, ReaderPort, ToReader } from './messages.ts';
import { ReadingRoom } from './room.ts';

/** A reader without a worker: what goes through is cloned as messages are. */
class DeskPort implements ReaderPort {
  onmessage: ReaderPort['onmessage'] = null;
  onerror: ReaderPort['onerror'] = null;
  ended = false;
  readonly #desk = readerDesk(
    (message, transfer) => this.say(structuredClone(message, { transfer })),
    undefined,
  );
  postMessage(message: ToReader): void {
    // Not cloned: Node's clone of a file is one without its name.
    this.#desk(message);
  }
  say(message: FromReader): void {
    if (!this.ended) this.onmessage?.({ data: message });
  }
  terminate(): void {
    this.ended = true;
  }
}

const file = (name: string, contents: string | Uint8Array<ArrayBuffer>): File => new File([contents], name);
const table = (one: File) => ({ kind: 'table', file: one, reading: {} }) as const;

describe('a reading room', () => {
  it('reads a table, and refuses one as its reader does', async () => {
    const room = new ReadingRoom({ start: () => new DeskPort(), locks: undefined });
    const read = tableFromPlain(await room.read(table(file('a.tsv', 'text\tlabel\nfine\t1\ndull\t0\n'))));
    expect([read.columns, read.column('text'), read.lineOf(1)]).toEqual([
      ['text', 'label'],
      ['fine', 'dull'],
      3,
    ]);
    const refused = await room
      .read(table(file('b.csv', 'text,label\nfine,1\ndull\n')))
      .catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(StudioError);
    expect((refused as StudioError).message).toMatch(/^b\.csv, line 3: /);
    expect((refused as StudioError).sentence.values[0]).toBe('b.csv');
  });

  it('reads a zip of the history, and refuses what is none', async () => {
    const room = new ReadingRoom({ start: () => new DeskPort(), locks: undefined });
    const entry = { comparison: storedComparison('one'), runs: [] };
    const rest = async () => ({ events: [], adapter: null });
    const saved: Record<string, Uint8Array> = {};
    for await (const { name, bytes } of archiveFiles(entry, { predictions: async () => null, rest }))
      saved[name] = bytes;
    const zip = file('films.zip', new Uint8Array(zipSync(saved)));
    const refusal = await room
      .read({ kind: 'archive', file: zip, id: 'two' })
      .catch((error: unknown) => String(error));
    // Its runs have no states: which is said by the reader, and comes through.
    expect(refusal).toMatch(/films\.zip cannot be opened: the run "lora" is missing in it/);
    await expect(room.read({ kind: 'archive', file: file('b.zip', 'no'), id: 'two' })).rejects.toThrow(
      'b.zip cannot be opened: it is no zip, or not a whole one; save or download it again.',
    );
    room.release();
  });

  it('hands over a column that is damaged as its refusal', async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'text', data: ['a fine film', 'a dull one'], type: 'STRING' },
          { name: 'label', data: [1, 0], type: 'INT32' },
        ],
        codec: 'UNCOMPRESSED',
      }),
    );
    bytes.fill(0xff, 4, 24);
    const room = new ReadingRoom({ start: () => new DeskPort(), locks: undefined });
    const read = tableFromPlain(await room.read(table(file('a.parquet', bytes))));
    expect(read.column('label')).toEqual(['1', '0']);
    expect(() => read.column('text')).toThrow(/^a\.parquet: the column "text" .* cannot be read/);
  });

  it('reads a model whose files stay with whoever asks', async () => {
    const oracle = (name: string) =>
      new Uint8Array(readFileSync(new URL(`../../../tests/oracle/bert/${name}`, import.meta.url)));
    const files = filesFromMemory({
      'model.onnx': oracle('model.onnx'),
      'config.json': oracle('config.json'),
    });
    const asked = vi.spyOn(files, 'read');
    const room = new ReadingRoom({ start: () => new DeskPort(), locks: undefined });
    const model = await room.read({ kind: 'model', name: 'mine' }, files);
    expect([model.source, model.family, model.parameters.size > 10]).toEqual(['mine', 'bert', true]);
    expect(asked.mock.calls.map(([name]) => name)).toContain('model.onnx');
  });

  it.each([
    ['llama', /^llama\.onnx: LLaMA has .*, which cannot be trained yet/],
    ['modernbert', /ModernBERT has .*, which cannot be trained yet/],
  ])('refuses a %s as it is loaded, not only where it would be trained', async (family, message) => {
    const fixture = (end: string) =>
      new Uint8Array(
        readFileSync(new URL(`../../../tests/import/families/${family}.${end}`, import.meta.url)),
      );
    const files = filesFromMemory({ [`${family}.onnx`]: fixture('onnx'), 'config.json': fixture('json') });
    const room = new ReadingRoom({ start: () => new DeskPort(), locks: undefined });
    await expect(room.read({ kind: 'model', name: 'mine' }, files)).rejects.toThrow(message);
  });

  describe('ends', () => {
    let ports: DeskPort[];
    let waiting: Map<string, () => void>;
    let room: ReadingRoom;
    /** A reader that never comes to an end. */
    const hanging = () => {
      const port = new DeskPort();
      port.postMessage = (message) => {
        if (message.type === 'hello') lock = message.lock;
      };
      ports.push(port);
      return port;
    };
    let lock = '';

    beforeEach(() => {
      vi.useFakeTimers();
      ports = [];
      waiting = new Map();
      const request = (name: string, granted: () => void) => {
        waiting.set(name, granted);
        return Promise.resolve();
      };
      room = new ReadingRoom({
        start: hanging,
        locks: { request } as unknown as Pick<LockManager, 'request'>,
      });
    });
    afterEach(() => void vi.useRealTimers());

    it('what takes too long, with its reader; the next has another', async () => {
      const refused = room.read(table(file('a.csv', 'x'))).catch((e: unknown) => String(e));
      await vi.advanceTimersByTimeAsync(19_000);
      expect(ports[0].ended).toBe(false);
      await vi.advanceTimersByTimeAsync(3000);
      expect(ports[0].ended).toBe(true);
      expect(await refused).toMatch(/a\.csv was being read for 21 seconds without an end/);
      void room.read(table(file('b.csv', 'x'))).catch(() => {});
      expect(ports).toHaveLength(2);
    });

    it('what is given up, and what another takes the place of', async () => {
      const first = room.read(table(file('a.csv', 'x'))).catch((e: unknown) => String(e));
      room.cancel('model');
      expect(ports[0].ended).toBe(false);
      room.cancel('table');
      expect(await first).toMatch(/Reading a\.csv was given up/);
      const second = room.read(table(file('b.csv', 'x'))).catch((e: unknown) => String(e));
      void room.read(table(file('c.csv', 'x'))).catch(() => {});
      expect(await second).toMatch(/Reading b\.csv was given up/);
      expect(ports.map(({ ended }) => ended)).toEqual([true, true, false]);
    });

    it('where the browser ended the reader', async () => {
      const refused = room.read(table(file('a.csv', 'x'))).catch((e: unknown) => String(e));
      ports[0].say({ type: 'alive' });
      waiting.get(lock)!();
      expect(await refused).toMatch(/Reading a\.csv took more memory/);
    });
  });
});
