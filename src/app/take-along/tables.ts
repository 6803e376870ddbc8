/** Tables as text: CSV for programs, Markdown for documents. The first row is the header. */

/** RFC 4180: commas, line ends CR LF, quotes where a cell needs them. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A table of GitHub's Markdown; columns whose every cell is a number or none stand at the right. */
export function markdownOf([header = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s+/g, ' ').trim()).join(' | ')} |`;
  const rules = header.map((_, column) =>
    column > 0 && rows.every((row) => /^([−+-]?[\d.,]+.*|–|)$/.test(row[column] ?? '')) ? '--:' : '---',
  );
  return [line(header), `| ${rules.join(' | ')} |`, ...rows.map(line), ''].join('\n');
}

/** What of a cell is no part of its figure. */
const BESIDE =
  '[aria-hidden="true"], .visually-hidden, .at-step, .change, .result-state, .downloads, .seeds, .whose, svg';

/**
 * Cells of a table of the page, row by row.
 * @param exact numbers as they are (`data-value`), in place of how they read
 */
export function cellsOf(table: HTMLTableElement, exact: boolean): string[][] {
  return Array.from(table.rows, (row) =>
    Array.from(row.cells).flatMap((cell) => {
      // A cell over several columns stands in the first of them.
      const others = Array<string>(cell.colSpan - 1).fill('');
      return [textOf(cell), ...others];
    }),
  );

  function textOf(cell: HTMLTableCellElement): string {
    const { value } = cell.dataset;
    if (exact && value !== undefined) return value;
    const copy = cell.cloneNode(true) as HTMLElement;
    for (const part of copy.querySelectorAll(BESIDE)) part.remove();
    // What stands below a figure stands behind it here.
    for (const part of copy.querySelectorAll('.interval')) part.before(' ');
    return copy.textContent.replace(/\s+/g, ' ').trim();
  }
}
