/** `delta convert`: a finished run of another method as a LoRA, and how much of its change that holds. */
import { StudioError } from '../../src/errors.ts';
import { say } from '../../src/sentence.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { convertToLora } from '../../src/train/convert/convert.ts';
import { integerList, UsageError, type Arguments } from '../arguments.ts';
import { derivedRecord } from '../derived-record.ts';
import { withStudio } from '../device.ts';
import { print, printJson, tableText } from '../output.ts';
import { refuseUsed, writeNewFolder } from '../out-folder.ts';
import { loadBase, openRunFolder } from '../stored-run.ts';

export async function convertVerb({ flags, json }: Arguments): Promise<number> {
  if (flags.to !== 'lora') throw new UsageError(`convert: --to: got "${flags.to}"; expected "lora"`);
  const [rank] = integerList('rank', flags.rank!);
  refuseUsed(flags.out!);
  const run = await openRunFolder(flags.run!);
  if (run.stored.spec.tasks !== undefined)
    throw new StudioError(
      'unsupported',
      say`${flags.run!} is of several tasks, whose heads a LoRA of one cannot hold; export a task with "delta export --format peft --task NAME" and use that.`,
    );
  const base = await loadBase(run);
  const force = flags.force === true;
  const { files, method, error } = await withStudio(flags, ({ profile }) =>
    convertToLora(run.stored, base, run.adapter, { rank, profile, force }),
  );
  const about = { converted: { run: flags.run!, rank, error: error.whole } };
  const from: unknown = JSON.parse(readFileSync(path.join(run.folder, 'run.json'), 'utf8'));
  const out = path.resolve(flags.out!);
  writeNewFolder(out, [
    derivedRecord(from, method, about),
    ...files.map((file) => ({ ...file, name: `adapter/${file.name}` })),
  ]);
  if (json) printJson({ out, rank, targets: method.targets, error });
  else {
    print(`Written to ${out}: a LoRA of rank ${rank} on ${method.targets.join(', ')}`);
    const percent = (part: number) => `${(100 * part).toPrecision(3)} %`;
    print(
      tableText([
        ['module', 'left out'],
        ...Object.entries(error.modules).map(([module, part]) => [module, percent(part)]),
        ['all', percent(error.whole)],
      ]),
    );
  }
  return 0;
}
