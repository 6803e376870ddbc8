/**
 * A few mutated inputs of every reader, the same each time, and all inputs that once were findings. Many more:
 * `npm run fuzz -- csv --inputs 100000 --seed 7`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AT_LENGTH } from '../support/at-length.ts';
import { campaign } from './campaign.ts';
import { tryAlone } from './process.ts';
import { READERS } from './readers/index.ts';

const SEED = 1;
const INPUTS = AT_LENGTH ? 300 : 40;
const MENDED = path.join(import.meta.dirname, 'mended');

describe.each(READERS.map(({ name }) => name))('%s', (name) => {
  it(`reads or refuses in one sentence each of ${INPUTS} mutated inputs`, { timeout: 300_000 }, async () => {
    const found = await campaign(name, { inputs: INPUTS, seed: SEED, processes: 1, shrink: false });
    expect(found.map(({ input, kind, detail }) => `${input}: ${kind}\n${detail}`)).toEqual([]);
  });

  const mended = path.join(MENDED, name);
  const folders = existsSync(mended) ? readdirSync(mended).sort() : [];
  it.each(folders)('stands %s, which once it did not', async (folder) => {
    const place = path.join(mended, folder);
    const files = readdirSync(place).map((file) => [
      file,
      new Uint8Array(readFileSync(path.join(place, file))),
    ]);
    expect(await tryAlone(name, Object.fromEntries(files) as Record<string, Uint8Array>)).toBeNull();
  });
});
