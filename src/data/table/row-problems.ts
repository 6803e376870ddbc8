/** Rows that cannot be used, gathered so that a file is mended in one go: a few are shown, the rest counted. */
import { StudioError } from '../../errors.ts';
import { say, type Sentence } from '../../sentence.ts';
import { dataError } from './error.ts';

/** What is done with rows that cannot be used. */
export type InvalidRows = 'refuse' | 'skip';

/** Problems kept in words. */
const SHOWN = 20;
/** Lines listed in a sentence. */
const LISTED = 5;

/** What is wrong with a row, and what to do about it; without a full stop. */
export interface RowProblem {
  readonly what: Sentence;
  readonly remedy: Sentence;
}

export class RowProblems {
  private readonly file: string;
  private readonly shown: { line: number; problem: RowProblem }[] = [];
  /** Rows that cannot be used. */
  count = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** @param line from 1 */
  add(line: number, problem: RowProblem): void {
    this.count++;
    if (this.shown.length < SHOWN) this.shown.push({ line, problem });
  }

  /** One error for all of them: the first in words, the others by their lines; each in `details`. */
  error(): StudioError {
    const [first, ...others] = this.shown;
    const details = this.shown.map(
      ({ line, problem }) => dataError(this.file, line, whole(problem)).sentence,
    );
    const single = dataError(this.file, first.line, this.withOthers(whole(first.problem), others));
    return new StudioError('data', single.sentence, { where: single.where, details });
  }

  /** One sentence for a file whose other rows are used; null where there are none. */
  note(): Sentence | null {
    if (this.count === 0) return null;
    const [{ line, problem }, ...others] = this.shown;
    const what = this.withOthers(problem.what, others);
    return this.count === 1
      ? say`${this.file}: 1 row was left out; line ${line}: ${what}.`
      : say`${this.file}: ${this.count} rows were left out; line ${line}: ${what}.`;
  }

  private withOthers(problem: Sentence, others: readonly { line: number }[]): Sentence {
    const count = this.count - 1;
    if (count === 0) return problem;
    const lines = others.slice(0, LISTED).map(({ line }) => line);
    const listed = `${lines.join(', ')}${count > lines.length ? ', …' : ''}`;
    return count === 1
      ? say`${problem} (and 1 more row cannot be used: line ${listed})`
      : say`${problem} (and ${count} more rows cannot be used: lines ${listed})`;
  }
}

function whole({ what, remedy }: RowProblem): Sentence {
  return say`${what}; ${remedy}`;
}
