/**
 * Tokens that stand beside a vocabulary and not in it: those that tokenizer_config.json names or adds
 * (`added_tokens_decoder`), and, in folders of before 2023, special_tokens_map.json and added_tokens.json. As
 * transformers reads them (tokenization_utils_base.py, tokenization_utils_tokenizers.py).
 */
import { parsedObject, tokenContent } from './json-object.ts';

type Json = Readonly<Record<string, unknown>>;

const NAMED = [
  ...['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'],
  'additional_special_tokens',
];
const FLAGS = ['single_word', 'lstrip', 'rstrip', 'normalized', 'special'] as const;

/** A token as tokenizer.json keeps it. */
type AddedToken = { id: number; content: string } & Record<(typeof FLAGS)[number], boolean>;

/**
 * tokenizer_config.json with what special_tokens_map.json and added_tokens.json say; they count only where it has
 * no `added_tokens_decoder` of its own.
 * @returns its text; undefined where there is none of the three
 * @throws StudioError('tokenizer') for a file that is no JSON object
 */
export function withTokenFiles(
  tokenizerConfig: string | undefined,
  specialTokens: string | undefined,
  addedTokens: string | undefined,
): string | undefined {
  if (specialTokens === undefined && addedTokens === undefined) return tokenizerConfig;
  const config = tokenizerConfig === undefined ? {} : parsedObject(tokenizerConfig, 'tokenizer_config.json');
  if (config.added_tokens_decoder !== undefined) return tokenizerConfig;
  const special = specialTokens === undefined ? {} : parsedObject(specialTokens, 'special_tokens_map.json');
  const added = addedTokens === undefined ? {} : parsedObject(addedTokens, 'added_tokens.json');
  const decoder = Object.entries(added).map(([content, id]) => [String(id), { content }]);
  return JSON.stringify({
    ...config,
    ...Object.fromEntries(Object.entries(special).filter(([name]) => NAMED.includes(name))),
    ...(decoder.length > 0 && { added_tokens_decoder: Object.fromEntries(decoder) as Json }),
  });
}

/**
 * tokenizer.json with the tokens that tokenizer_config.json has beyond it; itself where there are none.
 * @param tokenizer its `added_tokens` are complete but for those
 */
export function withConfigTokens(tokenizer: Json, config: Json): Json {
  const present = Array.isArray(tokenizer.added_tokens) ? (tokenizer.added_tokens as unknown[]) : [];
  // The library refuses what is no token, in its own words.
  if (!present.every(hasId)) return tokenizer;
  const known = new Set(present.map(tokenContent));
  const missing: AddedToken[] = [];
  const add = (token: unknown, id: number, defaults: Partial<AddedToken>): void => {
    const content = tokenContent(token);
    if (content === null || content === '' || known.has(content)) return;
    known.add(content);
    missing.push(addedToken(token, id, content, defaults));
  };
  // By id, as the library numbers what its vocabulary lacks.
  const decoder = isObject(config.added_tokens_decoder) ? Object.entries(config.added_tokens_decoder) : [];
  const byId = decoder
    .map(([id, token]) => [Number(id), token] as const)
    .filter(([id]) => Number.isInteger(id) && id >= 0)
    .sort(([a], [b]) => a - b);
  for (const [id, token] of byId) add(token, id, {});
  // Vocabularies are large: they are looked into only for a token that is not known yet.
  const next = (): number => 1 + highestOf(tokenizer.model, [...present, ...missing]);
  for (const name of NAMED)
    for (const token of [config[name]].flat()) {
      const content = tokenContent(token);
      if (content === null || known.has(content)) continue;
      add(token, idIn(tokenizer.model, content) ?? next(), { special: true });
    }
  if (missing.length === 0) return tokenizer;
  const all = [...(present as AddedToken[]), ...missing].sort((a, b) => a.id - b.id);
  return { ...tokenizer, added_tokens: all };
}

const hasId = (token: unknown): boolean => isObject(token) && typeof token.id === 'number';

/** Flags that are left out: false, but that a token of text is normalised with the text. */
function addedToken(token: unknown, id: number, content: string, defaults: Partial<AddedToken>): AddedToken {
  const given = isObject(token) ? token : {};
  const flag = (name: (typeof FLAGS)[number], fallback: boolean): boolean =>
    typeof given[name] === 'boolean' ? given[name] : (defaults[name] ?? fallback);
  const special = flag('special', false);
  return {
    ...{ id, content, single_word: flag('single_word', false), lstrip: flag('lstrip', false) },
    ...{ rstrip: flag('rstrip', false), normalized: flag('normalized', !special), special },
  };
}

/** A Unigram lists pairs of a piece and its score; others have ids by piece. */
function vocabularyOf(model: unknown): readonly unknown[] | Json {
  const vocab = isObject(model) ? model.vocab : undefined;
  return Array.isArray(vocab) || isObject(vocab) ? vocab : {};
}

function idIn(model: unknown, piece: string): number | null {
  const vocabulary = vocabularyOf(model);
  if (!Array.isArray(vocabulary))
    return Object.hasOwn(vocabulary, piece) ? (vocabulary as Record<string, number>)[piece] : null;
  const id = vocabulary.findLastIndex((entry) => String((entry as unknown[] | null)?.[0]) === piece);
  return id < 0 ? null : id;
}

function highestOf(model: unknown, added: readonly unknown[]): number {
  const vocabulary = vocabularyOf(model);
  let highest = -1;
  if (Array.isArray(vocabulary)) highest = vocabulary.length - 1;
  else for (const id of Object.values(vocabulary)) highest = Math.max(highest, id as number);
  for (const token of added) if (isObject(token)) highest = Math.max(highest, Number(token.id));
  return highest;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
