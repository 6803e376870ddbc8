/** Damage to texts: letters mistyped, words lost. A row is damaged alike for every method, whatever the order. */
import { PhiloxStream } from '../graph/philox.ts';
import { say, type Sentence } from '../sentence.ts';
import type { Noise } from './study.ts';

const SEED = 20_230;

/** What changes a text of a row, by `noise`. */
export function damaged({ typos = 0, drops = 0 }: Noise): (text: string, row: number) => string {
  return (text, row) => {
    const random = new PhiloxStream(SEED, row);
    const words = text.split(' ');
    const kept = words.filter(() => random.uniform() >= drops);
    // A text without words would be no text.
    const left = kept.length === 0 ? [words[random.below(words.length)]] : kept;
    return left.map((word) => (random.uniform() < typos ? mistyped(word, random) : word)).join(' ');
  };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Two letters swapped, one lost, one doubled, or one that is another. */
function mistyped(word: string, random: PhiloxStream): string {
  const letters = Array.from(word);
  if (letters.length < 2) return word;
  const at = random.below(letters.length - 1);
  const [one, next] = [letters[at], letters[at + 1]];
  const changed = [[next, one], [next], [one, one, next], [LETTERS[random.below(LETTERS.length)], next]];
  letters.splice(at, 2, ...changed[random.below(changed.length)]);
  return letters.join('');
}

/** What a kind of damage is called in figures. */
export function noiseName({ typos, drops }: Noise): string {
  if (typos !== undefined) return `typos ${typos}`;
  return drops === undefined ? 'clean' : `drops ${drops}`;
}

/** The same in words. */
export function noiseSentence(noise: string): Sentence {
  const [kind, share] = noise.split(' ');
  const percent = Math.round(Number(share) * 100);
  return kind === 'typos' ? say`typos in ${percent} % of words` : say`${percent} % of words lost`;
}
