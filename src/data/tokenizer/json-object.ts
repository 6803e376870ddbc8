/** The JSON of a tokenizer's files. */
import { parseJson } from '../../json.ts';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';

/** The object in a JSON file. @throws StudioError('tokenizer') where it holds none */
export function parsedObject(
  source: string | Readonly<Record<string, unknown>>,
  file: string,
): Record<string, unknown> {
  let value: unknown = source;
  if (typeof source === 'string') {
    try {
      value = parseJson(source);
    } catch (cause) {
      throw new StudioError('tokenizer', say`${file} is not valid JSON; download it again.`, {
        where: file,
        cause,
      });
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new StudioError('tokenizer', say`${file} does not hold a JSON object; download it again.`, {
      where: file,
    });
  return value as Record<string, unknown>;
}

/** A token of a tokenizer's files: its text, or an object with `content`; null for anything else. */
export function tokenContent(token: unknown): string | null {
  if (typeof token === 'string') return token;
  const content = (token as { content?: unknown } | null | undefined)?.content;
  return typeof content === 'string' ? content : null;
}
