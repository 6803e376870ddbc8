/**
 * Rows of a delimited text after RFC 4180: a cell that opens with a quote ends at its closing one, a doubled quote
 * inside is one, and between the quotes stand separators and line ends too. Blanks after a closing quote are passed
 * over. Linear in the text whatever its quotes are, which no library at hand promises: `"x"x"x…` before a long blank
 * stretch took papaparse minutes.
 */

/** What is wrong with the quotes of a row, and where. */
export interface QuoteProblem {
  kind: 'unclosed' | 'goesOn';
  /** Offset of the cell's first sign after its quote. */
  at: number;
}

export interface DelimitedRow {
  cells: string[];
  /** From 1, in the text that was given; where the row begins. */
  line: number;
  /** The first, if there is any: the cells are then a guess. */
  problem: QuoteProblem | null;
}

const NEWLINE = 10;
const SPACE = 32;
const TAB = 9;

/** Gives a text's rows one at a time; files have millions of them, so nothing is kept in between. */
export class RowScanner {
  private readonly text: string;
  private readonly separator: number;
  private readonly quote: string;
  private readonly quoteCode: number;
  private readonly doubled: string;
  private at: number;
  /** The line end at or after the last place that was asked about. */
  private newline = -1;
  private line = 1;

  /**
   * @param text with `\n` line ends
   * @param separator one character, and so `quote`
   * @param from where the first row begins: its line is 1
   */
  constructor(text: string, separator: string, quote = '"', from = 0) {
    this.text = text;
    this.separator = separator.charCodeAt(0);
    this.quote = quote;
    this.quoteCode = quote.charCodeAt(0);
    this.doubled = quote + quote;
    this.at = from;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The next row; a text that ends with a line end has no empty row after it. */
  row(): DelimitedRow {
    const { text, separator, quoteCode } = this;
    const row: DelimitedRow = { cells: [], line: this.line, problem: null };
    let start = this.at;
    for (;;) {
      if (text.charCodeAt(start) === quoteCode) {
        const end = this.quoted(start, row);
        if (end >= text.length || text.charCodeAt(end) === NEWLINE) {
          this.at = end + 1;
          break;
        }
        start = end + 1;
        continue;
      }
      let end = start;
      let code = text.charCodeAt(end);
      while (end < text.length && code !== separator && code !== NEWLINE) code = text.charCodeAt(++end);
      row.cells.push(text.slice(start, end));
      if (end >= text.length || code === NEWLINE) {
        this.at = end + 1;
        break;
      }
      start = end + 1;
    }
    this.line++;
    return row;
  }

  /** Adds the quoted cell that opens at `open`. @returns where its separator or line end stands */
  private quoted(open: number, row: DelimitedRow): number {
    const { text, separator, quote, quoteCode } = this;
    let hasDoubled = false;
    for (let close = text.indexOf(quote, open + 1); ; close = text.indexOf(quote, close + 1)) {
      if (close < 0) {
        row.problem ??= { kind: 'unclosed', at: open + 1 };
        row.cells.push(this.inside(open + 1, text.length, hasDoubled));
        return text.length;
      }
      if (text.charCodeAt(close + 1) === quoteCode) {
        hasDoubled = true;
        close++;
        continue;
      }
      let end = close + 1;
      while (end < text.length && isBlankCode(text.charCodeAt(end), separator)) end++;
      if (end >= text.length || text.charCodeAt(end) === separator || text.charCodeAt(end) === NEWLINE) {
        row.cells.push(this.inside(open + 1, close, hasDoubled));
        return end;
      }
      row.problem ??= { kind: 'goesOn', at: open + 1 };
      close = end - 1;
    }
  }

  /** A quoted cell's text; the row goes on over the line ends in it. */
  private inside(from: number, to: number, hasDoubled: boolean): string {
    for (let at = this.newlineFrom(from); at < to; at = this.newlineFrom(at + 1)) this.line++;
    const cell = this.text.slice(from, to);
    return hasDoubled ? cell.replaceAll(this.doubled, this.quote) : cell;
  }

  /** Each line end is looked for once, however many cells stand before it. */
  private newlineFrom(at: number): number {
    if (this.newline < at) {
      const found = this.text.indexOf('\n', at);
      this.newline = found < 0 ? this.text.length : found;
    }
    return this.newline;
  }
}

function isBlankCode(code: number, separator: number): boolean {
  return (code === SPACE || code === TAB) && code !== separator;
}
