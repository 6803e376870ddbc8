/**
 * What the command line says: results on standard output, progress on standard error. Whoever reads them may
 * stop (`| head`): then nothing more is printed there, and the work goes on.
 */
import { codeOf } from './whole-file.ts';

type Output = 'stdout' | 'stderr';

/** Outputs that take nothing more, with why. */
const ended = new Map<Output, unknown>();

/** From now on an output that is closed ends printing, not the process. */
export function guardOutputs(): void {
  for (const name of ['stdout', 'stderr'] as const)
    process[name].on('error', (error) => {
      if (!ended.has(name)) ended.set(name, error);
    });
}

/** Why results could not be written, other than that nobody reads them any more; null when they were. */
export function lostResults(): string | null {
  const error = ended.get('stdout');
  return error instanceof Error && !['EPIPE', 'ERR_STREAM_DESTROYED'].includes(codeOf(error))
    ? error.message
    : null;
}

/** Resolves when both outputs have taken all that was printed, or take nothing more. */
export async function flushOutputs(): Promise<void> {
  for (const name of ['stdout', 'stderr'] as const) {
    if (ended.has(name)) continue;
    await new Promise<void>((resolve) => {
      process[name].once('error', () => resolve());
      process[name].write('', () => resolve());
    });
  }
}

function write(name: Output, text: string): void {
  if (ended.has(name)) return;
  try {
    process[name].write(text);
  } catch (error) {
    // A file on a full disk is refused at once.
    ended.set(name, error);
  }
}

/** A line of results. */
export function print(line: string): void {
  write('stdout', `${line}\n`);
}

/** The one JSON document of a `--json` call. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** A line of progress or of failure. */
export function progress(line: string): void {
  write('stderr', `${line}\n`);
}

/** Rows of text in columns as wide as their widest cell; numbers to the right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column].length), 0),
  );
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Bytes in MiB with one decimal. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
