/**
 * What keeps a tokenizer.json from taking seconds or all memory, looked at before the library reads it: parts of a
 * pipeline, lengths of patterns, and how much longer a text or its ids can get. The bounds are many times what any
 * published tokenizer has.
 */
import { StudioError } from '../../errors.ts';
import { say, type Sentence } from '../../sentence.ts';

/** Normalisers, pre-tokenizers, decoders or post-processors, those within sequences counted. */
const MOST_PARTS = 1000;
/** Characters of one pattern. */
const LONGEST_PATTERN = 100_000;
/** How many times as long the replacements of a pipeline can make a text, and characters put before it. */
const MOST_GROWTH = 1000;
const MOST_PREPENDED = 10_000;
/** Special tokens around a text. */
const MOST_AROUND = 10_000;
/** Characters of all added tokens: the library holds a state for each, which takes some eighty bytes. */
const MOST_ADDED = 2_000_000;

type Json = Readonly<Record<string, unknown>>;

/** @throws StudioError('tokenizer') naming the part that is beyond its bound */
export function checkBounds(tokenizer: Json): void {
  checkPipeline('normalizer', partsOf(tokenizer.normalizer, 'normalizers'));
  checkPipeline('pre_tokenizer', partsOf(tokenizer.pre_tokenizer, 'pretokenizers'));
  checkPipeline('decoder', partsOf(tokenizer.decoder, 'decoders'));
  const around = partsOf(tokenizer.post_processor, 'processors').reduce((sum, part) => sum + idsOf(part), 0);
  if (around > MOST_AROUND)
    throw beyond(
      'post_processor',
      say`puts ${around} tokens around a text, and at most ${MOST_AROUND} are read`,
    );
  const added = listOf(tokenizer.added_tokens).reduce(
    (sum: number, token) => sum + textOf(token.content).length,
    0,
  );
  if (added > MOST_ADDED)
    throw beyond('added_tokens', say`has ${added} characters, and at most ${MOST_ADDED} are read`);
}

function checkPipeline(name: string, parts: readonly Json[]): void {
  if (parts.length > MOST_PARTS)
    throw beyond(name, say`has more than ${MOST_PARTS} parts, which are more than are read`);
  let [growth, prepended] = [1, 0];
  for (const part of parts) {
    const pattern = patternOf(part.pattern);
    if (pattern.text.length > LONGEST_PATTERN)
      throw beyond(
        name,
        say`has a pattern of ${pattern.text.length} characters, and at most ${LONGEST_PATTERN} are read`,
      );
    if (part.type === 'Replace') growth *= growthOf(pattern, textOf(part.content).length);
    if (part.type === 'Prepend') prepended += textOf(part.prepend).length;
  }
  if (growth > MOST_GROWTH || prepended > MOST_PREPENDED)
    throw beyond(
      name,
      say`can make a text more than ${MOST_GROWTH} times as long, which is more than is read`,
    );
}

interface Pattern {
  text: string;
  regex: boolean;
}

function patternOf(value: unknown): Pattern {
  if (!isObject(value)) return { text: textOf(value), regex: false };
  return typeof value.Regex === 'string'
    ? { text: value.Regex, regex: true }
    : { text: textOf(value.String), regex: false };
}

/** How many characters can stand where one did. */
function growthOf({ text, regex }: Pattern, content: number): number {
  if (text === '' || (regex && matchesNothing(text))) return content + 1;
  return Math.max(1, regex ? content : content / text.length);
}

/** Whether a pattern fits between two characters. */
function matchesNothing(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').test('');
  } catch {
    // In a notation that only the library has.
    return false;
  }
}

/** Ids that a post-processor adds, for one text or for two. */
function idsOf(part: Json): number {
  const tokens = isObject(part.special_tokens) ? part.special_tokens : {};
  const ids = new Map(
    Object.entries(tokens).map(([name, token]) => [
      name,
      isObject(token) ? listOf(token.ids, true).length : 0,
    ]),
  );
  const sides = [part.single, part.pair].map((side) =>
    listOf(side).reduce((sum, piece) => {
      const special = piece.SpecialToken;
      return sum + (isObject(special) ? (ids.get(textOf(special.id)) ?? 0) : 0);
    }, 0),
  );
  return Math.max(...sides);
}

/** A pipeline as the list of its parts, no more than one beyond the bound. */
function partsOf(pipeline: unknown, key: string): Json[] {
  const parts: Json[] = [];
  const waiting: unknown[] = [pipeline];
  while (waiting.length > 0 && parts.length <= MOST_PARTS) {
    const part = waiting.pop();
    if (!isObject(part)) continue;
    if (part.type === 'Sequence' && Array.isArray(part[key])) {
      const inner = part[key] as unknown[];
      for (let i = Math.min(inner.length, MOST_PARTS + 1) - 1; i >= 0; i--) waiting.push(inner[i]);
    } else parts.push(part);
  }
  return parts;
}

function listOf(value: unknown, any?: false): Json[];
function listOf(value: unknown, any: true): unknown[];
function listOf(value: unknown, any = false): unknown[] {
  if (!Array.isArray(value)) return [];
  return any ? (value as unknown[]) : (value as unknown[]).filter(isObject);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function beyond(part: string, why: Sentence): StudioError {
  return new StudioError('tokenizer', say`The ${part} of tokenizer.json ${why}; download it again.`, {
    where: `tokenizer.json: ${part}`,
  });
}
