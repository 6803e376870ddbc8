/**
 * A stored comparison as the files of one zip: `manifest.json`, `comparison.json`, and of every run
 * `run.json`, `metrics.jsonl` and `adapter/` as the command line writes them. Data and base model are not
 * in it: the one may be private, the other is large.
 */
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { RunEvent } from '../train/events.ts';
import type { SavedFile } from './adapter-names.ts';
import { storedRecord } from './storage/stored-record.ts';
import {
  STORE_FORMAT,
  type StoredComparison,
  type StoredEntry,
  type StoredRunState,
} from './storage/stored.ts';

const KIND = 'delta-studio-comparison';
/** Rises when the files are laid out otherwise. */
const VERSION = 1;
/** More than this is not unpacked: a small file may claim to hold terabytes. */
const MOST_BYTES = 4 * 2 ** 30;

/** What a run has beside its state. */
export interface ArchivedRun {
  state: StoredRunState;
  events: RunEvent[];
  adapter: SavedFile[] | null;
}

export interface ArchivedComparison {
  comparison: StoredComparison;
  runs: ArchivedRun[];
}

/** The zip's files, one at a time, so that no more than one run's weights are held. */
export async function* archiveFiles(
  { comparison, runs }: StoredEntry,
  load: (state: StoredRunState) => Promise<Omit<ArchivedRun, 'state'>>,
): AsyncGenerator<SavedFile> {
  const states = runs.map(({ checkpoint: _, predictions, ...state }) => ({
    ...state,
    predictions: predictions && { ...predictions, logits: [...predictions.logits] },
  }));
  yield json('manifest.json', { kind: KIND, version: VERSION, runs: runs.map(({ run }) => run) });
  yield json('comparison.json', { comparison, states });
  for (const state of runs) {
    const header = comparison.runs.find(({ run }) => run === state.run)!;
    const { events, adapter } = await load(state);
    const folder = `runs/${state.run}`;
    yield json(`${folder}/run.json`, storedRecord(comparison, header, state, events));
    yield text(`${folder}/metrics.jsonl`, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    for (const { name, bytes } of adapter ?? []) yield { name: `${folder}/adapter/${name}`, bytes };
  }
}

const manifestSchema = z.object({ kind: z.literal(KIND), version: z.number(), runs: z.array(z.string()) });
const named = z.object({ run: z.string(), method: z.string(), steps: z.number(), spec: z.looseObject({}) });
const contentsSchema = z.object({
  comparison: z.looseObject({
    format: z.number(),
    name: z.string(),
    created: z.string(),
    model: z.object({ source: z.string(), hash: z.string(), parameters: z.number() }),
    runs: z.array(named),
  }),
  states: z.array(
    z.looseObject({
      run: z.string(),
      phase: z.string(),
      predictions: z
        .object({ step: z.number(), logits: z.array(z.number()), texts: z.array(z.string()).optional() })
        .nullish(),
    }),
  ),
});

/**
 * Reads a zip that `archiveFiles` made.
 * @param bytes the whole zip
 * @param file how messages name it
 * @param id of the comparison here
 * @throws StudioError('storage') with one sentence: no zip, not ours, from a newer version, or not whole
 */
export function readArchive(bytes: Uint8Array<ArrayBuffer>, file: string, id: string): ArchivedComparison {
  const files = unzip(bytes, file);
  const manifest = manifestSchema.safeParse(parsed(files, 'manifest.json', file));
  if (!manifest.success) {
    throw refused(file, 'it is a zip of something else; choose one that the history of the studio has saved');
  }
  if (manifest.data.version > VERSION) {
    throw refused(
      file,
      `it was saved by a newer version of the studio (format ${manifest.data.version}, this page reads up to ${VERSION}); reload the page to get the newest version`,
    );
  }
  const contents = contentsSchema.safeParse(parsed(files, 'comparison.json', file));
  if (!contents.success || contents.data.comparison.format !== STORE_FORMAT) {
    throw refused(file, 'its comparison.json does not read; save it again where it came from');
  }
  const comparison: StoredComparison = {
    ...(contents.data.comparison as unknown as StoredComparison),
    id,
    imported: { from: file },
  };
  const runs = comparison.runs.map(({ run }): ArchivedRun => {
    const state = contents.data.states.find((one) => one.run === run);
    const lines = files[`runs/${run}/metrics.jsonl`];
    if (state === undefined || lines === undefined) {
      throw refused(file, `the run "${run}" is missing in it; save it again where it came from`);
    }
    const { predictions, ...rest } = state;
    const full = rest as unknown as StoredRunState;
    const adapter = full.adapter?.files.map(({ name, bytes: size }): SavedFile => {
      const found = files[`runs/${run}/adapter/${name}`];
      if (found?.byteLength !== size)
        throw refused(file, `${name} of the run "${run}" is not whole; save it again where it came from`);
      return { name, bytes: found };
    });
    return {
      state: {
        ...full,
        comparison: id,
        checkpoint: null,
        predictions: predictions && { ...predictions, logits: Float64Array.from(predictions.logits) },
      },
      events: readLines(lines, run, file),
      adapter: adapter ?? null,
    };
  });
  return { comparison, runs };
}

function unzip(bytes: Uint8Array, file: string): Record<string, Uint8Array<ArrayBuffer>> {
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        total += originalSize;
        if (total > MOST_BYTES) throw new Error('too large');
        return true;
      },
    });
    return files;
  } catch (cause) {
    const why =
      total > MOST_BYTES
        ? 'it would unpack to more than 4 GiB; choose another'
        : 'it is no zip, or not a whole one; save or download it again';
    throw refused(file, why, cause);
  }
}

function parsed(files: Record<string, Uint8Array>, name: string, file: string): unknown {
  const bytes = files[name];
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw refused(file, `its ${name} does not read; save it again where it came from`, cause);
  }
}

function readLines(bytes: Uint8Array, run: string, file: string): RunEvent[] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  try {
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RunEvent);
  } catch (cause) {
    throw refused(
      file,
      `the metrics of the run "${run}" do not read; save it again where it came from`,
      cause,
    );
  }
}

function refused(file: string, why: string, cause?: unknown): StudioError {
  return new StudioError('storage', say`${file} cannot be opened: ${why}.`, { where: file, cause });
}

function json(name: string, value: unknown): SavedFile {
  return text(name, `${JSON.stringify(value, null, 2)}\n`);
}

function text(name: string, contents: string): SavedFile {
  return { name, bytes: new TextEncoder().encode(contents) };
}
