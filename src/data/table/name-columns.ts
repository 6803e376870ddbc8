/** Names of a header's columns: each different, none empty. */
import { say, type Sentence } from '../../sentence.ts';
import { quoted } from './error.ts';

export interface NamedColumns {
  names: string[];
  /** Column-wise, the header still on top; columns without name and content are gone. */
  cells: string[][];
  notes: Sentence[];
  /** Names that the file gives to several columns. */
  repeated: Set<string>;
}

/**
 * Columns without a name are called by their index, and of columns of one name the second is `name.1`, as data
 * frames do it. A column of neither name nor content, as trailing separators make it, is left out.
 * @param columns column-wise cells, the header first
 */
export function nameColumns(columns: readonly string[][]): NamedColumns {
  const kept = columns.map((cells, index) => ({ cells, index })).filter(({ cells }) => !isEmpty(cells));
  const taken = new Set(kept.map(({ cells }) => cells[0].trim()));
  const seen = new Map<string, number>();
  const names: string[] = [];
  const repeated = new Set<string>();
  for (const { cells, index } of kept) {
    const title = cells[0].trim() || String(index);
    let count = seen.get(title) ?? 0;
    let name = title;
    if (count > 0) {
      repeated.add(title);
      while (taken.has((name = `${title}.${count}`))) count++;
    }
    seen.set(title, count + 1);
    taken.add(name);
    names.push(name);
  }
  const notes = [...repeated].map((title) => {
    const apart = names.filter((name) => name === title || name.startsWith(`${title}.`));
    const shown = apart.slice(0, 3).map(quoted).join(', ');
    return say`Several columns are named ${quoted(title)}: they are told apart as ${shown}.`;
  });
  return { names, cells: kept.map(({ cells }) => cells), notes, repeated };
}

function isEmpty(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}
