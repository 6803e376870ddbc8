/** The two languages hold the same texts, and neither has the other's. */
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { zh } from './zh.ts';
import { CHINESE } from './zh/said/catalogue.ts';

/** Leaves by path: `history.states.done` → the text, or the function that makes it. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`));
}

/** A text with stand-ins for its parts: numbers where it counts, marks elsewhere. */
function written(leaf: unknown): string {
  if (typeof leaf === 'string') return leaf;
  if (typeof leaf !== 'function') return JSON.stringify(leaf);
  const parts = Array.from({ length: leaf.length }, () => '7');
  return String((leaf as (...parts: string[]) => unknown)(...parts));
}

const HAN = /\p{Script=Han}/u;
/** Names, symbols and code that are the same in both languages, on purpose. */
const SAME_EVERYWHERE =
  /^(|[\d\W_]+|Alpha|Dropout|F1|MCC|IA³|LoRA|DoRA|VeRA|AdaLoRA|LoHa|LoKr|Compacter|UniPELT|LoRA\+|BitFit|PiSSA|LayerNorm|Pearson|Spearman|Matthews|Softmax|SiLU|ReLU|GELU|tanh|AdamW|Adafactor|JSON|English|中文 \/ English|ms|ROUGE.*|BLEU|P-tuning)$/i;

describe('the dictionaries', () => {
  const english = new Map(leaves(en));
  const chinese = new Map(leaves(zh));

  it('have the same keys', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('make texts of the same parts', () => {
    for (const [path, leaf] of english) {
      expect([path, typeof chinese.get(path)]).toEqual([path, typeof leaf]);
    }
  });

  it('speak Chinese in the Chinese one', () => {
    const left = [...chinese].filter(([path, leaf]) => {
      const text = written(leaf);
      return path !== 'switchLanguage' && !HAN.test(text) && !SAME_EVERYWHERE.test(text.trim());
    });
    expect(left.map(([path, leaf]) => `${path}: ${written(leaf)}`)).toEqual([]);
  });

  it('call the reader 你 throughout', () => {
    const said = Object.entries(CHINESE).map(([key, text]): [string, unknown] => [key, text]);
    const formal = [...chinese, ...said].filter(([, leaf]) => written(leaf).includes('您'));
    expect(formal.map(([path]) => path)).toEqual([]);
  });

  it('speak no Chinese in the English one, the name of the language aside', () => {
    const left = [...english].filter(([path, leaf]) => HAN.test(written(leaf)) && !/anguage/.test(path));
    expect(left.map(([path]) => path)).toEqual([]);
  });
});
