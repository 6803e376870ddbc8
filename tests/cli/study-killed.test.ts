/** `delta study` ended by the system in the middle of a cell: another process goes on with it bit for bit. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOCK_NAME } from '../../cli/folder-lock.ts';
import type { RunEvent } from '../../src/train/events.ts';
import type { Row } from '../../src/study/study.ts';
import { deltaProcess, makeProject } from '../support/cli.ts';

const TIMEOUT = 600_000;
const STEPS = 600;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-study-killed-'));
  makeProject(folder, {
    data: {
      train: 'train.tsv',
      validation: 'dev.csv',
      test: 0.3,
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 8,
    },
    training: { steps: STEPS, batchSize: 4, evaluateEvery: 20, seed: 3 },
    seeds: [3],
    compare: undefined,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = <T>(...parts: string[]): T[] =>
  readFileSync(path.join(folder, ...parts), 'utf8')
    .trimEnd()
    .split('\n')
    // The system may end it in the middle of a line.
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as T);
const asked = (out: string): string[] => [
  ...['study', 'performance', '--spec', 'spec.json', '--out', out],
  ...['--methods', 'lora', '--adapter', 'wasm'],
];

it(
  'goes on from its checkpoint to the same losses, scores and curve',
  async () => {
    const whole = await deltaProcess(asked('whole'), folder);
    expect(whole.status, whole.stderr).toBe(0);
    const [row] = lines<Row>('whole', 'runs.jsonl');
    const cell = (out: string, name: string) => path.join(folder, out, 'cells', row.cell, name);

    const killWhen = () => existsSync(cell('cut', 'checkpoint.safetensors'));
    const killed = await deltaProcess(asked('cut'), folder, { killWhen });
    expect(killed.status).not.toBe(0);
    // It died at its work: its lock lies there, and there is no row.
    expect(existsSync(cell('cut', LOCK_NAME))).toBe(true);
    expect(existsSync(path.join(folder, 'cut', 'runs.jsonl'))).toBe(false);
    const before = lossesOf(lines<RunEvent>('cut', 'cells', row.cell, 'metrics.jsonl'));
    expect(Math.max(...before.keys())).toBeLessThan(STEPS);
    // Half a line, as if it had been in the middle of one.
    writeFileSync(cell('cut', 'metrics.jsonl'), '{"type":"st', { flag: 'a' });

    const more = await deltaProcess(asked('cut'), folder);
    expect(more.status, more.stderr).toBe(0);
    const [other, ...others] = lines<Row>('cut', 'runs.jsonl');
    expect(others).toEqual([]);
    expect(other.cell).toBe(row.cell);
    expect(other.scores).toEqual(row.scores);
    const values = ({ curve }: Row) => curve.map(({ step, tokens, value }) => [step, tokens, value]);
    expect(values(other)).toEqual(values(row));
    const after = lines<RunEvent>('cut', 'cells', row.cell, 'metrics.jsonl');
    const losses = lossesOf(after);
    expect(losses.size).toBe(STEPS);
    expect(losses).toEqual(lossesOf(lines('whole', 'cells', row.cell, 'metrics.jsonl')));
    // It did go on: the steps before the checkpoint were not taken again.
    expect(after.filter(({ type }) => type === 'step')).toHaveLength(STEPS);
    expect(existsSync(cell('cut', LOCK_NAME))).toBe(false);
  },
  TIMEOUT,
);

/** By step. */
function lossesOf(events: readonly RunEvent[]): Map<number, number> {
  return new Map(
    events.flatMap((event) => (event.type === 'step' ? [[event.step, event.loss] as const] : [])),
  );
}
