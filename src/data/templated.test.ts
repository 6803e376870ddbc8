import { describe, expect, it } from 'vitest';
import { encodeDataset } from './batching/encoded.ts';
import { buildDataset, type DatasetOptions } from './dataset.ts';
import type { LabelSpace } from './labels.ts';
import { readTable } from './table/read-table.ts';
import { fillTemplate, parseTemplate, slotsOf } from './template.ts';
import { encodeTemplated, shortened } from './templated.ts';
import { loadTokenizer } from './tokenizer/tokenizer.ts';
import { tokenizerFromVocab } from './tokenizer/vocab-file.ts';
import { checkWrittenWords, labelWordIds } from './verbalizer.ts';

const VOCAB = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfilm\nwas\n##s\ngood\n.\n好\nbad\n差\nit\n##ly\n';
const tokenizer = loadTokenizer(tokenizerFromVocab(VOCAB));
const shown = (ids: readonly number[]) => tokenizer.tokens(ids).join(' ');
const template = (text: string) => parseTemplate(text);
const encode = (parts: string, text: string, pair: string | null, maxLength: number) => {
  const { ids, truncated } = encodeTemplated(tokenizer, template(parts), text, pair, maxLength);
  return [shown(ids), truncated];
};

describe('parseTemplate', () => {
  it('finds slots and leaves other braces alone', () => {
    const parts = template('{text}: {"a"} {mask}.');
    expect(slotsOf(parts)).toEqual(['text', 'mask']);
    expect(fillTemplate(parts, { text: 'x', mask: '[MASK]' })).toBe('x: {"a"} [MASK].');
    expect(slotsOf(template('no slots'))).toEqual([]);
  });
});

describe('encodeTemplated', () => {
  it('fills texts and mask in', () => {
    expect(encode('{text} it was {mask}.', 'the films', null, 16)).toEqual([
      '[CLS] the film ##s it was [MASK] . [SEP]',
      false,
    ]);
    expect(encode('{text2} {mask} {text}', 'good', 'bad film', 16)[0]).toBe(
      '[CLS] bad film [MASK] good [SEP]',
    );
  });

  it('cuts texts, and never the template or its mask', () => {
    const long = 'the film was good the film was bad';
    for (const maxLength of [8, 9, 10, 13]) {
      const [text, truncated] = encode('{text} it was {mask}.', long, null, maxLength);
      expect(text).toMatch(/^\[CLS\] the film .*it was \[MASK\] \. \[SEP\]$/);
      expect([String(text).split(' ').length, truncated]).toEqual([maxLength, true]);
    }
  });

  it('cuts the longer of two texts first', () => {
    expect(encode('{text} {mask} {text2}', 'good film', 'the film was bad the film', 9)).toEqual([
      '[CLS] good film [MASK] the film was bad [SEP]',
      true,
    ]);
  });

  it('cuts Chinese between characters', () => {
    expect(encode('{text}{mask}', '好差好差好差', null, 6)).toEqual(['[CLS] 好 差 好 [MASK] [SEP]', true]);
    expect(shortened(tokenizer, 'the 好差好', 2)).toBe('the 好');
  });

  it('says when the template alone is too long', () => {
    expect(() => encode('{text} it was {mask}.', 'good', null, 6)).toThrow(
      'data.maxLength is 6 and data.template alone takes 6 tokens, which leaves no room for the text; ' +
        'raise data.maxLength or shorten the template.',
    );
  });
});

const rows = (text: string, options: Omit<DatasetOptions, 'split'>, name = 'train.tsv') =>
  buildDataset(readTable(text, name), { split: 'train', ...options });
const CLASSES = { columns: { text: ['text'], label: 'label' }, verbalizer: { 0: 'bad', 1: 'good' } } as const;

describe('rows with label words', () => {
  const file = 'text\tlabel\nthe film\t1\nfilm\t0\nwas\t1\nit\t0\nit was\t0\n';

  it('have the words as targets of text to text', () => {
    const data = rows(file, { ...CLASSES, task: 'text2text' });
    expect(data.targets).toEqual(['good', 'bad', 'good', 'bad', 'bad']);
    expect([...data.labels]).toEqual([1, 0, 1, 0, 0]);
    expect(rows(file, { ...CLASSES, task: 'maskedLm' }).targets).toBeNull();
  });

  it('are drawn a few a class, by the seed, in file order', () => {
    const draw = (seed: number) => rows(file, { ...CLASSES, task: 'maskedLm', fewShot: { count: 2, seed } });
    expect([...draw(1).labels].sort()).toEqual([0, 0, 1, 1]);
    expect(draw(1).lines).toEqual([...draw(1).lines].sort((a, b) => a - b));
    const draws = Array.from({ length: 8 }, (_, seed) => draw(seed).lines.join());
    expect(new Set(draws).size).toBeGreaterThan(1);
    expect(draw(3)).toEqual(draw(3));
    expect(() => rows(file, { ...CLASSES, task: 'maskedLm', fewShot: { count: 3, seed: 1 } })).toThrow(
      'train.tsv: data.fewShot asks for 3 rows of each class and "1" has 2; lower it or add rows.',
    );
  });

  it('are refused for a label without a word, and for a text with the mask in it', () => {
    expect(() => rows(`${file}good\t2\n`, { ...CLASSES, task: 'maskedLm' })).toThrow(
      'train.tsv, line 7: the label "2" in column "label" has no word in data.verbalizer, which has "0", "1"; add one.',
    );
    const data = rows(`${file}a [MASK]\t1\n`, { ...CLASSES, task: 'maskedLm' });
    expect(() => encodeDataset(data, tokenizer, 16, { template: '{text} {mask}' })).toThrow(
      'train.tsv, line 7: the text holds [MASK], which stands for the word to fill in; write it differently.',
    );
  });
});

describe('rows with targets', () => {
  const options = { columns: { text: ['source'], target: 'target' }, task: 'text2text' } as const;

  it('need one each', () => {
    expect(rows('source\ttarget\nfilm\tgood\n', options).targets).toEqual(['good']);
    expect(() => rows('source\ttarget\nfilm\tgood\nit\t \n', options)).toThrow(
      'train.tsv, line 3: the target in column "target" is empty; fill it in, or leave such rows out with data.missing "drop".',
    );
    expect(() => rows('source\tsummary\nfilm\tgood\n', options)).toThrow(
      'train.tsv: there is no column "target"; it has "source", "summary": name one of these.',
    );
  });
});

describe('labelWordIds', () => {
  const space: LabelSpace = { names: ['0', '1'], source: 'indices' };
  const ids = (zero: string, one: string) =>
    labelWordIds(tokenizer, '{text} {mask}', { 0: zero, 1: one }, space);

  it('are one token each', () => {
    expect(shown(ids('bad', ' Good '))).toBe('bad good');
    expect(shown(ids('差', '好'))).toBe('差 好');
  });

  it('say what is wrong with a word, and suggest others', () => {
    expect(() => ids('bad', 'goodly')).toThrow(
      'data.verbalizer.1: got "goodly", which is 2 tokens of the vocabulary (good ##ly); choose a word that is one ' +
        'token such as "good", "bad".',
    );
    expect(() => ids('awful', 'good')).toThrow(
      'data.verbalizer.0: got "awful", which the vocabulary does not know; choose a word that is one token such as ' +
        '"good", "bad".',
    );
    expect(() => ids('差', '好差')).toThrow(
      'data.verbalizer.1: got "好差", which is 2 tokens of the vocabulary (好 差)',
    );
    expect(() => ids('good', 'Good')).toThrow(
      'data.verbalizer.1: got "Good", which is the same token as the word of "0"; choose',
    );
    expect(() => checkWrittenWords(tokenizer, { 0: 'goodly', 1: 'awful' })).toThrow(
      'data.verbalizer.1: got "awful", which holds what the vocabulary does not know',
    );
  });
});
