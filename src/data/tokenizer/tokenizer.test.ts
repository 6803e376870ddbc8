import { describe, expect, it } from 'vitest';
import { StudioError } from '../../errors.ts';
import { english } from '../../sentence.ts';
import { buildDataset } from '../dataset.ts';
import { encodeDataset, encodeSteps, encodingNote, leftOutNote } from '../batching/encoded.ts';
import { readTable } from '../table/read-table.ts';
import { checkMaxLength, positionLimit } from './positions.ts';
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
      /^tokenizer\.json cannot be read \(post_processor Sentences: .*\); use one that the tokenizers library wrote\.$/,
    );
    const pretokenizers = [{ type: 'Whitespace' }, { type: 'Punctuation', behavior: 'Merged' }];
    expect(() => loadTokenizer({ ...json(), pre_tokenizer: { type: 'Sequence', pretokenizers } })).toThrow(
      'tokenizer.json cannot be read (pre_tokenizer Punctuation: unknown variant `Merged`, expected one of',
    );
    const random = { type: 'BPE', dropout: 0.1, vocab: {}, merges: [] };
    expect(() => loadTokenizer({ ...json(), model: random })).toThrow(
      'The model of tokenizer.json has a dropout of 0.1, which splits words at random; set it to null.',
    );
    expect(() => loadTokenizer('['.repeat(1e6))).toThrow('tokenizer.json is not valid JSON');
    expect(() => tokenizerFromVocab('a\nb\n')).toThrow(StudioError);
  });

  const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
  const sequence = (normalizers: object[]) => ({ normalizer: { type: 'Sequence', normalizers } });
  const special = { x: { id: 'x', ids: new Array<number>(200).fill(2), tokens: [] } };
  it.each([
    ['added tokens', { added_tokens: [{ id: 1, content: 'a'.repeat(2_000_001) }] }, 'has 2000001 characters'],
    ['parts', sequence(new Array<object>(1001).fill({ type: 'NFC' })), 'has more than 1000 parts'],
    [
      'parts of parts',
      sequence(new Array<object>(40).fill(sequence(new Array<object>(40).fill({ type: 'NFC' })).normalizer)),
      'has more than 1000 parts',
    ],
    [
      'a pattern',
      { pre_tokenizer: { type: 'Split', pattern: { Regex: 'a|'.repeat(60_000) }, behavior: 'Isolated' } },
      'has a pattern of 120000 characters',
    ],
    [
      'growth',
      sequence(new Array<object>(5).fill(replace({ String: 'a' }, 'a'.repeat(10)))),
      'times as long',
    ],
    ['growth between letters', sequence(new Array<object>(11).fill(replace({ String: '' }, 'a'))), 'times'],
    ['growth by a pattern', sequence(new Array<object>(11).fill(replace({ Regex: 'x*' }, 'a'))), 'times'],
    [
      'what is put before',
      sequence(new Array<object>(11).fill({ type: 'Prepend', prepend: 'a'.repeat(1000) })),
      'times',
    ],
    [
      'tokens around',
      {
        post_processor: {
          ...{ type: 'TemplateProcessing', pair: [], special_tokens: special },
          single: new Array<object>(100).fill({ SpecialToken: { id: 'x', type_id: 0 } }),
        },
      },
      'puts 20000 tokens around a text',
    ],
  ])('refuses too much of %s before the library sees it', (_, change, message) => {
    expect(() => loadTokenizer({ ...json(), ...change })).toThrow(message);
  });

  it('reads a pipeline of many replacements that make nothing longer', () => {
    const many = sequence(new Array<object>(100).fill(replace({ String: '``' }, '"')));
    expect(() => loadTokenizer({ ...json(), ...many })).not.toThrow();
  });

  it('takes the padding id of the config, of tokenizer_config.json, of tokenizer.json, in that order', () => {
    expect(loadTokenizer(json(), null, { pad_token_id: 7 }).padId).toBe(7);
    expect(loadTokenizer(json(), { pad_token: { content: '.' } }).padId).toBe(10);
    const padding = {
      strategy: 'BatchLongest',
      direction: 'Right',
      pad_to_multiple_of: null,
      pad_id: 3,
      pad_type_id: 0,
      pad_token: '[SEP]',
    };
    expect(loadTokenizer({ ...json(), padding }).padId).toBe(3);
  });
});

describe('special tokens', () => {
  const ids = (post_processor: unknown, pair: string | null = 'film') =>
    loadTokenizer({ ...json(), post_processor }).encode('good', pair);

  it('stand around texts as each post-processor says, ones in a sequence too', () => {
    const roberta = {
      type: 'RobertaProcessing',
      sep: ['[SEP]', 3],
      cls: ['[CLS]', 2],
      trim_offsets: true,
      add_prefix_space: false,
    };
    const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
    const pair = { ids: [2, 9, 3, 3, 6, 3], typeIds: [0, 0, 0, 0, 0, 0], truncated: false };
    expect(ids(roberta)).toEqual(pair);
    expect(ids({ type: 'Sequence', processors: [bytes, roberta] })).toEqual(pair);
    expect(ids(bytes)).toEqual({ ids: [9, 6], typeIds: [0, 1], truncated: false });
  });

  it('are none where there is no post-processor', () => {
    expect(ids(null)).toEqual({ ids: [9, 6], typeIds: [0, 1], truncated: false });
    expect(loadTokenizer({ ...json(), post_processor: null }).specialTokens(true)).toBe(0);
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
    expect(english(encodingNote(data)!)).toBe(
      'train.tsv: 1 of 3 rows were cut to 5 tokens; 1 of 3 rows hold a token the vocabulary lacks.',
    );
  });

  it('can be left off at each row', () => {
    const many = readTable(`text\tlabel\n${'film\t1\nthe\t0\n'.repeat(300)}`, 'train.tsv');
    const columns = { text: ['text'], label: 'label' };
    const rows = buildDataset(many, { columns, task: 'classification', split: 'train' });
    expect([...encodeSteps(rows, loadTokenizer(json()), 8)]).toHaveLength(600);
  });

  it('leaves rows without tokens out where it is told to, and refuses them elsewhere', () => {
    const hollow = readTable('text\tlabel\nfilm\t1\n\u200b\u0001\t0\nthe\t0\n\u0001\t1\n', 'train.tsv');
    const rows = buildDataset(hollow, {
      columns: { text: ['text'], label: 'label' },
      task: 'classification',
      split: 'train',
    });
    const left = encodeDataset(rows, loadTokenizer(json()), 8, { emptyRows: 'leaveOut' });
    expect([left.rows, left.dataset.texts, [...left.labels]]).toEqual([2, ['film', 'the'], [1, 0]]);
    expect([...left.ids]).toEqual([2, 6, 3, 2, 5, 3]);
    expect(english(leftOutNote(left)!)).toBe(
      'train.tsv: 2 rows have no tokens and were left out; the first begins on line 3.',
    );
    expect(() => encodeDataset(rows, loadTokenizer(json()), 8)).toThrow(
      'train.tsv, line 3: the text has no tokens; fill it in or remove the line.',
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
