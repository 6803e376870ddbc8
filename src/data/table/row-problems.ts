/** Rows that cannot be used, gathered so that a file is mended in one go: a few are shown, the rest counted. */
import { StudioError } from '../../errors.ts';
import { dataError } from './error.ts';

/** What is done with rows that cannot be used. */
export type InvalidRows = 'refuse' | 'skip';

/** Problems kept in words. */
const SHOWN = 20;
/** Lines listed in a sentence. */
const LISTED = 5;

export class RowProblems {
  private readonly file: string;
  private readonly shown: { line: number; problem: string }[] = [];
  /** Rows that cannot be used. */
  count = 0;

  constructor(file: string) {
    this.file = file;
  }

  /**
   * @param line from 1
   * @param problem what is wrong and what to do, without a full stop
   */
  add(line: number, problem: string): void {
    this.count++;
    if (this.shown.length < SHOWN) this.shown.push({ line, problem });
  }

  /** One error for all of them: the first in words, the others by their lines; each in `details`. */
  error(): StudioError {
    const [first, ...others] = this.shown;
    const details = this.shown.map(({ line, problem }) => dataError(this.file, line, problem).message);
    const single = dataError(this.file, first.line, first.problem + this.more(others));
    return new StudioError('data', single.message, { where: single.where, details });
  }

  /** One sentence for a file whose other rows are used; null where there are none. */
  note(): string | null {
    if (this.count === 0) return null;
    const [{ line, problem }, ...others] = this.shown;
    const what = problem.split(/; (?!.*; )/)[0];
    const rows = this.count === 1 ? '1 row was' : `${this.count} rows were`;
    return `${this.file}: ${rows} left out; line ${line}: ${what}${this.more(others)}.`;
  }

  private more(others: readonly { line: number }[]): string {
    const count = this.count - 1;
    if (count === 0) return '';
    const lines = others.slice(0, LISTED).map(({ line }) => line);
    const listed = `line${count > 1 ? 's' : ''} ${lines.join(', ')}${count > lines.length ? ', …' : ''}`;
    return ` (and ${count} more row${count > 1 ? 's' : ''} cannot be used: ${listed})`;
  }
}
