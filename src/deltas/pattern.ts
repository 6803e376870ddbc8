/**
 * Patterns that people write: targets, and the keys of a saved adapter's `rank_pattern`. They come in specs, links
 * and adapters of others, so they run on RE2 (`re2js`), which takes time linear in the text whatever the pattern.
 * It has no lookaround and no backreferences.
 */
import { RE2JS } from 're2js';

/** Longer patterns are refused: nobody writes them, and they only cost time. */
const LONGEST = 1000;

/**
 * Whether a text has a match, as a function.
 * @throws SyntaxError for a pattern that RE2 does not read, saying why
 */
export function linearPattern(pattern: string): (text: string) => boolean {
  if (pattern.length > LONGEST) throw new SyntaxError(`longer than ${LONGEST} characters`);
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(reason.replace('error parsing regexp: ', ''), { cause });
  }
  return (text) => compiled.test(text);
}
