import { constants, PerformanceObserver } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../errors.ts';
import { LibraryTokenizer } from './library.ts';
import { started } from '../../../../tests/support/processor-time.ts';

const VOCAB = ['[UNK]', 'a', '##a', 'b', '##b', ' ', '## '];
const json = (regex: string) =>
  JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false },
    post_processor: null,
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(VOCAB.map((token, id) => [token, id])),
    },
  });

describe('a pattern that goes back without end', () => {
  it('is ended on the text that makes it, in one sentence, and other texts are read', () => {
    const tokenizer = new LibraryTokenizer(json('(a+)+$'));
    expect(tokenizer.pieces('aab')).toEqual([1, 2, 4]);
    const seconds = started();
    expect(() => tokenizer.pieces(`${'a'.repeat(60)}b`)).toThrow(
      /^A pattern of tokenizer\.json takes too long on the text "a+…"; leave the text out, or use a tokenizer whose patterns have no repetition within a repetition\.$/,
    );
    expect(seconds()).toBeLessThan(10);
    expect(tokenizer.pieces('aab')).toEqual([1, 2, 4]);
  });

  it('is ended too where many searches each take a while', () => {
    const tokenizer = new LibraryTokenizer(json('(a+)+c|a'));
    expect(tokenizer.pieces('aab')).toEqual([1, 1, 3]);
    expect(() => tokenizer.pieces(`${'a'.repeat(17)}b`.repeat(2000))).toThrow(StudioError);
  });

  it('leaves sound patterns alone on long texts', () => {
    const tokenizer = new LibraryTokenizer(json(' ?[a-z]+|\\s+(?!\\S)|\\s+'));
    expect(tokenizer.pieces('a b '.repeat(20_000))).toHaveLength(60_000 + 20_000);
    expect(tokenizer.pieces(`a${' '.repeat(50)}b`)).toHaveLength(52);
  });
});

describe('a text', () => {
  it('may hold half of a surrogate pair, which no encoding has', () => {
    expect(new LibraryTokenizer(json('a')).pieces('a\ud800')).toEqual([1, 0]);
  });

  it('of which the vocabulary lacks a piece and has no token for that is refused', () => {
    const bare = JSON.parse(json('a')) as { model: { vocab: Record<string, number> } };
    delete bare.model.vocab['[UNK]'];
    const tokenizer = new LibraryTokenizer(JSON.stringify(bare));
    expect(() => tokenizer.pieces('xyz')).toThrow(
      'The tokenizer cannot read the text "xyz" (WordPiece error: Missing [UNK] token from the vocabulary); leave the text out',
    );
  });
});

describe('a file', () => {
  it('of 200,000 words and merges is read without looking for garbage all the while', async () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
    const pairs = letters.flatMap((a) => letters.map((b) => a + b));
    const triples = pairs.flatMap((pair) => letters.map((letter) => pair + letter));
    const fours = triples.flatMap((triple) => letters.slice(0, 11).map((letter) => triple + letter));
    const words = [...letters, ...pairs, ...triples, ...fours].slice(0, 200_000);
    const merges = words.filter(({ length }) => length > 1).map((word) => [word.slice(0, -1), word.at(-1)]);
    const file = JSON.stringify({
      ...(JSON.parse(json('a')) as object),
      pre_tokenizer: null,
      model: { type: 'BPE', vocab: Object.fromEntries(words.map((word, id) => [word, id])), merges },
    });
    let collections = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { detail: { kind: number } }[])
        if (entry.detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections++;
    });
    observer.observe({ entryTypes: ['gc'] });
    const tokenizer = new LibraryTokenizer(file);
    await new Promise((resolve) => setTimeout(resolve, 10));
    observer.disconnect();
    expect(tokenizer.pieces('abc')).toEqual([words.indexOf('abc')]);
    expect(words).toHaveLength(200_000);
    // With memory that grows as it is used there were some eighty, each over all that the page holds.
    expect(collections).toBeLessThan(12);
  });

  it.each(['', '{', 'null', '[]', '{"model":1}', json('(a'), '['.repeat(100_000)])(
    'that is no tokenizer is refused in one sentence: %#',
    (text) => {
      let caught: unknown;
      try {
        new LibraryTokenizer(text);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(StudioError);
      expect((caught as Error).message).toMatch(
        /^tokenizer\.json cannot be read \(.{5,170}\); use one that the tokenizers library wrote\.$/,
      );
    },
  );
});
