/** What the command line says: results on standard output, progress on standard error. */

/** A line of results. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The one JSON document of a `--json` call. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value));
}

/** A line of progress or of failure. */
export function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Rows of text in columns as wide as their widest cell; numbers to the right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
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
