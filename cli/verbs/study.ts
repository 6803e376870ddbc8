/** `delta study`: an experiment of the study of delta tuning, on one's own data and models. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { english, say } from '../../src/sentence.ts';
import { beforehand } from '../../src/study/beforehand.ts';
import type { CellGrid } from '../../src/study/cell-grid.ts';
import { startsOf } from '../../src/study/chain.ts';
import { readStudy } from '../../src/study/read-study.ts';
import { cellName, storedExperiment } from '../../src/study/stored.ts';
import { StudyControl } from '../../src/study/work/control.ts';
import { estimateCells, type Estimates } from '../../src/study/work/estimate.ts';
import { StudyMaterials } from '../../src/study/work/materials.ts';
import { cellsOf, refuseUnfit, totalsOf } from '../../src/study/work/plan.ts';
import { runCells, type StudyEvent } from '../../src/study/work/run-cells.ts';
import { EXPERIMENT_NAMES, type Cell, type ExperimentName, type Study } from '../../src/study/study.ts';
import { integerList, languageOf, methodList, UsageError, type Arguments } from '../arguments.ts';
import { builtinTask } from '../builtin-data.ts';
import { environmentOf, withStudio } from '../device.ts';
import { print, printJson, progress } from '../output.ts';
import { Interrupts } from '../signals.ts';
import { folderPlace } from '../study/folder-place.ts';
import { rayJob, runOnRay } from '../study/ray.ts';
import { writeScripts } from '../study/scripts/write-scripts.ts';
import { writeResults } from '../study/results.ts';
import { diskSources } from '../study/sources.ts';
import { StudyFolder } from '../study/study-folder.ts';
import { answerText, cellTable, eventText, totalsText } from '../study/text.ts';

interface Asked {
  study: Study;
  materials: StudyMaterials;
  folder: StudyFolder;
  /** Folder that the spec's paths are relative to. */
  base: string;
  args: Arguments;
}

export async function studyVerb(args: Arguments): Promise<number> {
  const { flags, target } = args;
  const experiment = experimentOf(target!);
  languageOf(flags.lang);
  if (flags.engine !== undefined && !['local', 'ray'].includes(flags.engine))
    throw new UsageError(`--engine: got "${flags.engine}"; expected local or ray`);
  const place = path.resolve(flags.spec!);
  if (!existsSync(place) || !statSync(place).isFile())
    throw new StudioError('spec', say`there is no spec file ${flags.spec!}; check --spec`, { where: 'spec' });
  const study = readStudy(await readFile(place, 'utf8'), experiment, {
    ...(flags.seeds !== undefined && { seeds: seedCount(flags.seeds) }),
    ...(flags.methods !== undefined && { methods: methodList(flags.methods) }),
    builtinTask,
  });
  const folder = StudyFolder.at(flags.out!);
  const base = path.dirname(place);
  const materials = new StudyMaterials(diskSources(base));
  const all = await cellsOf(study, materials);
  const grid = { ...all, cells: namedCells(all.cells, flags.cells) };
  folder.checkInputs(materials.inputs);
  const interrupts = new Interrupts();
  try {
    return await withStudio(flags, (studio) =>
      onDevice(studio, grid, { study, materials, folder, base, args }, interrupts),
    );
  } finally {
    interrupts.close();
  }
}

async function onDevice(
  studio: Studio,
  grid: CellGrid,
  asked: Asked,
  interrupts: Interrupts,
): Promise<number> {
  const { study, materials, folder, args } = asked;
  const { cells, same } = grid;
  for (const sentence of [...beforehand(study), ...same]) progress(english(sentence));
  const { flags, json } = args;
  const rows = folder.finalRows();
  const left = cells.filter(({ id }) => !rows.has(id));
  if (left.length > 0) progress(`Planning ${left.length} cells`);
  const estimates = await estimateCells(studio, materials, left);
  for (const cell of left) {
    const error = estimates.refused.get(cell.id);
    if (error !== undefined) progress(`Cannot run: ${cellName(cell)}: ${error.message}`);
  }
  refuseUnfit(left, estimates);
  const totals = totalsOf(cells, rows, estimates);
  if (flags['dry-run'] === true) {
    if (json)
      printJson({
        experiment: study.experiment,
        ...totals,
        list: cells.map((cell) => dryCell(cell, estimates, rows.has(cell.id))),
      });
    else print(`${cellTable(cells, rows, estimates)}\n${totalsText(totals)}`);
    return 0;
  }
  if (flags['export-scripts'] !== undefined) return exportScripts(studio, cells, estimates, asked);
  progress(totalsText(totals));
  const created = folder.begin();
  folder.rememberInputs(materials.inputs);
  const tell = (event: StudyEvent): void => {
    const line = eventText(event, cells.length);
    if (line !== null) progress(line);
  };
  const trains = flags.engine === 'ray' && left.some(({ kind }) => kind === 'train');
  const stopped = trains
    ? await runOnRay(left, { folder, args: workerArgs(args), all: cells.length, interrupts, tell })
    : await runHere(cells, { studio, estimates, interrupts, tell, ...asked });
  const stored = storedExperiment(study.experiment, grid, folder.rows(), study);
  const language = languageOf(flags.lang);
  writeResults(folder.place, stored, {
    name: study.name,
    created,
    environment: environmentOf(studio),
    language,
  });
  if (json) printJson({ out: folder.place, ...stored });
  else print(`${answerText(stored, language)}\nWritten to ${folder.place}`);
  if (stopped) progress('Run the same command again to go on.');
  if (stored.cells.done === 0 && stored.failed.length > 0)
    throw new StudioError('training', stored.failed[0].why);
  return 0;
}

/** Writes the cells as scripts, and runs none. */
async function exportScripts(
  studio: Studio,
  cells: readonly Cell[],
  estimates: Estimates,
  { materials, args }: Asked,
): Promise<number> {
  const folder = path.resolve(args.flags['export-scripts']!);
  const job = rayJob(cells, workerArgs(args));
  const { scripts, without } = await writeScripts(cells, folder, { studio, materials, estimates, job });
  const none = without.map(({ cell, why }) => ({ cell: cell.id, name: cellName(cell), why: english(why) }));
  if (args.json) printJson({ out: folder, scripts, without: none });
  else {
    for (const { name, why } of none) print(`${name}: no script, since ${why}`);
    print(
      `${scripts === 1 ? '1 script' : `${scripts} scripts`} written to ${folder}; its README.md says how to run them`,
    );
  }
  return 0;
}

interface Here extends Asked {
  studio: Studio;
  estimates: Estimates;
  interrupts: Interrupts;
  tell: (event: StudyEvent) => void;
}

/** In this process, beside others in the same folder. @returns was it stopped before its end? */
function runHere(
  cells: readonly Cell[],
  { studio, estimates, interrupts, tell, folder, materials, base }: Here,
): Promise<boolean> {
  const control = new StudyControl();
  interrupts.onFirst(() => {
    progress(
      'Stopping after this step; the cell goes on from there another time. A second signal leaves at once.',
    );
    control.stop();
  });
  const place = folderPlace(folder, studio, base);
  return runCells(cells, { studio, place, materials, estimates, control, tell });
}

/** What a worker is asked for, but for its cells and its folder. */
function workerArgs({ flags, target }: Arguments): string[] {
  const passed = (['seeds', 'methods', 'tune'] as const).flatMap((name) => {
    const value = flags[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const adapter = flags.adapter ?? process.env.DELTA_ADAPTER;
  return [
    'study',
    target!,
    '--spec',
    path.resolve(flags.spec!),
    ...passed,
    ...(adapter === undefined ? [] : ['--adapter', adapter]),
  ];
}

/** The cells of `--cells`, and those that they start from. @throws UsageError */
function namedCells(cells: Cell[], ids: string | undefined): Cell[] {
  if (ids === undefined) return cells;
  const wanted = new Set(ids.split(','));
  const unknown = [...wanted].find((id) => !cells.some((cell) => cell.id === id));
  if (unknown !== undefined)
    throw new UsageError(`--cells: there is no cell "${unknown}"; --dry-run lists them`);
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  for (const id of wanted) {
    // What is added is looked at in its turn.
    for (const start of startsOf(byId.get(id)!)) wanted.add(start);
  }
  return cells.filter(({ id }) => wanted.has(id));
}

function experimentOf(name: string): ExperimentName {
  const found = EXPERIMENT_NAMES.find((one) => one === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `study: there is no experiment "${name}"; choose one of ${EXPERIMENT_NAMES.join(', ')}`,
  );
}

function seedCount(value: string): number {
  const [count, ...others] = integerList('seeds', value);
  if (others.length > 0 || count > 20)
    throw new UsageError(`--seeds: got "${value}"; expected a number of seeds from 1 to 20`);
  return count;
}

function dryCell(cell: Cell, { known, refused }: Estimates, done: boolean) {
  const { id, kind, factors } = cell;
  const estimate = known.get(id);
  return {
    cell: id,
    kind,
    ...factors,
    done,
    seconds: estimate?.seconds ?? null,
    bytes: estimate?.memory.total ?? null,
    ...(refused.has(id) && { refused: refused.get(id)!.message }),
  };
}
