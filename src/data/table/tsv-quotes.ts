/**
 * Whether the quotes of a TSV file are a writer's or the texts' own. A quote there is an ordinary character,
 * but spreadsheets and data frames write TSV as they write CSV; such a file shows it in every cell.
 */

interface Quotes {
  /** Quoted cells that hold no quote, tab or line end: nothing asked for their quotes. */
  needless: number;
  /** Quoted cells that hold a tab or a line end. */
  spanning: number;
  /** Does every column with quoted cells have only those, numbers and empty cells aside? */
  wholeColumns: boolean;
}

/**
 * True where every cell with a quote is quoted after RFC 4180 (its own quotes doubled), and quotes stand either
 * around all texts of a column, or around just the cells that need them. Cells go over line ends only where the
 * file would otherwise be no table.
 * @param text with `\n` line ends
 */
export function hasQuotedCells(text: string): boolean {
  const quotes = surveyQuotes(text, '"');
  if (quotes === null) return false;
  const { needless, spanning, wholeColumns } = quotes;
  return (wholeColumns || needless === 0) && (spanning === 0 || isRagged(text));
}

/** True where single quotes stand around every text of a column: around one alone they are the text's own. */
export function hasSingleQuotedCells(text: string): boolean {
  const quotes = surveyQuotes(text, "'");
  return quotes !== null && quotes.wholeColumns && quotes.needless > 1 && quotes.spanning === 0;
}

/** Null where a quote stands that no writer of RFC 4180 would leave so, or where none quotes a cell. */
function surveyQuotes(text: string, quote: string): Quotes | null {
  if (!text.includes(quote)) return null;
  const quotedIn: number[] = [];
  const plainIn: number[] = [];
  let [needless, spanning, row, column] = [0, 0, 0, 0];
  for (let at = 0; at < text.length;) {
    let end: number;
    if (text[at] === quote) {
      const close = closingQuote(text, at, quote);
      const next = text[close + 1];
      if (close < 0 || (next !== undefined && next !== '\t' && next !== '\n')) return null;
      const inside = text.slice(at + 1, close);
      if (/[\t\n]/.test(inside)) spanning++;
      else if (!inside.includes(quote)) needless++;
      quotedIn[column] = (quotedIn[column] ?? 0) + 1;
      end = close + 1;
    } else {
      end = cellEnd(text, at);
      const cell = text.slice(at, end);
      if (cell.includes(quote)) return null;
      // The header is often written without quotes.
      if (row > 0 && Number.isNaN(Number(cell))) plainIn[column] = (plainIn[column] ?? 0) + 1;
    }
    if (text[end] === '\t') column++;
    else {
      row++;
      column = 0;
    }
    at = end + 1;
  }
  return { needless, spanning, wholeColumns: quotedIn.every((_, c) => plainIn[c] === undefined) };
}

/** Index of the quote that closes the one at `open`, doubled ones passed over; −1 if there is none. */
function closingQuote(text: string, open: number, quote: string): number {
  for (let at = text.indexOf(quote, open + 1); at >= 0; at = text.indexOf(quote, at + 2))
    if (text[at + 1] !== quote) return at;
  return -1;
}

function cellEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (text[at] === '\t' || text[at] === '\n') return at;
  return text.length;
}

/** Would lines as they stand be rows of different widths? */
function isRagged(text: string): boolean {
  const widths = new Set(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t').length),
  );
  return widths.size > 1;
}
