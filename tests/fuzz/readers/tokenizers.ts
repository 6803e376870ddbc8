/** Tokenizer files, loaded and then asked for the ids of texts that are hard on every part of a pipeline. */
import { loadTokenizer } from '../../../src/data/tokenizer/tokenizer.ts';
import { tokenizerFromVocab } from '../../../src/data/tokenizer/vocab-file.ts';
import type { Files, Reader } from '../reader.ts';

const TEXTS = [
  'A fine film, wasn\u2019t it?',
  '',
  '   ',
  'ΟΔΥΣΣΕΥΣ İstanbul straße',
  '一部好电影\u3400𠀀',
  'e\u0301\u0301\u0301 \u00a0\u200b\ufeff',
  'a'.repeat(300),
  '👩‍👩‍👧 \ud800',
  '[CLS] [MASK] <pad> </s>',
  '1234567890.50%',
];

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const decode = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && new TextDecoder().decode(bytes);

const special = (contents: string[]) =>
  contents.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));

const WORDS = [
  '[PAD]',
  '[UNK]',
  '[CLS]',
  '[SEP]',
  '[MASK]',
  'a',
  'fine',
  'film',
  '##s',
  ',',
  '?',
  '一',
  '##a',
];

const WORD_PIECE = {
  version: '1.0',
  truncation: null,
  padding: {
    strategy: 'BatchLongest',
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: 0,
    pad_type_id: 0,
    pad_token: '[PAD]',
  },
  added_tokens: special(WORDS.slice(0, 5)),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      {
        type: 'BertNormalizer',
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      { type: 'NFKC' },
      { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
      { type: 'StripAccents' },
    ],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'BertPreTokenizer' },
      { type: 'Digits', individual_digits: true },
      { type: 'Punctuation', behavior: 'Isolated' },
    ],
  },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
      { Sequence: { id: 'B', type_id: 1 } },
      { SpecialToken: { id: '[SEP]', type_id: 1 } },
    ],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
};

const PIECES = [
  '<s>',
  '<pad>',
  '</s>',
  '<unk>',
  '<mask>',
  'a',
  'f',
  'i',
  'n',
  'e',
  'l',
  'm',
  'Ġ',
  'Ġf',
  'in',
];
const BPE = {
  version: '1.0',
  added_tokens: special(PIECES.slice(0, 5)),
  normalizer: null,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      {
        type: 'Split',
        pattern: {
          Regex: "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        },
        behavior: 'Isolated',
        invert: false,
      },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  },
  post_processor: {
    type: 'RobertaProcessing',
    sep: ['</s>', 2],
    cls: ['<s>', 0],
    trim_offsets: true,
    add_prefix_space: false,
  },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: '',
    end_of_word_suffix: '',
    fuse_unk: false,
    vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
    merges: ['Ġ f', 'i n'],
  },
};

const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
const UNIGRAM = {
  version: '1.0',
  added_tokens: special(['<pad>', '</s>', '<unk>']),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFC' },
      { type: 'Lowercase' },
      { type: 'Strip', strip_left: true, strip_right: true },
    ],
  },
  pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
    pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
    special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
  },
  decoder: metaspace,
  model: {
    type: 'Unigram',
    unk_id: 2,
    vocab: [
      ['<pad>', 0],
      ['</s>', 0],
      ['<unk>', 0],
      ['▁a', -1],
      ['▁fi', -2.5],
      ['ne', -3],
      ['l', -4],
      ['m', -4],
      ['▁', -2],
    ],
    byte_fallback: false,
  },
};

const CONFIG = encode({
  mask_token: '[MASK]',
  unk_token: { content: '[UNK]' },
  do_lower_case: true,
  model_max_length: 512,
});

function read(files: Files): void {
  const vocab = decode(files['vocab.txt']);
  const source = decode(files['tokenizer.json']) ?? tokenizerFromVocab(vocab ?? '');
  const tokenizer = loadTokenizer(source, decode(files['tokenizer_config.json']) ?? null, { vocab_size: 40 });
  for (const text of TEXTS) {
    const { ids } = tokenizer.encode(text, null, 32);
    tokenizer.tokens(ids);
    tokenizer.decode(ids);
  }
  tokenizer.encode(TEXTS[0], TEXTS[3], 16);
  tokenizer.specialTokens(true);
  if (tokenizer.endId !== null) tokenizer.encodeTarget(TEXTS[0], 16);
}

export const TOKENIZERS: readonly Reader[] = [
  {
    name: 'tokenizer',
    seeds: (): Files[] => [
      { 'tokenizer.json': encode(WORD_PIECE), 'tokenizer_config.json': CONFIG },
      { 'tokenizer.json': encode(BPE), 'tokenizer_config.json': CONFIG },
      { 'tokenizer.json': encode(UNIGRAM) },
    ],
    read,
  },
  {
    name: 'vocab',
    seeds: (): Files[] => [
      { 'vocab.txt': new TextEncoder().encode(`${WORDS.join('\n')}\n`), 'tokenizer_config.json': CONFIG },
      { 'vocab.txt': new TextEncoder().encode(WORDS.join('\r\n')) },
    ],
    read,
  },
];
