/**
 * Corpus BLEU (Papineni et al. 2002) as sacreBLEU computes it by default (Post 2018): n-grams up to 4,
 * `exp` smoothing, 0 to 100; mteval's `13a` tokenization, or `zh` where references hold Chinese.
 */
import { ngramCounts, shared, type Counts } from './ngrams.ts';

const MAX_ORDER = 4;

/** @param truth references of each prediction */
export function bleu(predicted: readonly string[], truth: readonly (readonly string[])[]): number {
  const split = truth.flat().some((text) => /\p{Script=Han}/u.test(text)) ? splitChinese : splitWestern;
  const correct = new Array<number>(MAX_ORDER).fill(0);
  const total = new Array<number>(MAX_ORDER).fill(0);
  let predictedLength = 0;
  let truthLength = 0;
  predicted.forEach((text, i) => {
    const a = split(text.trimEnd());
    const references = truth[i].map((reference) => split(reference.trimEnd()));
    predictedLength += a.length;
    truthLength += closest(
      a.length,
      references.map(({ length }) => length),
    );
    for (let order = 1; order <= MAX_ORDER; order++) {
      correct[order - 1] += shared(ngramCounts(a, order), mostOften(references, order));
      total[order - 1] += Math.max(0, a.length - order + 1);
    }
  });
  if (correct.every((count) => count === 0) || total.includes(0)) return 0;
  let smoothing = 1;
  let logs = 0;
  for (let n = 0; n < MAX_ORDER; n++) {
    if (correct[n] === 0) smoothing *= 2;
    logs += Math.log(correct[n] > 0 ? correct[n] / total[n] : 1 / (smoothing * total[n]));
  }
  const brevity = predictedLength < truthLength ? Math.exp(1 - truthLength / predictedLength) : 1;
  return 100 * brevity * Math.exp(logs / MAX_ORDER);
}

/** Each n-gram as often as in the reference that has it most. */
function mostOften(references: readonly string[][], order: number): Counts {
  const most: Counts = new Map();
  for (const reference of references)
    for (const [key, count] of ngramCounts(reference, order))
      most.set(key, Math.max(count, most.get(key) ?? 0));
  return most;
}

/** The length nearest to the prediction's; the shorter of two. */
function closest(length: number, lengths: readonly number[]): number {
  const [first] = [...lengths].sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b);
  return first;
}

/** mteval-v13a. */
export function splitWestern(line: string): string[] {
  const plain = line
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
  return splitPunctuation(` ${plain} `);
}

/** Every Chinese character by itself, the rest as in 13a. */
export function splitChinese(line: string): string[] {
  let spaced = '';
  for (const character of line.trim()) spaced += isChinese(character) ? ` ${character} ` : character;
  return splitPunctuation(spaced);
}

function splitPunctuation(line: string): string[] {
  return line
    .replace(/([{-~[-` -&(-+:-@/])/g, ' $1 ')
    .replace(/([^0-9])([.,])/gsu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gsu, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ')
    .split(/\s+/u)
    .filter((word) => word !== '');
}

/**
 * What sacreBLEU's `zh` takes for a Chinese character. Its escapes for the planes beyond the first come out as
 * ranges of punctuation and symbols; scores are to be comparable, so they stand here as they act.
 */
const CHINESE: readonly (readonly [number, number])[] = [
  [0x3400, 0x4db5],
  [0x4e00, 0x9fa5],
  [0x9fa6, 0x9fbb],
  [0xf900, 0xfa2d],
  [0xfa30, 0xfa6a],
  [0xfa70, 0xfad9],
  [0x2001, 0x2a6d],
  [0x2f81, 0x2fa1],
  [0xff00, 0xffef],
  [0x2e80, 0x2eff],
  [0x3000, 0x303f],
  [0x31c0, 0x31ef],
  [0x2f00, 0x2fdf],
  [0x2ff0, 0x2fff],
  [0x3100, 0x312f],
  [0x31a0, 0x31bf],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe4f],
  [0x2600, 0x26ff],
  [0x2700, 0x27bf],
  [0x3200, 0x32ff],
  [0x3300, 0x33ff],
];

function isChinese(character: string): boolean {
  const code = character.codePointAt(0)!;
  return CHINESE.some(([from, to]) => code >= from && code <= to);
}
