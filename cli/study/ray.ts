/** Cells of a study on a Ray cluster: each is the headless command on a worker, and its row comes back here. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { StudioError } from '../../src/errors.ts';
import { parseJson } from '../../src/json.ts';
import { say } from '../../src/sentence.ts';
import { startsOf } from '../../src/study/chain.ts';
import { emptyRow } from '../../src/study/row-of-run.ts';
import { readRows } from '../../src/study/row.ts';
import type { Cell, Row } from '../../src/study/study.ts';
import { grouped } from '../../src/study/work/estimate.ts';
import type { StudyEvent } from '../../src/study/work/run-cells.ts';
import type { Interrupts } from '../signals.ts';
import type { StudyFolder } from './study-folder.ts';

const DRIVER = fileURLToPath(new URL('scripts/ray_cells.py', import.meta.url));
const COMMAND = fileURLToPath(new URL('../bin.mjs', import.meta.url));
/** Cells that Ray runs at a time where it is started here, and the processors that each takes. */
const WORKERS = 2;
const THREADS = 1;

const answer = z.object({
  cells: z.array(z.string()),
  rows: z.string(),
  status: z.number(),
  said: z.string(),
});

export interface RayOptions {
  folder: StudyFolder;
  /** Of the command line, but for `--out` and `--cells`. */
  args: readonly string[];
  /** Cells of the experiment. */
  all: number;
  interrupts: Interrupts;
  tell: (event: StudyEvent) => void;
}

/**
 * @param cells those that are left
 * @returns was it stopped before its end?
 * @throws StudioError('training') where there is no Python with Ray, ('storage') for a disk that takes no more
 */
export async function runOnRay(cells: readonly Cell[], options: RayOptions): Promise<boolean> {
  const { folder, args, all, interrupts, tell } = options;
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const left = new Set(byId.keys());
  const python = process.env.DELTA_PYTHON ?? 'python3';
  const child = spawn(python, [DRIVER], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stopped = false;
  let complaint = '';
  interrupts.onFirst(() => {
    stopped = true;
    child.kill('SIGTERM');
  });
  child.stderr.on('data', (bytes: Buffer) => (complaint = (complaint + bytes.toString()).slice(-2000)));
  const exit = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      complaint = error.message;
      resolve(null);
    });
    child.on('close', resolve);
  });
  // One that ends before it has read all says why.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(rayJob(cells, args)));
  const take = (row: Row): void => {
    const cell = byId.get(row.cell);
    if (cell === undefined || !left.delete(cell.id)) return;
    folder.append(row);
    tell({ type: 'ended', cell, row, done: all - left.size, seconds: row.seconds, left: null });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const read = answer.safeParse(valueOf(line));
    if (!read.success) continue;
    const { cells: ids, rows, status, said } = read.data;
    for (const row of readRows(rows).values()) take(row);
    for (const id of ids.filter((one) => left.has(one))) take(lost(byId.get(id)!, status, said));
  }
  const status = await exit;
  if (stopped) return true;
  if (status !== 0 && left.size > 0)
    throw new StudioError(
      'training',
      say`Ray cannot run the cells (${lastLine(complaint)}); install it with pip install ray, and name a Python that has it in DELTA_PYTHON`,
    );
  return left.size > 0;
}

/** What the driver reads: the command of a cell, and the cells that go together. */
export function rayJob(cells: readonly Cell[], args: readonly string[]) {
  return {
    command: [process.execPath, COMMAND, ...args],
    groups: groupsOf(cells),
    workers: Number(process.env.DELTA_RAY_WORKERS ?? WORKERS),
    threads: Number(process.env.DELTA_THREADS ?? THREADS),
  };
}

/** Cells that start from others, or measure them, stand with these, where the adapters lie. */
function groupsOf(cells: readonly Cell[]): string[][] {
  const group = new Map<string, string>();
  const rootOf = (id: string): string => {
    const above = group.get(id);
    return above === undefined ? id : rootOf(above);
  };
  for (const cell of cells)
    for (const start of startsOf(cell)) {
      const [one, other] = [rootOf(cell.id), rootOf(start)];
      if (one !== other) group.set(one, other);
    }
  return grouped(cells, ({ id }) => rootOf(id)).map((together) => together.map(({ id }) => id));
}

/** The row of a cell whose worker left none. */
function lost(cell: Cell, status: number, said: string): Row {
  return {
    ...emptyRow(cell, new Date().toISOString()),
    status: 'failed',
    why: say`its worker ended with status ${status} (${lastLine(said)})`,
  };
}

function lastLine(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.at(-1) ?? '').slice(0, 200);
}

function valueOf(line: string): unknown {
  try {
    return parseJson(line);
  } catch {
    return null;
  }
}
