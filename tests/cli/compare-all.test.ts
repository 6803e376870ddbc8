/** A comparison of every method of the catalogue, through the command line, ends with a report of all of them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METHOD_TYPES } from '../../src/deltas/defaults.ts';
import type { RunEvent } from '../../src/train/events.ts';
import { delta, makeProject, type CliResult } from '../support/cli.ts';
import { writePrompts } from '../support/prompts.ts';
import { SMALL_OPTIONS } from '../support/small-methods.ts';

const TIMEOUT = 300_000;
let folder: string;
let compared: CliResult;

describe('delta compare over all methods', { timeout: TIMEOUT }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'delta-all-'));
    const base = JSON.parse(readFileSync(makeProject(folder), 'utf8')) as Record<string, object>;
    const training = { steps: 4, batchSize: 4, evaluateEvery: 4, seed: 3, dropout: 0 };
    for (const [i, name] of ['first', 'second'].entries()) {
      const method = { type: 'adapter', bottleneck: 4, placement: 'pfeiffer' };
      const spec = { ...base, method, training: { ...training, steps: 1, seed: i } };
      writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(spec));
      const command = ['train', '--spec', `${name}.json`, '--out', name, '--adapter', 'wasm'];
      const { status, stderr } = await delta(command, folder);
      expect(status, stderr).toBe(0);
    }
    const prompts = writePrompts(folder, 3, 2, 32);
    const compare = METHOD_TYPES.map((type) => ({
      name: type,
      method: { type, ...SMALL_OPTIONS[type], ...(type === 'ipt' && { prompts }) },
    }));
    const { method: _, ...shared } = base;
    writeFileSync(path.join(folder, 'all.json'), JSON.stringify({ ...shared, training, compare }));
    compared = await delta(['compare', '--spec', 'all.json', '--out', 'all', '--adapter', 'wasm'], folder);
  }, TIMEOUT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }), TIMEOUT);

  it('trains each of them to its end', () => {
    expect(compared.status, compared.stderr).toBe(0);
    for (const type of METHOD_TYPES) {
      const place = path.join(folder, 'all', type);
      const events = readFileSync(path.join(place, 'metrics.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as RunEvent);
      expect(events.at(-1), type).toMatchObject({ type: 'end', reason: 'completed', step: 4 });
      const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []));
      expect(losses.length, type).toBe(4);
      expect(losses.every(Number.isFinite), type).toBe(true);
      expect(existsSync(path.join(place, 'adapter')), type).toBe(true);
    }
  });

  it('says of each what it reached, what it trained and what it took', () => {
    const report = readFileSync(path.join(folder, 'all/report.html'), 'utf8');
    const rows = [...report.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row]) => row);
    for (const type of METHOD_TYPES) {
      const own = rows.filter((row) => new RegExp(`>\\s*${type}\\s*<`).test(row));
      expect(own.length, type).toBeGreaterThan(0);
      expect(own.join(' '), type).toMatch(/%/);
      expect(own.join(' '), type).toMatch(/MiB/);
    }
    expect(report).not.toMatch(/undefined|NaN|\[object/);
  });
});
