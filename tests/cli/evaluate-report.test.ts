/** What a classifier's answers say beyond single figures: in run.json, and from `delta evaluate --json`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/runs/record.ts';
import type { ClassReport } from '../../src/train/metrics/report/report.ts';
import { delta, makeProject, rowsText } from '../support/cli.ts';

let folder: string;
let record: RunRecord;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-report-'));
  const data = {
    train: 'train.tsv',
    validation: 'dev.csv',
    test: 'test.csv',
    columns: { text: ['sentence'], label: 'label' },
    maxLength: 8,
  };
  const spec = makeProject(folder, { data });
  writeFileSync(path.join(folder, 'test.csv'), rowsText(12, ',', ['sentence', 'label']));
  const out = path.join(folder, 'run');
  const trained = await delta(['train', '--spec', spec, '--out', out, '--adapter', 'wasm'], folder);
  expect(trained.status, trained.stderr).toBe(0);
  record = JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8')) as RunRecord;
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Share of the rows on the diagonal. */
function accuracyOf({ confusion, rows }: ClassReport): number {
  return confusion.reduce((sum, row, c) => sum + row[c], 0) / rows;
}

describe('a classifier', { timeout: 180_000 }, () => {
  it('leaves its answers to the rows held out in run.json, by the weights that were kept', () => {
    const { temperature, validation, test } = record.answers!;
    expect(temperature).toBeGreaterThan(0);
    expect([validation!.rows, test!.rows]).toEqual([7, 12]);
    expect(accuracyOf(validation!)).toBeCloseTo(record.summary.scores!.validation!.accuracy, 12);
    expect(accuracyOf(test!)).toBeCloseTo(record.summary.scores!.test!.accuracy, 12);
    expect(test!.classes.map(({ support }) => support)).toEqual([4, 4, 4]);
    expect(test!.macro.f1).toBeCloseTo(record.summary.scores!.test!.f1, 12);
    expect(test!.curves).toHaveLength(3);
    expect(test!.calibration.bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(12);
  });

  it('gets the same from another evaluation of the same rows, and intervals', async () => {
    const args = ['evaluate', '--run', 'run', '--data', 'test.csv', '--adapter', 'wasm', '--json'];
    const { status, stdout, stderr } = await delta(args, folder);
    expect(status, stderr).toBe(0);
    const found = JSON.parse(stdout) as {
      metrics: Record<string, number>;
      intervals: Record<string, [number, number]>;
      report: ClassReport;
    };
    expect(found.report.confusion).toEqual(record.answers!.test!.confusion);
    expect(found.report.calibration.temperature).toBe(record.answers!.temperature);
    expect(found.report.calibration.ece).toBeCloseTo(record.answers!.test!.calibration.ece, 5);
    for (const name of ['accuracy', 'f1', 'matthews']) {
      const [low, high] = found.intervals[name];
      expect(low).toBeLessThanOrEqual(found.metrics[name]);
      expect(high).toBeGreaterThanOrEqual(found.metrics[name]);
    }
  });
});
