/**
 * Text to ids as the model was trained to read them. The segmentation (WordPiece, BPE, Unigram) is
 * `@huggingface/tokenizers`; special tokens, segments and truncation are ours, since it has none or
 * differs from the Python library there.
 */
import { Tokenizer as Segmenter } from '@huggingface/tokenizers';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { ModelConfig } from './positions.ts';
import { countSpecial, readSpecialTokens, type SpecialTokens, type TemplatePiece } from './special-tokens.ts';
import { longestFirst } from './truncate.ts';

export interface Encoded {
  /** Token ids with special tokens. */
  ids: number[];
  /** Segment of every token, as `token_type_ids`. */
  typeIds: number[];
  /** Whether tokens were cut to fit `maxLength`. */
  truncated: boolean;
}

export class Tokenizer {
  readonly padId: number;
  /** Null where the vocabulary has no such token. */
  readonly maskId: number | null;
  readonly unknownId: number | null;
  /** End of a text that is written; null where the model writes none. */
  readonly endId: number | null;
  private readonly segmenter: Segmenter;
  private readonly special: SpecialTokens;
  /** Rows of the model's embedding; Infinity where no config was given. */
  private readonly vocabSize: number;

  constructor(
    tokenizerJson: Readonly<Record<string, unknown>>,
    tokenizerConfig: Readonly<Record<string, unknown>>,
    config: ModelConfig,
  ) {
    this.vocabSize = typeof config.vocab_size === 'number' ? config.vocab_size : Infinity;
    try {
      // Special tokens are added here, so the library is to know of no post-processor.
      const bare = { decoder: null, pre_tokenizer: null, normalizer: null, added_tokens: [] };
      this.segmenter = new Segmenter(
        { ...bare, ...tokenizerJson, post_processor: null },
        { ...tokenizerConfig },
      );
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new StudioError(
        'tokenizer',
        say`tokenizer.json cannot be read (${why.replace(/\.$/, '')}); use one that the tokenizers library wrote.`,
        { where: 'tokenizer.json', cause },
      );
    }
    this.special = readSpecialTokens(tokenizerJson.post_processor);
    this.maskId =
      this.idOf(tokenContent(tokenizerConfig.mask_token)) ?? this.idOf('[MASK]') ?? this.idOf('<mask>');
    this.unknownId =
      this.idOf(tokenContent(tokenizerConfig.unk_token)) ?? this.idOf('[UNK]') ?? this.idOf('<unk>');
    this.endId =
      typeof config.eos_token_id === 'number'
        ? config.eos_token_id
        : this.idOf(tokenContent(tokenizerConfig.eos_token));
    this.padId = this.findPadding(tokenizerJson, tokenizerConfig, config);
    this.checkVocabulary(tokenizerJson);
  }

  /** Special tokens around one text or two. */
  specialTokens(pair: boolean): number {
    return countSpecial(this.template(pair));
  }

  /**
   * Ids of one text or two, cut to `maxLength` tokens (special ones counted; two texts longest first).
   * @throws StudioError('tokenizer') for an id beyond the model's embedding
   */
  encode(text: string, pair: string | null = null, maxLength = Infinity): Encoded {
    const template = this.template(pair !== null);
    const first = this.segment(text);
    const second = pair === null ? [] : this.segment(pair);
    const room = maxLength - countSpecial(template);
    if (room < (pair === null ? 1 : 2))
      throw new StudioError(
        'data',
        say`data.maxLength is ${maxLength}, which leaves no room beside ${countSpecial(template)} special tokens; raise it.`,
        { where: 'data.maxLength' },
      );
    const [a, b] =
      pair === null ? [Math.min(first.length, room), 0] : longestFirst(first.length, second.length, room);
    const ids: number[] = [];
    const typeIds: number[] = [];
    for (const piece of template) {
      const part =
        piece.kind === 'special' ? piece.ids : piece.which === 'A' ? first.slice(0, a) : second.slice(0, b);
      for (const id of part) {
        ids.push(id);
        typeIds.push(piece.typeId);
      }
    }
    return { ids, typeIds, truncated: a < first.length || b < second.length };
  }

  /**
   * Ids of a text to write, cut to `maxLength` tokens with its end among them.
   * @throws StudioError('tokenizer') where the model has no token that ends a text
   */
  encodeTarget(text: string, maxLength: number): { ids: number[]; truncated: boolean } {
    if (this.endId === null)
      throw new StudioError(
        'tokenizer',
        say`The model has no end-of-sequence token, so it cannot learn where a text ends; put the config.json with eos_token_id beside it.`,
        { where: 'config.json' },
      );
    const ids = this.pieces(text);
    const truncated = ids.length > maxLength - 1;
    return { ids: [...ids.slice(0, maxLength - 1), this.endId], truncated };
  }

  /** Ids of a text without special tokens. */
  pieces(text: string): number[] {
    return text === '' ? [] : this.segment(text);
  }

  /** Text of ids, special tokens left out (sentinels such as `<extra_id_0>` are such). */
  decode(ids: readonly number[]): string {
    return ids.length === 0 ? '' : this.segmenter.decode([...ids], { skip_special_tokens: true });
  }

  /** Is it a token that stands around the texts, or padding? */
  isSpecial(id: number): boolean {
    const around = [...this.special.single, ...this.special.pair];
    return id === this.padId || around.some((piece) => piece.kind === 'special' && piece.ids.includes(id));
  }

  /** The vocabulary's spelling of each id, as `##ing` or `Ġthe`. */
  tokens(ids: readonly number[]): string[] {
    return ids.map((id) => this.segmenter.id_to_token(id) ?? '');
  }

  /** Id of a token as the vocabulary spells it, null where it has none. */
  idOf(token: string | null): number | null {
    return token === null ? null : (this.segmenter.token_to_id(token) ?? null);
  }

  private template(pair: boolean): readonly TemplatePiece[] {
    return pair ? this.special.pair : this.special.single;
  }

  private segment(text: string): number[] {
    const ids = this.segmenter.encode(text, { add_special_tokens: false }).ids;
    // A BPE without an unknown token leaves out what it cannot spell.
    const known = ids.filter((id) => id !== undefined);
    for (const id of known) if (id >= this.vocabSize) throw this.tooSmall(id);
    return known;
  }

  private findPadding(
    tokenizerJson: Readonly<Record<string, unknown>>,
    tokenizerConfig: Readonly<Record<string, unknown>>,
    config: ModelConfig,
  ): number {
    if (typeof config.pad_token_id === 'number') return config.pad_token_id;
    const padding = tokenizerJson.padding as { pad_id?: number } | null | undefined;
    const id =
      this.idOf(tokenContent(tokenizerConfig.pad_token)) ??
      padding?.pad_id ??
      this.idOf('[PAD]') ??
      this.idOf('<pad>');
    // Padding is masked everywhere, so any id will do where none is named.
    return id ?? 0;
  }

  /** Refuses a vocabulary that reaches past the embedding before a row of data does. */
  private checkVocabulary(tokenizerJson: Readonly<Record<string, unknown>>): void {
    const model = tokenizerJson.model as { vocab?: unknown } | undefined;
    const vocab = model?.vocab;
    let highest = -1;
    if (Array.isArray(vocab)) highest = vocab.length - 1;
    else if (vocab && typeof vocab === 'object')
      for (const id of Object.values(vocab as Record<string, number>)) highest = Math.max(highest, id);
    for (const piece of [...this.special.single, ...this.special.pair])
      if (piece.kind === 'special') highest = Math.max(highest, ...piece.ids);
    if (highest >= this.vocabSize) throw this.tooSmall(highest);
  }

  private tooSmall(id: number): StudioError {
    const token = this.segmenter.id_to_token(id);
    return new StudioError(
      'tokenizer',
      say`The tokenizer has the id ${id}${token ? ` (${JSON.stringify(token)})` : ''} but the model's vocabulary ends at ${this.vocabSize - 1}; use the tokenizer.json that belongs to the model.`,
      { where: 'tokenizer.json' },
    );
  }
}

/**
 * The tokenizer of a model folder.
 * @param tokenizerJson tokenizer.json, parsed or as text (or `tokenizerFromVocab(...)`)
 * @param tokenizerConfig tokenizer_config.json
 * @param config config.json, for `vocab_size` and `pad_token_id`
 * @throws StudioError('tokenizer') where it cannot be read or does not fit the model
 */
export function loadTokenizer(
  tokenizerJson: string | Readonly<Record<string, unknown>>,
  tokenizerConfig: string | Readonly<Record<string, unknown>> | null = null,
  config: ModelConfig = {},
): Tokenizer {
  return new Tokenizer(
    parsedObject(tokenizerJson, 'tokenizer.json'),
    tokenizerConfig === null ? {} : parsedObject(tokenizerConfig, 'tokenizer_config.json'),
    config,
  );
}

/** The object in a JSON file. @throws StudioError('tokenizer') where it holds none */
export function parsedObject(
  source: string | Readonly<Record<string, unknown>>,
  file: string,
): Record<string, unknown> {
  let value: unknown = source;
  if (typeof source === 'string') {
    try {
      value = JSON.parse(source);
    } catch (cause) {
      throw new StudioError('tokenizer', say`${file} is not valid JSON; download it again.`, {
        where: file,
        cause,
      });
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new StudioError('tokenizer', say`${file} does not hold a JSON object; download it again.`, {
      where: file,
    });
  return value as Record<string, unknown>;
}

/** A token of tokenizer_config.json: its text, or an object with `content`. */
function tokenContent(token: unknown): string | null {
  if (typeof token === 'string') return token;
  const content = (token as { content?: unknown } | null | undefined)?.content;
  return typeof content === 'string' ? content : null;
}
