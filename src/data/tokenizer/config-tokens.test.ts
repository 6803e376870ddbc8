/** What stands beside a vocabulary. The ids are those of transformers 5 for the same files. */
import { describe, expect, it } from 'vitest';
import { withTokenFiles } from './config-tokens.ts';
import { tokenizerFromFiles, type TokenizerTexts } from './from-files.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';
import { tokenizerFromVocab } from './vocab-file.ts';

const PIECES = [
  ...['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'a', 'b', 'hello', '##lo', 'hel', 'H', '##e', 'Hello'],
  ...['é', 'e', '<s>', '</s>', '<e1>', '你', '好', '你好', '##好'],
];
const TEXTS = ['hello Hello é', '<e1>a<e2> b', '你好', '[MASK] b'];
const flags = { lstrip: false, rstrip: false, normalized: false, single_word: false, special: false };
const token = (content: string) => ({ content, ...flags });
const config = { vocab_size: 40 };
const ids = (tokenizer: Tokenizer) => TEXTS.map((text) => tokenizer.encode(text).ids);

function ofVocab(tokenizerConfig: object | undefined, files: { special?: object; added?: object } = {}) {
  const json = (value: object | undefined) => value && JSON.stringify(value);
  const texts: TokenizerTexts = {
    tokenizer: undefined,
    vocabulary: PIECES.join('\n'),
    tokenizerConfig: withTokenFiles(json(tokenizerConfig), json(files.special), json(files.added)),
  };
  return tokenizerFromFiles(texts, 'folder', config);
}

describe('a bare vocab.txt', () => {
  const plain = [
    [2, 7, 7, 14, 3],
    [2, 1, 1, 1, 5, 1, 1, 1, 6, 3],
    [2, 18, 19, 3],
    [2, 4, 6, 3],
  ];

  it('is read with the tokens that tokenizer_config.json adds', () => {
    const two = [plain[0], [2, 17, 5, 22, 6, 3], plain[2], plain[3]];
    expect(ids(ofVocab({}))).toEqual(plain);
    expect(ids(ofVocab({ added_tokens_decoder: { 22: token('<e2>'), 17: token('<e1>') } }))).toEqual(two);
    expect(ids(ofVocab({ additional_special_tokens: ['<e1>', token('<e2>')] }))).toEqual(two);
  });

  it('is read with added_tokens.json and special_tokens_map.json of older folders', () => {
    expect(ids(ofVocab({}, { added: { '<e2>': 22 } }))[1]).toEqual([2, 1, 1, 1, 5, 22, 6, 3]);
    const special = { cls_token: '<s>', sep_token: token('</s>'), other: 1 };
    const around = plain.map((row) => [15, ...row.slice(1, -1), 16]);
    const found = ids(ofVocab(undefined, { special }));
    expect(found).toEqual(around);
    // Where the newer form is there, it alone counts.
    expect(ids(ofVocab({ added_tokens_decoder: {} }, { special }))).toEqual(plain);
  });

  it('is refused where it belongs to another tokenizer', () => {
    for (const name of ['BertJapaneseTokenizer', 'MPNetTokenizerFast', 'EsmTokenizer'])
      expect(() => ofVocab({ tokenizer_class: name })).toThrow(
        `vocab.txt belongs to a ${name.replace('Fast', '')}, which cuts texts in another way than BERT's; give the model's tokenizer.json instead.`,
      );
    expect(() => tokenizerFromVocab(PIECES.join('\n'), {}, { model_type: 'funnel' })).toThrow(
      'FunnelTokenizer',
    );
    expect(ids(ofVocab({ tokenizer_class: 'ElectraTokenizerFast' }))).toEqual(plain);
  });
});

describe('a tokenizer.json', () => {
  const json = { ...tokenizerFromVocab(PIECES.join('\n')), added_tokens: [], post_processor: null };
  const withConfig = (tokenizerConfig: Record<string, unknown>) =>
    loadTokenizer(json, tokenizerConfig, config);

  it('gets the tokens that only tokenizer_config.json has', () => {
    const added = { 17: token('<e1>'), 22: token('<e2>') };
    expect(ids(withConfig({ added_tokens_decoder: added }))[1]).toEqual([17, 5, 22, 6]);
    const named = withConfig({ additional_special_tokens: ['<e1>', '<e2>'], mask_token: '[MASK]' });
    expect(ids(named)).toEqual([
      [7, 7, 14],
      [17, 5, 22, 6],
      [18, 19],
      [4, 6],
    ]);
  });

  it('is refused by the library where an added token is none, whatever is named beside it', () => {
    const broken = { ...json, added_tokens: [null, token('<e1>')] };
    expect(() => loadTokenizer(broken, { mask_token: '<mask>' }, config)).toThrow(
      /^tokenizer\.json cannot be read \(.*\); use one that the tokenizers library wrote\.$/,
    );
  });

  it("is cased as tokenizer_config.json says where it is BERT's", () => {
    const cased = { do_lower_case: false, tokenize_chinese_chars: false };
    expect(ids(withConfig({ ...cased, tokenizer_class: 'BertTokenizer' }))).toEqual([
      [7, 12, 13],
      [1, 1, 1, 5, 1, 1, 1, 6],
      [20],
      [1, 1, 1, 6],
    ]);
    expect(ids(withConfig({ ...cased, tokenizer_class: 'PreTrainedTokenizerFast' }))[0]).toEqual([7, 7, 14]);
  });

  it('is padded with an id that the embedding has', () => {
    expect(withConfig({ pad_token: '<pad>' }).padId).toBe(22);
    expect(loadTokenizer(json, { pad_token: '<pad>' }, { vocab_size: 22 }).padId).toBe(0);
  });
});

describe('texts cut at their beginning', () => {
  const json = tokenizerFromVocab(PIECES.join('\n'));
  const left = { truncation_side: 'left' };
  const direction = { direction: 'Left', max_length: 3, strategy: 'LongestFirst', stride: 0 };

  it('keep their end, as tokenizer_config.json says or tokenizer.json', () => {
    for (const tokenizer of [loadTokenizer(json, left), loadTokenizer({ ...json, truncation: direction })]) {
      expect(tokenizer.encode('a b hello e', null, 4)).toEqual({
        ids: [2, 7, 14, 3],
        typeIds: [0, 0, 0, 0],
        truncated: true,
      });
      expect(tokenizer.encode('a b hello e', 'b a', 7)).toEqual({
        ids: [2, 7, 14, 3, 6, 5, 3],
        typeIds: [0, 0, 0, 0, 1, 1, 1],
        truncated: true,
      });
      expect(tokenizer.encode('a b', null, 4).truncated).toBe(false);
    }
    const right = loadTokenizer({ ...json, truncation: direction }, { truncation_side: 'right' });
    expect(right.encode('a b hello e', null, 4).ids).toEqual([2, 5, 6, 3]);
    expect(loadTokenizer(json, left, { eos_token_id: 3 }).encodeTarget('a b e', 3)).toEqual({
      ids: [6, 14, 3],
      truncated: true,
    });
  });
});

/** Ids of tokenizers 0.23.2 (direction "left", "longest_first"). */
describe('two texts that are alike, cut at their beginning', () => {
  const [C, S] = ['[CLS]', '[SEP]'].map((id) => ({ SpecialToken: { id, type_id: 0 } }));
  const [A, B] = ['A', 'B'].map((id, typeId) => ({ Sequence: { id, type_id: typeId } }));
  const special = (id: string, number: number) => ({ id, ids: [number], tokens: [id] });
  const cut = (pair: object[], length: number, text = 'a b hello') =>
    loadTokenizer(
      {
        ...tokenizerFromVocab(PIECES.join('\n')),
        post_processor: {
          type: 'TemplateProcessing',
          single: [C, A, S],
          pair,
          special_tokens: { '[CLS]': special('[CLS]', 2), '[SEP]': special('[SEP]', 3) },
        },
      },
      { truncation_side: 'left' },
    ).encode(text, text, length);

  it('keep what the library keeps of each, whichever stands first', () => {
    const [straight, swapped] = [
      [C, A, S, B, S],
      [C, B, S, A, S],
    ];
    expect(cut(straight, 6)).toMatchObject({ ids: [2, 7, 3, 6, 7, 3], typeIds: [0, 0, 0, 1, 1, 0] });
    expect(cut(swapped, 6)).toMatchObject({ ids: [2, 6, 7, 3, 7, 3], typeIds: [0, 1, 1, 0, 0, 0] });
    expect(cut(swapped, 7)).toMatchObject({ ids: [2, 6, 7, 3, 6, 7, 3], typeIds: [0, 1, 1, 0, 0, 0, 0] });
    expect(cut(swapped, 8)).toMatchObject({
      ids: [2, 5, 6, 7, 3, 6, 7, 3],
      typeIds: [0, 1, 1, 1, 0, 0, 0, 0],
    });
    expect(cut([C, B, A, S], 5)).toMatchObject({ ids: [2, 6, 7, 7, 3], typeIds: [0, 1, 1, 0, 0] });
  });
});

describe('a post-processor that joins texts twice', () => {
  const [A, B] = ['A', 'B'].map((id, typeId) => ({ Sequence: { id, type_id: typeId } }));
  const end = { SpecialToken: { id: '[SEP]', type_id: 0 } };
  const template = {
    type: 'TemplateProcessing',
    single: [A, end],
    pair: [A, end, B],
    special_tokens: { '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] } },
  };
  const json = tokenizerFromVocab(PIECES.join('\n'));
  const tokenizer = loadTokenizer({
    ...json,
    post_processor: { type: 'Sequence', processors: [template, template] },
  });

  it('is read for one text where the library does so, and refused by name for two', () => {
    expect(tokenizer.encode('a b').ids).toEqual([5, 6, 3, 3]);
    const found = () => tokenizer.encode('a', 'b');
    expect(found).toThrow('The post_processor of tokenizer.json cannot put two texts together');
    expect(tokenizer.idOf('b')).toBe(6);
  });
});
