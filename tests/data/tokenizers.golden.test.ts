/**
 * Token ids, segments and truncation against what the Python `tokenizers` library gives for the same files
 * (tools/tokenizer-golden.py).
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTokenizer, type Tokenizer } from '../../src/data/tokenizer/tokenizer.ts';
import { tokenizerFromVocab } from '../../src/data/tokenizer/vocab-file.ts';

interface Ids {
  ids: readonly number[];
  typeIds: readonly number[];
}
interface Cases {
  single: Ids[];
  pairs: Ids[];
  truncated: { maxLength: number; single: Ids; pairs: Ids[] }[];
}
interface Golden {
  single: string[];
  pairs: [string, string][];
  cases: Record<string, Cases>;
}

const golden = JSON.parse(
  readFileSync(new URL('./tokenizers.golden.json', import.meta.url), 'utf8'),
) as Golden;
const shared = process.env.DELTA_SHARED ?? '../shared';
const read = (path: string) => readFileSync(join(shared, path), 'utf8');

const TOKENIZERS: Record<string, { file: string; load: () => Tokenizer }> = {
  'bert-base-uncased': fromJson('tokenizers/bert-base-uncased/tokenizer.json'),
  'roberta-base': fromJson('tokenizers/roberta-base/tokenizer.json'),
  't5-small': fromJson('tokenizers/t5-small/tokenizer.json'),
  'bert-l4-h128': fromJson('models/bert-l4-h128/tokenizer.json'),
  'bert-base-chinese-vocab': {
    file: 'tokenizers/bert-base-chinese-vocab/vocab.txt',
    load: () => loadTokenizer(tokenizerFromVocab(read('tokenizers/bert-base-chinese-vocab/vocab.txt'))),
  },
};

function fromJson(file: string): { file: string; load: () => Tokenizer } {
  return { file, load: () => loadTokenizer(read(file)) };
}

it('has golden values for every tokenizer of this test', () => {
  expect(Object.keys(golden.cases).sort()).toEqual(Object.keys(TOKENIZERS).sort());
});

for (const [name, { file, load }] of Object.entries(TOKENIZERS))
  describe.skipIf(!existsSync(join(shared, file)))(name, () => {
    const expected = golden.cases[name];
    let loaded: Tokenizer | null = null;
    const tokenizer = () => (loaded ??= load());
    const encode = (text: string, pair: string | null, maxLength?: number): Ids => {
      const { ids, typeIds } = tokenizer().encode(text, pair, maxLength);
      return { ids, typeIds };
    };

    golden.single.forEach((text, i) => {
      it(`encodes ${JSON.stringify(text.slice(0, 30))}`, () => {
        expect(encode(text, null)).toEqual(expected.single[i]);
      });
    });

    golden.pairs.forEach(([first, second], i) => {
      it(`encodes the pair ${JSON.stringify(first.slice(0, 20))}`, () => {
        expect(encode(first, second)).toEqual(expected.pairs[i]);
      });
    });

    for (const { maxLength, single, pairs } of expected.truncated)
      it(`cuts to ${maxLength} tokens, the longer text first`, () => {
        expect(encode(golden.single[0], null, maxLength)).toEqual(single);
        golden.pairs.forEach(([first, second], i) =>
          expect(encode(first, second, maxLength)).toEqual(pairs[i]),
        );
      });
  });
