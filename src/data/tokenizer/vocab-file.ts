/** A tokenizer.json made from a bare vocab.txt: BERT's WordPiece, one token a line, its id the line. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { otherClass } from './bert-options.ts';
import { tokenContent } from './json-object.ts';

/**
 * @param vocab text of vocab.txt
 * @param tokenizerConfig tokenizer_config.json, for `do_lower_case` (true if left out, as in BERT)
 * @param config config.json, for `model_type`
 * @throws StudioError('tokenizer') where the vocabulary lacks a token that BERT's own code needs, or where the files
 *   name a tokenizer that is not BERT's
 */
export function tokenizerFromVocab(
  vocab: string,
  tokenizerConfig: Readonly<Record<string, unknown>> = {},
  config: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const other = otherClass(tokenizerConfig, config);
  if (other !== null)
    throw new StudioError(
      'tokenizer',
      say`vocab.txt belongs to a ${other}, which cuts texts in another way than BERT's; give the model's tokenizer.json instead.`,
      { where: 'tokenizer_config.json: tokenizer_class' },
    );
  // As Python reads lines.
  const tokens = vocab.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  const ids: Record<string, number> = Object.create(null) as Record<string, number>;
  tokens.forEach((token, id) => (ids[token] = id));
  const idOf = (token: string): number => {
    if (token in ids) return ids[token];
    throw new StudioError(
      'tokenizer',
      say`vocab.txt has no token ${token}; give the model's tokenizer.json instead.`,
      {
        where: 'vocab.txt',
      },
    );
  };
  const special = (token: string) => ({
    id: idOf(token),
    content: token,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const name = (key: string, fallback: string) => tokenContent(tokenizerConfig[key]) ?? fallback;
  const unk = name('unk_token', '[UNK]');
  const cls = name('cls_token', '[CLS]');
  const sep = name('sep_token', '[SEP]');
  const lowercase = tokenizerConfig.do_lower_case !== false;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [name('pad_token', '[PAD]'), unk, cls, sep, name('mask_token', '[MASK]')].map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: tokenizerConfig.tokenize_chinese_chars !== false,
      strip_accents: tokenizerConfig.strip_accents ?? null,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: { type: 'BertProcessing', sep: [sep, idOf(sep)], cls: [cls, idOf(cls)] },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unk,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: ids,
    },
  };
}
