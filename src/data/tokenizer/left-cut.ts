/** Texts cut at their beginning, for tokenizers whose `truncation_side` is left. */
import { longestFirst } from './truncate.ts';

interface Tokens {
  ids: number[];
  typeIds: number[];
}

/** Where texts stand in an encoding: offsets, the first text's before the second's. */
type Places = readonly number[];

/** Numbers of the texts, as they stand one after the other. */
export type Order = readonly number[];

const EITHER: readonly Order[] = [
  [0, 1],
  [1, 0],
];

/** Which side gives way (as transformers: tokenizer_config.json, else the direction in tokenizer.json). */
export function cutsLeft(
  tokenizer: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): boolean {
  if (typeof config.truncation_side === 'string') return config.truncation_side === 'left';
  const truncation = tokenizer.truncation as { direction?: unknown } | null | undefined;
  return truncation?.direction === 'Left';
}

/**
 * An encoding without the first tokens of its texts.
 * @param whole the encoding, special tokens included, uncut
 * @param texts tokens of one text or two, which it holds
 * @param around the special tokens, in order
 * @param orders in which the texts may stand
 * @returns at most `maxLength` tokens, cut longest first; null where the texts are not found in it
 */
export function cutLeft(
  whole: Tokens,
  texts: readonly (readonly number[])[],
  around: readonly number[],
  maxLength: number,
  orders: readonly Order[] = texts.length === 1 ? [[0]] : EITHER,
): Tokens | null {
  const places = findTexts(whole.ids, texts, around, orders)?.places ?? null;
  if (places === null) return null;
  const room = maxLength - around.length;
  const kept =
    texts.length === 1
      ? [Math.min(texts[0].length, room)]
      : longestFirst(texts[0].length, texts[1].length, room);
  const dropped = (at: number): boolean =>
    places.some((place, i) => at >= place && at < place + texts[i].length - kept[i]);
  const keep = (_: number, at: number): boolean => !dropped(at);
  return { ids: whole.ids.filter(keep), typeIds: whole.typeIds.filter(keep) };
}

/**
 * The order in which a template puts two texts. @param whole the encoding of two texts that have no token in common
 * @returns null where they are not found in it
 */
export function orderOf(
  whole: readonly number[],
  texts: readonly (readonly number[])[],
  around: readonly number[],
): Order | null {
  return findTexts(whole, texts, around, EITHER)?.order ?? null;
}

/** Every order of the texts, and every number of special tokens before and between them. */
function findTexts(
  ids: readonly number[],
  texts: readonly (readonly number[])[],
  around: readonly number[],
  orders: readonly Order[],
): { places: Places; order: Order } | null {
  const holds = (part: readonly number[], at: number): boolean => part.every((id, i) => ids[at + i] === id);
  for (const order of orders) {
    const first = texts[order[0]];
    const second = order.length === 2 ? texts[order[1]] : [];
    for (let before = 0; before <= around.length; before++) {
      if (!holds(first, before)) continue;
      for (let until = before; until <= around.length; until++) {
        const at = first.length + until;
        if (!holds(second, at)) continue;
        const rest = [
          ...ids.slice(0, before),
          ...ids.slice(before + first.length, at),
          ...ids.slice(at + second.length),
        ];
        if (rest.length !== around.length || !around.every((id, i) => id === rest[i])) continue;
        return { places: order[0] === 0 ? [before, at].slice(0, texts.length) : [at, before], order };
      }
    }
  }
  return null;
}
