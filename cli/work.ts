/** What a training command is to do and where: a new spec, or a folder to go on with. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { StudioError } from '../src/errors.ts';
import { builtinName } from '../src/models/files.ts';
import { methodsOf, type ComparisonRun, type SpecInput } from '../src/runs/spec.ts';
import { specRows } from '../src/runs/spec-diff.ts';
import { dataFiles } from '../src/runs/spec-tasks.ts';
import { startFolders } from '../src/runs/spec-method.ts';
import { field, say } from '../src/sentence.ts';
import { hashRows } from '../src/train/hash-rows.ts';
import type { Prepared } from '../src/train/prepared.ts';
import { methodList as methodNames, UsageError, type Arguments } from './arguments.ts';
import { loadSpec } from './load.ts';
import { OutFolder } from './out-folder.ts';
import { contentsOf } from './out-contents.ts';
import { progress } from './output.ts';
import { readSession, SESSION_NAME, type Session } from './session-file.ts';

export interface Work {
  /** As written. */
  spec: SpecInput;
  base: string;
  /** Those of `--methods`, where it was given. */
  methods?: string[];
  runs: ComparisonRun[];
  out: OutFolder;
  /** Of what goes on. */
  session: Session | null;
}

/**
 * Reads the spec and takes the folder; whoever gets it releases it.
 * @param runsOf the runs that a spec asks for, with the methods of `--methods` or those that it had before
 * @throws StudioError('spec') or ('storage'); UsageError
 */
export async function openWork(verb: Session['verb'], { flags }: Arguments, runsOf: RunsOf): Promise<Work> {
  const methods = methodNames(flags.methods);
  const begin = (shown: string) => newWork(flags.spec!, methods, runsOf, shown, flags.force === true);
  if (flags.resume === undefined) return begin(flags.out!);
  const shown = flags.resume === '' ? flags.out! : flags.resume;
  const { kind } = contentsOf(path.resolve(shown));
  // The same command may stand in a script that is started again until it has ended.
  if (flags.spec !== undefined && (kind === 'absent' || kind === 'empty')) {
    progress(`There is nothing in ${shown} yet, so this begins it.`);
    return begin(shown);
  }
  const out = OutFolder.reopen(shown);
  try {
    const file = path.join(shown, SESSION_NAME);
    if (!existsSync(file)) {
      throw new StudioError(
        'storage',
        say`${shown} has no ${SESSION_NAME}, so its run cannot go on; start it again with --spec and another --out`,
        { where: 'resume' },
      );
    }
    const session = readSession(readFileSync(file, 'utf8'), file);
    if (session.verb !== verb) {
      throw new UsageError(`${verb}: ${shown} is the work of "delta ${session.verb}"; go on with that`);
    }
    const { spec, runs } = session;
    const known = { spec, runs, out, session, ...(session.methods && { methods: session.methods }) };
    if (flags.spec === undefined && methods === undefined) return { ...known, base: session.base };
    const given = flags.spec === undefined ? { input: spec, base: session.base } : await loadSpec(flags.spec);
    // What runs start from was read from their adapters, so specs are compared as they were written.
    checkSameRuns(shown, runsOf(spec, session.methods), runsOf(given.input, methods ?? session.methods));
    return { ...known, base: given.base };
  } catch (error) {
    out.release();
    throw error;
  }
}

type RunsOf = (spec: SpecInput, methods: string[] | undefined) => ComparisonRun[];

async function newWork(
  file: string,
  methods: string[] | undefined,
  runsOf: RunsOf,
  shown: string,
  force: boolean,
): Promise<Work> {
  const { input: spec, base } = await loadSpec(file);
  const runs = runsOf(spec, methods);
  const reads = [file, ...pathsOf(runs).map((one) => path.resolve(base, one))];
  const out = OutFolder.claim(shown, { force, reads });
  return { spec, base, ...(methods && { methods }), runs, out, session: null };
}

/** Files and folders that runs read. */
function pathsOf(runs: readonly ComparisonRun[]): string[] {
  const { model, data, tasks } = runs[0].spec;
  const named = [model.source, ...dataFiles({ data, tasks })];
  return [...named.filter((one) => builtinName(one) === undefined), ...startsOf(runs)];
}

/** Adapters that runs start from or are built of, each once. */
function startsOf(runs: readonly ComparisonRun[]): string[] {
  return [...new Set(methodsOf(runs).flatMap(startFolders))];
}

/** @throws StudioError('spec') naming the first field in which a spec is another than the one it began with */
function checkSameRuns(shown: string, before: readonly ComparisonRun[], now: readonly ComparisonRun[]): void {
  const keys = [before, now].map((runs) => runs.map(({ key }) => key).join(', '));
  if (keys[0] !== keys[1]) {
    throw new StudioError(
      'spec',
      say`${shown} began with the runs ${keys[0]}, and this asks for ${keys[1]}; leave out --spec and --methods to go on, or choose another --out`,
      { where: 'spec' },
    );
  }
  for (const [i, { spec }] of before.entries()) {
    const row = specRows([spec, now[i].spec]).find(({ differs }) => differs);
    if (row === undefined) continue;
    const [was, is] = row.values.map((value) => value ?? 'nothing');
    throw new StudioError(
      'spec',
      say`${row.path} is ${is} now, and ${shown} began with ${was}; leave out --spec to go on as it began, or choose another --out`,
      { where: row.path },
    );
  }
}

/** What a session says of the model, the rows and the adapters it began with. */
export async function hashesOf(
  prepared: Prepared,
  runs: readonly ComparisonRun[],
  base: string,
): Promise<Pick<Session, 'model' | 'rows' | 'starts'>> {
  const { model } = prepared;
  const rowsOf = (part: 'train' | 'validation' | 'test') =>
    (prepared.tasks?.map((task) => task.prepared) ?? [prepared]).map((one) => one[part]);
  const hashOf = async (part: 'train' | 'validation' | 'test'): Promise<string | null> =>
    rowsOf(part).every((rows) => rows === null) ? null : hashRows(rowsOf(part));
  const [train, validation, test] = [await hashOf('train'), await hashOf('validation'), await hashOf('test')];
  const starts = startsOf(runs).map((folder) => [folder, hashFolder(path.resolve(base, folder))]);
  return {
    model: { source: model.source, hash: model.hash },
    rows: {
      train: train!,
      validation,
      ...(test !== null && { test }),
    },
    starts: Object.fromEntries(starts) as Record<string, string>,
  };
}

/**
 * Refuses to go on with other weights or rows than a command began with.
 * @throws StudioError('model'), ('data') or ('adapter-file')
 */
export function checkSameInputs(session: Session, now: Pick<Session, 'model' | 'rows' | 'starts'>): void {
  const { model, rows, starts, runs } = session;
  if (model.hash !== now.model.hash) {
    throw new StudioError(
      'model',
      say`${model.source} holds other weights (${short(now.model.hash)}) than this run began with (${short(model.hash)}); put that model back, or start again with another --out`,
      { where: 'model.source' },
    );
  }
  const { data, tasks } = runs[0].spec;
  for (const part of ['train', 'validation', 'test'] as const) {
    if (rows[part] === now.rows[part]) continue;
    const named = (tasks ?? [data]).map((one) => (typeof one[part] === 'string' ? one[part] : one.train));
    const file = [...new Set(named)].join(', ');
    throw new StudioError(
      'data',
      say`data.${part}: ${file} or its tokenizer gives other rows (${short(now.rows[part])}) than this run began with (${short(rows[part])}); put the files back, or start again with another --out`,
      { where: `data.${part}` },
    );
  }
  const other = Object.keys(starts).find((folder) => starts[folder] !== now.starts[folder]);
  if (other === undefined) return;
  const where = methodsOf(runs).some((method) => method.type === 'fusion' && method.adapters?.includes(other))
    ? 'method.adapters'
    : 'method.init';
  throw new StudioError(
    'adapter-file',
    say`${field(where)}: ${other} holds another adapter (${short(now.starts[other])}) than this run began with (${short(starts[other])}); put that one back, or start again with another --out`,
    { where },
  );
}

/** Enough of a hash to see that two differ. */
function short(hash: string | null | undefined): string {
  return hash ? hash.slice(0, 12) : 'none';
}

/** SHA-256 over the files of a folder; empty for one that is not there. */
function hashFolder(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return '';
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) {
    const file = path.join(folder, name);
    // The folder of a run holds its adapter in one of its own.
    if (name === 'adapter' && statSync(file).isDirectory()) hash.update(hashFolder(file));
    if (!statSync(file).isFile()) continue;
    hash.update(`${name}\0${statSync(file).size}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}
