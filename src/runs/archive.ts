/**
 * A stored comparison as the files of one zip: `manifest.json`, `comparison.json`, and of every run
 * `run.json`, `metrics.jsonl` and `adapter/` as the command line writes them. Data and base model are not
 * in it: the one may be private, the other is large.
 */
import { parseJson } from '../json.ts';
import { z } from 'zod';
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import type { RunEvent } from '../train/events.ts';
import type { StepPredictions } from '../train/predictions.ts';
import type { SavedFile } from './adapter-names.ts';
import { shownName } from './file-names.ts';
import { readRecord } from './record.ts';
import { eventSchema } from './storage/event-schema.ts';
import { storedRecord } from './storage/stored-record.ts';
import { comparisonSchema, firstIssue, predictionsSchema, stateSchema } from './storage/stored-schema.ts';
import type { StoredComparison, StoredEntry, StoredRunState } from './storage/stored.ts';
import { openZip, UnzipError, type ZipEntry } from './unzip.ts';

const KIND = 'delta-studio-comparison';
/** Rises when the files are laid out otherwise. */
const VERSION = 1;
/** A comparison of a thousand runs with ten files each. */
const MOST_ENTRIES = 20_000;
const MEBI = 2 ** 20;
/** Bytes that a zip may become: what we save is not compressed, and weights compress little. */
const unpackedBytes = (zip: number): number => Math.min(4096 * MEBI, 64 * MEBI + 10 * zip);
/** Bytes that are parsed as one JSON text, which takes several times as much. */
const jsonBytes = (zip: number): number => 16 * MEBI + 4 * zip;
const MOST_MANIFEST = MEBI;
/** Characters of one event. */
const LONGEST_LINE = 100_000;
/** Deeper than anything that is written. */
const DEEPEST = 32;

/** What a run has beside its state. */
export interface RunContents {
  events: RunEvent[];
  adapter: SavedFile[] | null;
  predictions: StepPredictions | null;
}

export interface ArchivedRun extends RunContents {
  state: StoredRunState;
}

export interface ArchivedComparison {
  comparison: StoredComparison;
  runs: ArchivedRun[];
}

/** The zip's files, one at a time, so that no more than one run's weights are held. */
export async function* archiveFiles(
  { comparison, runs }: StoredEntry,
  load: {
    predictions: (state: StoredRunState) => Promise<StepPredictions | null>;
    rest: (state: StoredRunState) => Promise<Omit<RunContents, 'predictions'>>;
  },
): AsyncGenerator<SavedFile> {
  const states: object[] = [];
  for (const { checkpoint: _, ...state } of runs) {
    const predictions = await load.predictions({ ...state, checkpoint: null });
    states.push({
      ...state,
      predictions: predictions && { ...predictions, logits: [...predictions.logits] },
    });
  }
  yield json('manifest.json', { kind: KIND, version: VERSION, runs: runs.map(({ run }) => run) });
  yield json('comparison.json', { comparison, states });
  for (const state of runs) {
    const header = comparison.runs.find(({ run }) => run === state.run)!;
    const { events, adapter } = await load.rest(state);
    const folder = `runs/${state.run}`;
    yield json(`${folder}/run.json`, storedRecord(comparison, header, state, events));
    yield text(`${folder}/metrics.jsonl`, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    for (const { name, bytes } of adapter ?? []) yield { name: `${folder}/adapter/${name}`, bytes };
  }
}

const manifestSchema = z.object({
  kind: z.literal(KIND),
  version: z.int().min(1),
  runs: z.array(z.string()),
});
const archivedState = stateSchema
  .omit({ checkpoint: true })
  .extend({ predictions: predictionsSchema.nullish() });
const contentsSchema = z.strictObject({
  comparison: comparisonSchema,
  states: z.array(archivedState).max(1000),
});

/**
 * Reads a zip that `archiveFiles` made.
 * @param bytes the whole zip
 * @param file how messages name it
 * @param id of the comparison here
 * @throws StudioError('storage') with one sentence: no zip, not ours, from a newer version, or not whole
 */
export function readArchive(bytes: Uint8Array<ArrayBuffer>, file: string, id: string): ArchivedComparison {
  try {
    return readContents(bytes, file, id);
  } catch (error) {
    if (error instanceof UnzipError) throw refused(file, error.why, error);
    throw error;
  }
}

function readContents(bytes: Uint8Array<ArrayBuffer>, file: string, id: string): ArchivedComparison {
  const zip = bytes.byteLength;
  const files = openZip(bytes, { entries: MOST_ENTRIES, bytes: unpackedBytes(zip) });
  const manifest = manifestSchema.safeParse(parsed(files, 'manifest.json', file, MOST_MANIFEST));
  if (!manifest.success) {
    throw refused(
      file,
      say`it is a zip of something else; choose one that the history of the studio has saved`,
    );
  }
  if (manifest.data.version > VERSION) {
    throw refused(
      file,
      say`it was saved by a newer version of the studio (format ${manifest.data.version}, this page reads up to ${VERSION}); reload the page to get the newest version`,
    );
  }
  const contents = contentsSchema.safeParse(parsed(files, 'comparison.json', file, jsonBytes(zip)));
  if (!contents.success)
    throw refused(
      file,
      say`in its comparison.json ${firstIssue(contents.error)}; save it again where it came from`,
    );
  const comparison: StoredComparison = { ...contents.data.comparison, id, imported: { from: file } };
  const states = new Map(contents.data.states.map((state) => [state.run, state]));
  for (const { run } of contents.data.states)
    if (!comparison.runs.some((header) => header.run === run) || states.size < contents.data.states.length)
      throw refused(
        file,
        say`the run "${shownName(run)}" does not belong in it; save it again where it came from`,
      );
  const runs = comparison.runs.map(({ run }): ArchivedRun => {
    const archived = states.get(run);
    const lines = files.get(`runs/${run}/metrics.jsonl`);
    if (archived === undefined || lines === undefined)
      throw refused(
        file,
        say`the run "${shownName(run)}" is missing in it; save it again where it came from`,
      );
    const record = files.get(`runs/${run}/run.json`);
    if (record !== undefined) checkRecord(record.read(jsonBytes(zip)), run, file);
    const { predictions, ...state } = archived;
    const adapter = state.adapter?.files.map(({ name, bytes: size }): SavedFile => {
      const found = files.get(`runs/${run}/adapter/${name}`)?.read();
      if (found?.byteLength !== size)
        throw refused(
          file,
          say`${shownName(name)} of the run "${shownName(run)}" is not whole; save it again where it came from`,
        );
      return { name, bytes: found };
    });
    return {
      state: { ...state, comparison: id, checkpoint: null },
      events: readLines(lines.read(), run, file),
      adapter: adapter ?? null,
      predictions: predictions ?? null,
    };
  });
  return { comparison, runs };
}

/** @returns undefined where there is no such file */
function parsed(files: ReadonlyMap<string, ZipEntry>, name: string, file: string, most: number): unknown {
  const entry = files.get(name);
  if (entry === undefined) return undefined;
  try {
    return parseJson(decode(entry.read(most)), DEEPEST);
  } catch (cause) {
    if (cause instanceof UnzipError) throw cause;
    throw refused(file, say`its ${name} does not read; save it again where it came from`, cause);
  }
}

/** A record that is there has to be one, though all that is needed of it is in `comparison.json`. */
function checkRecord(bytes: Uint8Array, run: string, file: string): void {
  try {
    const json = decode(bytes);
    parseJson(json, DEEPEST);
    readRecord(json, 'run.json');
  } catch (cause) {
    throw refused(
      file,
      say`the record of the run "${shownName(run)}" does not read; save it again where it came from`,
      cause,
    );
  }
}

function readLines(bytes: Uint8Array, run: string, file: string): RunEvent[] {
  const events: RunEvent[] = [];
  try {
    for (const line of decode(bytes).split('\n')) {
      if (line === '') continue;
      if (line.length > LONGEST_LINE) throw new RangeError('a line is too long');
      events.push(eventSchema.parse(parseJson(line, DEEPEST)));
    }
  } catch (cause) {
    throw refused(
      file,
      say`line ${events.length + 1} of the metrics of the run "${shownName(run)}" does not read; save it again where it came from`,
      cause,
    );
  }
  return events;
}

/** @throws TypeError for what is not UTF-8 */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function refused(file: string, why: Sentence, cause?: unknown): StudioError {
  return new StudioError('storage', say`${shownName(file)} cannot be opened: ${why}.`, {
    where: file,
    cause,
  });
}

function json(name: string, value: unknown): SavedFile {
  return text(name, `${JSON.stringify(value, null, 2)}\n`);
}

function text(name: string, contents: string): SavedFile {
  return { name, bytes: new TextEncoder().encode(contents) };
}
