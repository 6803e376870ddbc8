/** JSON Lines: one object a line. */
import { DeepJson, parseJson } from '../../json.ts';
import { say, type Sentence } from '../../sentence.ts';
import type { Cells } from './cells.ts';
import { dataError, quoted } from './error.ts';
import { nestedTooDeep } from './json-cells.ts';
import { exactIntegers } from './json-integers.ts';
import { JsonRows } from './json-rows.ts';

const REMEDY = say`write one complete JSON object a line`;

/** @throws StudioError('data') with the line of what is not a JSON object */
export function readJsonLines(text: string, file: string): Cells {
  const rows = new JsonRows(file, text.length);
  let line = 1;
  for (let from = 0; from < text.length; line++) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const source = text.slice(from, end);
    from = end + 1;
    if (source.trim() !== '') rows.add(parsedJson(source, file, line, REMEDY), line);
  }
  return rows.finish();
}

/**
 * The value of a piece of JSON.
 * @param remedy what to do about one that is not valid
 * @throws StudioError('data')
 */
export function parsedJson(source: string, file: string, line: number, remedy: Sentence): unknown {
  try {
    return parseJson(exactIntegers(source));
  } catch (error) {
    if (error instanceof DeepJson) throw nestedTooDeep({ file, line });
    const whole = withoutNaN(source);
    if (whole !== source) return parsedJson(whole, file, line, remedy);
    const nan = /[:[,]\s*-?(Infinity)\b/.exec(source);
    const why = nan ? say`${nan[1]} is not JSON` : say`not valid JSON, beginning ${quoted(source)}`;
    throw dataError(file, line, say`${why}; ${remedy}`);
  }
}

/** JSON with null for NaN, as Python's own writer leaves it for a missing value; what stands in quotes stays. */
function withoutNaN(source: string): string {
  let text = '';
  let quoted = false;
  let from = 0;
  for (let at = 0; at < source.length; at++) {
    const sign = source[at];
    if (sign === '"') quoted = !quoted;
    else if (sign === '\\') at++;
    else if (
      sign === 'N' &&
      !quoted &&
      source.startsWith('NaN', at) &&
      /[\s:[,]/.test(source[at - 1] ?? ' ')
    ) {
      text += `${source.slice(from, at)}null`;
      from = at + 3;
      at += 2;
    }
  }
  return text + source.slice(from);
}
