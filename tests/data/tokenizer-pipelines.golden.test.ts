/**
 * Every kind of part of a tokenizer.json against what the Python `tokenizers` library gives for the same pipeline and
 * hard texts (tools/tokenizer-pipelines-golden.py).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../src/data/tokenizer/tokenizer.ts';

interface Case {
  pipeline: { model: Record<string, unknown>; [part: string]: unknown };
  ids: number[][];
  pairs?: { ids: number[]; typeIds: number[] }[];
  decoded?: string[];
}
interface Golden {
  texts: string[];
  /** The vocabulary of pipelines whose model says `"vocab":"characters"`. */
  characters: string[];
  cases: Record<string, Case>;
}

const golden = JSON.parse(
  readFileSync(new URL('./tokenizer-pipelines.golden.json', import.meta.url), 'utf8'),
) as Golden;
const characters = Object.fromEntries(golden.characters.map((token, id) => [token, id]));
const { texts } = golden;

describe('pipelines', () => {
  for (const [name, { pipeline, ids, pairs, decoded }] of Object.entries(golden.cases))
    it(`${name} as the reference library`, () => {
      const model =
        pipeline.model.vocab === 'characters' ? { ...pipeline.model, vocab: characters } : pipeline.model;
      const tokenizer = loadTokenizer(
        { version: '1.0', truncation: null, padding: null, ...pipeline, model },
        { clean_up_tokenization_spaces: false },
      );
      expect(texts.map((text) => tokenizer.encode(text).ids)).toEqual(ids);
      pairs?.forEach((pair, i) => {
        const { ids, typeIds } = tokenizer.encode(texts[2 + i], texts[6 + i]);
        expect({ ids, typeIds }).toEqual(pair);
      });
      if (decoded !== undefined) expect(ids.map((row) => tokenizer.decode(row))).toEqual(decoded);
    });
});
