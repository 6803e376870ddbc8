/** `delta study`: an experiment of the study of delta tuning, on one's own data and models. */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import type { Studio } from '../../src/plan/studio.ts';
import { english, say } from '../../src/sentence.ts';
import { EXPERIMENTS } from '../../src/study/experiments/experiments.ts';
import { readStudy } from '../../src/study/read-study.ts';
import { cellName, storedExperiment } from '../../src/study/stored.ts';
import { EXPERIMENT_NAMES, type Cell, type ExperimentName, type Study } from '../../src/study/study.ts';
import { integerList, languageOf, methodList, UsageError, type Arguments } from '../arguments.ts';
import { builtinTask } from '../builtin-data.ts';
import { environmentOf, withStudio } from '../device.ts';
import { print, printJson, progress } from '../output.ts';
import { Interrupts } from '../signals.ts';
import { estimateCells, type Estimates } from '../study/estimate.ts';
import { StudyMaterials } from '../study/materials.ts';
import { writeResults } from '../study/results.ts';
import { runCells } from '../study/run-cells.ts';
import { StudyFolder } from '../study/study-folder.ts';
import { answerText, cellTable, totalsOf, totalsText } from '../study/text.ts';

interface Asked {
  study: Study;
  materials: StudyMaterials;
  folder: StudyFolder;
  args: Arguments;
}

export async function studyVerb(args: Arguments): Promise<number> {
  const { flags, target } = args;
  const experiment = experimentOf(target!);
  languageOf(flags.lang);
  if (flags.engine !== undefined && flags.engine !== 'local')
    throw new UsageError(`--engine: got "${flags.engine}"; expected local`);
  const place = path.resolve(flags.spec!);
  if (!existsSync(place) || !statSync(place).isFile())
    throw new StudioError('spec', say`there is no spec file ${flags.spec!}; check --spec`, { where: 'spec' });
  const study = readStudy(await readFile(place, 'utf8'), experiment, {
    ...(flags.seeds !== undefined && { seeds: seedCount(flags.seeds) }),
    ...(flags.methods !== undefined && { methods: methodList(flags.methods) }),
    builtinTask,
  });
  const folder = StudyFolder.at(flags.out!);
  const materials = new StudyMaterials(path.dirname(place));
  const drafts = EXPERIMENTS[experiment].cells(study);
  const cells = distinct(await materials.cells(drafts));
  folder.checkInputs(materials.inputs);
  const interrupts = new Interrupts();
  try {
    return await withStudio(flags.adapter, (studio) =>
      onDevice(studio, cells, { study, materials, folder, args }, interrupts),
    );
  } finally {
    interrupts.close();
  }
}

async function onDevice(
  studio: Studio,
  cells: readonly Cell[],
  asked: Asked,
  interrupts: Interrupts,
): Promise<number> {
  const { study, materials, folder, args } = asked;
  const { flags, json } = args;
  const rows = folder.finalRows();
  const left = cells.filter(({ id }) => !rows.has(id));
  if (left.length > 0) progress(`Planning ${left.length} cells`);
  const estimates = await estimateCells(studio, materials, left);
  refuseUnfit(left, estimates);
  for (const cell of left) {
    const error = estimates.refused.get(cell.id);
    if (error !== undefined) progress(`Cannot run: ${cellName(cell)}: ${error.message}`);
  }
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
  progress(totalsText(totals));
  const created = folder.begin();
  folder.rememberInputs(materials.inputs);
  const stopped = await runCells(cells, { studio, folder, materials, estimates, interrupts });
  const stored = storedExperiment(study.experiment, cells, folder.rows(), study);
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

/** A grid may name the same work twice. */
function distinct(cells: readonly Cell[]): Cell[] {
  return [...new Map(cells.map((cell) => [cell.id, cell])).values()];
}

/**
 * Methods that do not fit a model are refused before the first run; data that cannot be read and runs that are too
 * large cost their cells alone, unless there are no others.
 * @throws StudioError
 */
function refuseUnfit(cells: readonly Cell[], { refused }: Estimates): void {
  const unfit = cells.filter(({ id }) => ['spec', 'unsupported'].includes(refused.get(id)?.code ?? ''));
  if (unfit.length === 0) {
    if (cells.length === 0 || refused.size < cells.length) return;
    throw refused.get(cells[0].id)!;
  }
  const [first] = unfit;
  const error = refused.get(first.id)!;
  for (const cell of unfit) progress(`Cannot run: ${cellName(cell)}: ${refused.get(cell.id)!.message}`);
  throw new StudioError(
    error.code,
    unfit.length === 1
      ? say`${cellName(first)} cannot run: ${error.sentence}. Leave it out of the study, by --methods or in the spec`
      : say`${cellName(first)} and ${unfit.length - 1} more cells cannot run: ${error.sentence}. Leave them out of the study, by --methods or in the spec`,
    {
      ...(error.where !== undefined && { where: error.where }),
      details: unfit.map((cell) => say`${cellName(cell)}: ${english(refused.get(cell.id)!.sentence)}`),
    },
  );
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
