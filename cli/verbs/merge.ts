/** `delta merge`: LoRAs of one base model as one, of run folders or of PEFT's. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../../src/errors.ts';
import { say } from '../../src/sentence.ts';
import type { SavedFile } from '../../src/runs/adapter-names.ts';
import { shortNumber } from '../../src/runs/svg-chart.ts';
import { readLora, type LoraFolder } from '../../src/runs/merge/lora-folder.ts';
import type { FoundWeights } from '../../src/runs/merge/lorahub.ts';
import { mergeLoras, type MergeOptions } from '../../src/runs/merge/merge.ts';
import { methodList } from '../../src/runs/spec-method.ts';
import { commaList, integerList, numberList, UsageError, type Arguments } from '../arguments.ts';
import { openFolder } from '../load.ts';
import { hubWeights } from '../lorahub.ts';
import { print, printJson, tableText } from '../output.ts';
import { refuseUsed, writeNewFolder } from '../out-folder.ts';
import { openRunFolder, type StoredRunFolder } from '../stored-run.ts';
import { derivedRecord } from '../derived-record.ts';

const HOW = ['linear', 'ties', 'dare', 'dare-ties', 'svd', 'lorahub'] as const;

export async function mergeVerb({ flags, json }: Arguments): Promise<number> {
  const options = optionsOf(flags);
  refuseUsed(flags.out!);
  const folders = commaList('runs', flags.runs!);
  const missing = folders.find((folder) => !existsSync(folder));
  if (missing !== undefined)
    throw new UsageError(`merge: --runs: there is no folder ${missing}; check the path`);
  const runs = folders.filter((folder) => existsSync(path.join(folder, 'run.json')));
  if (runs.length > 0 && runs.length < folders.length)
    throw new UsageError('merge: --runs: got runs and adapters; give runs alone, or adapters alone');
  const opened = await Promise.all(runs.map(openRunFolder));
  const several = opened.find(({ stored }) => stored.spec.tasks !== undefined);
  if (several !== undefined)
    throw new StudioError(
      'unsupported',
      say`${several.folder} is of several tasks, whose heads one adapter cannot hold; export a task of each with "delta export --format peft --task NAME" and merge those.`,
    );
  checkClasses(opened);
  const adapters = await Promise.all(
    folders.map((folder, i) => {
      const { folder: files, label } = opened[i]?.adapter ?? { folder: openFolder(folder), label: folder };
      return readLora(files, label);
    }),
  );
  const found = await foundWeights(opened, adapters, options, flags);
  const weights = found?.weights ?? options.weights;
  const merged = mergeLoras(adapters, { ...options, weights });
  const { density, how } = options;
  const about = {
    how,
    runs: folders,
    weights,
    ...((how === 'dare' || how === 'ties' || how === 'dare-ties') && { density }),
    ...(found && { data: flags.data, examples: found.rows, seed: options.seed, losses: lossesOf(found) }),
  };
  const files = opened.length === 0 ? merged.files : runFiles(opened[0], merged, { merged: about });
  writeNewFolder(flags.out!, files);
  if (json) printJson({ out: path.resolve(flags.out!), ...about, rank: merged.rank, error: merged.error });
  else {
    print(
      `Written to ${path.resolve(flags.out!)}: ${folders.length} adapters by ${how}, rank ${merged.rank}`,
    );
    const shown = (weight: number): string => (found ? weight.toFixed(4) : String(weight));
    print(tableText([['adapter', 'weight'], ...folders.map((folder, i) => [folder, shown(weights[i])])]));
    if (found)
      print(
        `Loss of ${found.rows} examples: ${shortNumber(found.loss)}, all alike ${shortNumber(found.alike)}, without any ${shortNumber(found.none)}`,
      );
    if (merged.error !== null)
      print(
        `Left out by the rank: ${(100 * merged.error.whole).toPrecision(3)} % of the change (Frobenius norm)`,
      );
  }
  return 0;
}

/** Of `lorahub`, which needs the runs' model. @throws UsageError */
async function foundWeights(
  runs: readonly StoredRunFolder[],
  adapters: readonly LoraFolder[],
  options: MergeOptions,
  flags: Arguments['flags'],
): Promise<Awaited<ReturnType<typeof hubWeights>> | null> {
  if (options.how !== 'lorahub') return null;
  if (runs.length === 0)
    throw new UsageError(
      'merge: --how lorahub tries adapters out on their model; give run folders in --runs',
    );
  const weighted = (weights: readonly number[]): SavedFile[] =>
    runFiles(runs[0], mergeLoras(adapters, { ...options, weights }), {});
  const examples = flags.examples === undefined ? undefined : integerList('examples', flags.examples)[0];
  return hubWeights(
    runs,
    weighted,
    { data: flags.data!, seed: options.seed, ...(examples !== undefined && { examples }) },
    flags,
  );
}

function lossesOf({ loss, alike, none }: FoundWeights): Record<string, number> {
  return { found: loss, alike, none };
}

/** @throws UsageError for options of another way to merge */
function checkHubFlags(how: string, flags: Arguments['flags']): void {
  if (how !== 'lorahub') {
    const own = (['data', 'examples', 'seed'] as const).find((name) => flags[name] !== undefined);
    if (own !== undefined) throw new UsageError(`merge: --${own} belongs to lorahub, not to ${how}`);
    return;
  }
  if (flags.data === undefined)
    throw new UsageError('merge: --how lorahub needs --data, a file with examples of the new task');
  const other = (['weights', 'density'] as const).find((name) => flags[name] !== undefined);
  if (other !== undefined)
    throw new UsageError(`merge: --${other}: lorahub finds the weights itself; leave it out`);
}

function optionsOf(flags: Arguments['flags']): MergeOptions {
  const how = HOW.find((name) => name === flags.how);
  if (how === undefined)
    throw new UsageError(`merge: --how: got "${flags.how}"; expected one of ${HOW.join(', ')}`);
  checkHubFlags(how, flags);
  const count = commaList('runs', flags.runs!).length;
  if (count < 2) throw new UsageError('merge: --runs: got one folder; give two or more, separated by commas');
  // TIES takes a mean of those that agree, the others a sum.
  const each = how === 'ties' || how === 'dare-ties' ? 1 : 1 / count;
  const weights =
    flags.weights === undefined ? Array<number>(count).fill(each) : numberList('weights', flags.weights);
  if (weights.length !== count)
    throw new UsageError(`merge: --weights: got ${weights.length} for ${count} adapters; give one for each`);
  if (how === 'linear' || how === 'svd') {
    if (flags.density !== undefined)
      throw new UsageError(`merge: --density belongs to ties and dare, not to ${how}`);
  }
  if (how !== 'svd' && flags.rank !== undefined)
    throw new UsageError(`merge: --rank belongs to svd; ${how} keeps the adapters' own`);
  const [density] = flags.density === undefined ? [0.5] : numberList('density', flags.density);
  if (!(density > 0 && density <= 1))
    throw new UsageError(`merge: --density: got "${flags.density}"; expected a share above 0, at most 1`);
  const rank = flags.rank === undefined ? undefined : integerList('rank', flags.rank)[0];
  const seed = flags.seed === undefined ? 42 : integerList('seed', flags.seed)[0];
  return { how, weights, density, seed: how === 'lorahub' ? seed : 0, ...(rank !== undefined && { rank }) };
}

/** @throws StudioError('adapter-file') where the heads of runs answer in other classes */
function checkClasses(runs: readonly StoredRunFolder[]): void {
  for (const { stored, folder } of runs.slice(1))
    if (JSON.stringify(stored.labels?.names) !== JSON.stringify(runs[0].stored.labels?.names))
      throw new StudioError(
        'adapter-file',
        say`${folder} answers in other classes than ${runs[0].folder}; merge runs of one task.`,
        { where: folder },
      );
}

/** A run folder that holds the merged adapter and says what it is. */
function runFiles(
  { folder, stored }: StoredRunFolder,
  merged: ReturnType<typeof mergeLoras>,
  about: Record<string, unknown>,
): SavedFile[] {
  const [method] = stored.spec.method === undefined ? [] : methodList(stored.spec.method);
  if (method?.type !== 'lora')
    throw new StudioError(
      'adapter-file',
      say`${folder} is no run of the method "lora" alone; make a LoRA of it first with delta convert.`,
      { where: folder },
    );
  const {
    rankPattern,
    alphaPattern: _alpha,
    initialization: _start,
    learningRateRatio: _ratio,
    ...own
  } = method;
  const even = new Set(merged.ranks.values()).size === 1;
  const lora = {
    ...own,
    rank: merged.rank,
    alpha: merged.rank,
    dropout: 0,
    rankStabilized: false,
    ...(!even && { rankPattern, alphaPattern: rankPattern }),
  };
  const record = derivedRecord(JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')), lora, about);
  return [record, ...merged.files.map((file) => ({ ...file, name: `adapter/${file.name}` }))];
}
