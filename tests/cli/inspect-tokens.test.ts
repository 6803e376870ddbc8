import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delta, makeProject } from '../support/cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-inspect-tokens-'));
  makeProject(folder);
  mkdirSync(path.join(folder, 'words'));
  writeFileSync(
    path.join(folder, 'words', 'vocab.txt'),
    '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nfilm\n##s\ngood\n',
  );
  writeFileSync(path.join(folder, 'lines.txt'), 'good film\r\n\nfilms good\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('delta inspect', () => {
  it('shows the ids and tokens of a sentence beside what the model is', async () => {
    const { status, stdout } = await delta(
      ['inspect', 'model', '--sentence', 'the fine film', '--json'],
      folder,
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      task: 'classification',
      ids: [2, 11, 5, 12, 3],
      tokens: ['[CLS]', 'the', 'fine', 'film', '[SEP]'],
    });
  });

  it('shows the ids of every line, of a folder that holds a tokenizer only too', async () => {
    const { status, stdout } = await delta(['inspect', 'words', '--lines', 'lines.txt', '--json'], folder);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      source: 'words',
      lines: [
        [2, 7, 5, 3],
        [2, 3],
        [2, 5, 6, 7, 3],
      ],
    });
    const read = await delta(['inspect', 'words', '--sentence', 'films'], folder);
    expect(read.stdout).toBe('ids: 2 5 6 3\ntokens: [CLS] film ##s [SEP]\n');
  });

  it('says which file of lines there is not', async () => {
    const { status, stderr } = await delta(['inspect', 'words', '--lines', 'none.txt'], folder);
    expect(status).toBe(1);
    expect(stderr).toBe('delta: There is no file none.txt; check --lines.\n');
  });
});
