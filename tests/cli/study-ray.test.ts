/**
 * `delta study --engine ray`: cells go to workers as headless commands and come back as rows. Ray itself is asked
 * where DELTA_PYTHON names a Python that has it; else a module of its name runs the same driver in this machine's
 * Python, and where there is none the test says so.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoredExperiment } from '../../src/study/stored.ts';
import type { Row } from '../../src/study/study.ts';
import { delta, makeProject } from '../support/cli.ts';

const TIMEOUT = 600_000;
const real = process.env.DELTA_PYTHON !== undefined;
const python = process.env.DELTA_PYTHON ?? 'python3';
const there = spawnSync(python, ['--version']).status === 0;

/** As much of Ray as the driver uses, one task after the other. */
const IN_PLACE_OF_RAY = `
class exceptions:
    class RayError(Exception):
        pass

class Task:
    def __init__(self, function):
        self.function = function
    def options(self, num_cpus):
        assert num_cpus == 1
        return self
    def remote(self, *given):
        return (self.function, given)

def remote(max_retries):
    return Task
def init(**options):
    assert options["num_cpus"] == 2
def wait(tasks):
    return tasks[:1], tasks[1:]
def get(task):
    function, given = task
    return function(*given)
def shutdown():
    pass
`;

let folder: string;
const kept = { ...process.env };
const rows = (out: string): Row[] =>
  readFileSync(path.join(folder, out, 'runs.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'delta-ray-'));
  makeProject(folder, {
    data: {
      train: 'train.tsv',
      validation: 'dev.csv',
      test: 0.3,
      columns: { text: ['sentence'], label: 'label' },
      maxLength: 8,
    },
    compare: undefined,
  });
  mkdirSync(path.join(folder, 'modules'));
  writeFileSync(path.join(folder, 'modules', 'ray.py'), IN_PLACE_OF_RAY);
  if (!real) process.env.PYTHONPATH = path.join(folder, 'modules');
});
afterAll(() => {
  process.env = kept;
  rmSync(folder, { recursive: true, force: true });
});

const study = (out: string, ...args: string[]) =>
  delta(
    [
      ...['study', 'performance', '--spec', 'spec.json', '--out', out, '--methods', 'lora,head'],
      ...['--seeds', '2', '--adapter', 'wasm', ...args],
    ],
    folder,
  );

it.skipIf(!there)(
  `gives the rows that this process gives, and goes on with what is missing${there ? '' : ` (there is no ${python} for the driver)`}`,
  async () => {
    const first = await study('ray', '--seeds', '1', '--engine', 'ray');
    expect(first.status, first.stderr).toBe(0);
    const done = await study('ray', '--engine', 'ray');
    expect(done.status, done.stderr).toBe(0);
    expect(done.stderr).toContain('4 cells, 2 done already, 2 runs');
    const here = await study('here');
    expect(here.status, here.stderr).toBe(0);
    const scores = (out: string) =>
      Object.fromEntries(rows(out).map(({ cell, status, scores: own }) => [cell, { status, own }]));
    expect(scores('ray')).toEqual(scores('here'));
    const stored = JSON.parse(
      readFileSync(path.join(folder, 'ray', 'performance.json'), 'utf8'),
    ) as StoredExperiment;
    expect(stored.cells).toEqual({ done: 4, missing: 0 });
  },
  TIMEOUT,
);

it(
  'says what is missing where there is no Python with Ray, and runs the cells that are named',
  async () => {
    const before = { ...process.env };
    process.env.DELTA_PYTHON = path.join(folder, 'nothing');
    const none = await study('none', '--engine', 'ray');
    process.env = before;
    expect(none.status).toBe(1);
    expect(none.stderr).toMatch(/Ray cannot run the cells \(.*\); install it with pip install ray/);
    const dry = await study('named', '--dry-run', '--json');
    const { list } = JSON.parse(dry.stdout) as { list: { cell: string }[] };
    const one = await study('named', '--cells', list[1].cell);
    expect(one.status, one.stderr).toBe(0);
    expect(rows('named').map(({ cell }) => cell)).toEqual([list[1].cell]);
    const wrong = await study('named', '--cells', 'nothing');
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toContain('--cells: there is no cell "nothing"');
  },
  TIMEOUT,
);
