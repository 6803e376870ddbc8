/** The tokenizer of a model's files: tokenizer.json, or BERT's WordPiece over a bare vocab.txt. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { parsedObject } from './json-object.ts';
import type { ModelConfig } from './positions.ts';
import { loadTokenizer, type Tokenizer } from './tokenizer.ts';
import { tokenizerFromVocab } from './vocab-file.ts';

/** Texts of the tokenizer's files; undefined for those that are not there. */
export interface TokenizerTexts {
  /** tokenizer.json */
  readonly tokenizer: string | undefined;
  /** tokenizer_config.json */
  readonly tokenizerConfig: string | undefined;
  /** vocab.txt */
  readonly vocabulary: string | undefined;
}

/**
 * @param source what the person gave, for messages
 * @param config config.json, for `vocab_size` and special ids
 * @throws StudioError('tokenizer') where there is none or it cannot be read
 */
export function tokenizerFromFiles(
  files: TokenizerTexts,
  source: string,
  config: ModelConfig = {},
): Tokenizer {
  const { tokenizer, tokenizerConfig = null, vocabulary } = files;
  if (tokenizer !== undefined) return loadTokenizer(tokenizer, tokenizerConfig, config);
  if (vocabulary === undefined)
    throw new StudioError(
      'tokenizer',
      say`${source} has neither tokenizer.json nor vocab.txt; put the model's tokenizer.json beside it.`,
      { where: 'tokenizer.json' },
    );
  const parsed = tokenizerConfig === null ? {} : parsedObject(tokenizerConfig, 'tokenizer_config.json');
  return loadTokenizer(tokenizerFromVocab(vocabulary, parsed, config), tokenizerConfig, config);
}
