import { describe, expect, it } from 'vitest';
import { StudioError } from '../../errors.ts';
import { buildDataset } from '../dataset.ts';
import { encodeDataset, encodingNote } from '../batching/encoded.ts';
import { readTable } from '../table/read-table.ts';
import { checkMaxLength, positionLimit } from './positions.ts';
import { readSpecialTokens } from './special-tokens.ts';
import { loadTokenizer } from './tokenizer.ts';
import { longestFirst } from './truncate.ts';
import { tokenizerFromVocab } from './vocab-file.ts';

const VOCAB = '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfilm\nwas\n##s\ngood\n.\n好\n';
const json = () => tokenizerFromVocab(VOCAB);

describe('loadTokenizer', () => {
  it('encodes one text and two, with special tokens and segments', () => {
    const tokenizer = loadTokenizer(json(), null, { vocab_size: 12 });
    expect(tokenizer.encode('The films was good.')).toEqual({
      ids: [2, 5, 6, 8, 7, 9, 10, 3],
      typeIds: [0, 0, 0, 0, 0, 0, 0, 0],
      truncated: false,
    });
    expect(tokenizer.encode('good', 'film 好')).toEqual({
      ids: [2, 9, 3, 6, 11, 3],
      typeIds: [0, 0, 0, 1, 1, 1],
      truncated: false,
    });
    expect(tokenizer.tokens([6, 8])).toEqual(['film', '##s']);
    expect(tokenizer.decode([2, 5, 6, 8, 3])).toBe('the films');
    expect([tokenizer.padId, tokenizer.maskId, tokenizer.unknownId]).toEqual([0, 4, 1]);
    expect([tokenizer.specialTokens(false), tokenizer.specialTokens(true)]).toEqual([2, 3]);
  });

  it('cuts to maxLength, special tokens counted', () => {
    const tokenizer = loadTokenizer(json());
    expect(tokenizer.encode('the film was good .', null, 4)).toEqual({
      ids: [2, 5, 6, 3],
      typeIds: [0, 0, 0, 0],
      truncated: true,
    });
    expect(tokenizer.encode('the film', null, 4).truncated).toBe(false);
    expect(() => tokenizer.encode('the', null, 2)).toThrow('leaves no room beside 2 special tokens');
  });

  it('lower-cases unless tokenizer_config.json says not to', () => {
    const cased = loadTokenizer(tokenizerFromVocab(VOCAB, { do_lower_case: false }));
    expect(cased.encode('The film').ids).toEqual([2, 1, 6, 3]);
  });

  it("refuses a tokenizer that does not fit the model's vocabulary", () => {
    expect(() => loadTokenizer(json(), null, { vocab_size: 10 })).toThrow(
      'The tokenizer has the id 11 ("好") but the model\'s vocabulary ends at 9; use the tokenizer.json that belongs to the model.',
    );
  });

  it('refuses files that are not a tokenizer', () => {
    expect(() => loadTokenizer('{"model"')).toThrow('tokenizer.json is not valid JSON');
    expect(() => loadTokenizer('[]')).toThrow('does not hold a JSON object');
    expect(() => loadTokenizer({})).toThrow(/^tokenizer\.json cannot be read/);
    expect(() => loadTokenizer({ ...json(), post_processor: { type: 'Sentences' } })).toThrow(
      'The post_processor "Sentences" of tokenizer.json is not supported',
    );
    expect(() => tokenizerFromVocab('a\nb\n')).toThrow(StudioError);
  });

  it('takes the padding id of the config, of tokenizer_config.json, of tokenizer.json, in that order', () => {
    expect(loadTokenizer(json(), null, { pad_token_id: 7 }).padId).toBe(7);
    expect(loadTokenizer(json(), { pad_token: { content: '.' } }).padId).toBe(10);
    expect(loadTokenizer({ ...json(), padding: { pad_id: 3 } }).padId).toBe(3);
  });
});

describe('readSpecialTokens', () => {
  it('finds the one kind inside a sequence, and puts two separators into RoBERTa pairs', () => {
    const roberta = { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0] };
    const { pair } = readSpecialTokens({ type: 'Sequence', processors: [{ type: 'ByteLevel' }, roberta] });
    expect(pair).toEqual([
      { kind: 'special', ids: [0], typeId: 0 },
      { kind: 'text', which: 'A', typeId: 0 },
      { kind: 'special', ids: [2, 2], typeId: 0 },
      { kind: 'text', which: 'B', typeId: 0 },
      { kind: 'special', ids: [2], typeId: 0 },
    ]);
  });

  it('adds none where there is no post-processor', () => {
    const bare = loadTokenizer({ ...json(), post_processor: null });
    expect(bare.encode('good', 'film')).toEqual({ ids: [9, 6], typeIds: [0, 1], truncated: false });
  });
});

describe('longestFirst', () => {
  it('takes from the longer text, then from both', () => {
    expect(longestFirst(3, 4, 10)).toEqual([3, 4]);
    expect(longestFirst(3, 9, 10)).toEqual([3, 7]);
    expect(longestFirst(9, 3, 10)).toEqual([7, 3]);
    expect(longestFirst(9, 9, 7)).toEqual([3, 4]);
    expect(longestFirst(10, 9, 7)).toEqual([4, 3]);
    expect(longestFirst(50, 60, 7)).toEqual([3, 4]);
  });
});

describe('positions', () => {
  it('are the table, less what RoBERTa leaves unused, and unbounded for T5', () => {
    expect(positionLimit({ model_type: 'bert', max_position_embeddings: 128 })).toBe(128);
    expect(positionLimit({ model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 })).toBe(512);
    expect(positionLimit({ model_type: 't5', n_positions: 512 })).toBe(Infinity);
  });

  it('bound maxLength together with virtual tokens', () => {
    const config = { model_type: 'bert', max_position_embeddings: 128 };
    expect(() => checkMaxLength(128, config)).not.toThrow();
    expect(() => checkMaxLength(108, config, 20)).not.toThrow();
    expect(() => checkMaxLength(129, config)).toThrow(
      'data.maxLength is 129 but the model has positions for 128 tokens; set data.maxLength to at most 128.',
    );
    expect(() => checkMaxLength(128, config, 20)).toThrow(
      'positions for 108 tokens beside 20 virtual tokens; set data.maxLength to at most 108.',
    );
  });
});

describe('encodeDataset', () => {
  const table = readTable('text\tlabel\nthe film was good .\t1\nthe what\t0\nfilm\t1\n', 'train.tsv');
  const dataset = buildDataset(table, {
    columns: { text: ['text'], label: 'label' },
    task: 'classification',
    split: 'train',
  });

  it('lays tokens out flat, and counts cut rows and unknown tokens', () => {
    const data = encodeDataset(dataset, loadTokenizer(json()), 5);
    expect([...data.ids]).toEqual([2, 5, 6, 7, 3, 2, 5, 1, 3, 2, 6, 3]);
    expect([...data.offsets]).toEqual([0, 5, 9, 12]);
    expect([data.truncated, data.unknown, data.longest]).toEqual([1, 1, 5]);
    expect(encodingNote(data)).toBe(
      'train.tsv: 1 of 3 rows were cut to 5 tokens; 1 of 3 rows hold a token the vocabulary lacks.',
    );
  });

  it('grows with long rows', () => {
    const long = readTable(`text\tlabel\n${'the '.repeat(500)}\t1\nfilm\t0\n`, 'train.tsv');
    const data = encodeDataset(
      buildDataset(long, {
        columns: { text: ['text'], label: 'label' },
        task: 'classification',
        split: 'train',
      }),
      loadTokenizer(json()),
      512,
    );
    expect([...data.offsets]).toEqual([0, 502, 505]);
    expect(data.ids.length).toBe(505);
    expect(encodingNote(data)).toBeNull();
  });
});
