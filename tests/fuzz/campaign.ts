/** Many inputs of one reader in processes that are watched; what they find is tried again alone, and made small. */
import type { Finding } from './judge.ts';
import { mutated } from './mutate.ts';
import { run, tryAlone } from './process.ts';
import { Random } from './random.ts';
import type { Files } from './reader.ts';
import { READERS } from './readers/index.ts';
import { smaller } from './shrink.ts';

export interface Found extends Finding {
  reader: string;
  /** Number of the input, or −1 for a seed that is refused. */
  input: number;
  files: Files;
  /** Inputs that failed alike. */
  times: number;
}

export interface CampaignOptions {
  inputs: number;
  seed: number;
  /** Processes side by side. */
  processes: number;
  /** Whether inputs are made small; takes up to a minute a finding. */
  shrink: boolean;
  progress?: (done: number, findings: number) => void;
}

/** Kinds that a busy machine or an earlier input may be to blame for: they count only when they come again alone. */
const DOUBTFUL = /^(slow|memory|hang|crash|unhandled)/;

/**
 * @param reader name of one of `READERS`
 * @returns one finding of each kind
 */
export async function campaign(reader: string, options: CampaignOptions): Promise<Found[]> {
  const { inputs, seed, processes, shrink, progress = () => {} } = options;
  const seeds = await READERS.find(({ name }) => name === reader)!.seeds();
  const found = new Map<string, Found>();
  const generated = (input: number): Files => mutated(seeds, new Random(reader, seed, input));
  let done = 0;
  const note = (input: number, { kind, detail }: Finding, files: Files): void => {
    const known = found.get(kind);
    if (known === undefined) found.set(kind, { reader, input, kind, detail, files, times: 1 });
    else {
      known.times++;
      if (size(files) < size(known.files)) Object.assign(known, { input, detail, files });
    }
  };
  const stretch = async (first: number): Promise<void> => {
    for (let from = first; from < inputs;) {
      const ended = await run({ reader, seed, from, to: inputs, step: processes }, (report) => {
        if ('at' in report) progress(++done, found.size);
        if ('finding' in report)
          note(
            report.finding,
            { kind: report.kind, detail: report.detail },
            report.finding < 0 ? {} : generated(report.finding),
          );
      });
      if (ended.kind === 'done') return;
      if (ended.at < 0) throw new Error(`The process of ${reader} did not start: ${ended.detail}`);
      note(ended.at, { kind: ended.kind, detail: ended.detail }, generated(ended.at));
      from = ended.at + processes;
    }
  };
  await Promise.all(Array.from({ length: processes }, (_, first) => stretch(first)));
  const certain: Found[] = [];
  for (const one of found.values()) {
    if (one.input >= 0 && DOUBTFUL.test(one.kind)) {
      const again = await tryAlone(reader, one.files);
      if (again === null) continue;
      Object.assign(one, again);
    }
    if (shrink && one.input >= 0) one.files = await smaller(reader, one, one.files);
    certain.push(one);
  }
  return certain;
}

const size = (files: Files): number => Object.values(files).reduce((sum, { length }) => sum + length, 0);
