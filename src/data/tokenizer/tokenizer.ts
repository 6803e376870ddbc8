/**
 * Text to ids as the model was trained to read them: the reference library's own code (`library/`), with what a
 * model adds to it: its padding, mask and end, and the size of its embedding.
 */
import { StudioError } from '../../errors.ts';
import { field, say } from '../../sentence.ts';
import { withBertOptions } from './bert-options.ts';
import { checkBounds } from './bounds.ts';
import { withConfigTokens } from './config-tokens.ts';
import { parsedObject, tokenContent } from './json-object.ts';
import { cutLeft, cutsLeft, orderOf, type Order } from './left-cut.ts';
import { LibraryTokenizer } from './library/library.ts';
import type { ModelConfig } from './positions.ts';
import { Remembered } from './remembered.ts';

export interface Encoded {
  /** Token ids with special tokens. */
  ids: readonly number[];
  /** Segment of every token, as `token_type_ids`. */
  typeIds: readonly number[];
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
  private readonly library: LibraryTokenizer;
  /** Tokens around one text, and around two. */
  private readonly around: readonly [readonly number[], readonly number[]];
  private readonly cleansSpaces: boolean;
  private readonly left: boolean;
  /** Rows of the model's embedding; Infinity where no config was given. */
  private readonly vocabSize: number;
  /** Of texts and pairs of them, whole. */
  private readonly read = [new Remembered<Encoded>(), new Remembered<Encoded>()] as const;
  private readonly pieced = new Remembered<readonly number[]>();

  constructor(
    tokenizerJson: Readonly<Record<string, unknown>>,
    tokenizerConfig: Readonly<Record<string, unknown>>,
    config: ModelConfig,
    text: string = JSON.stringify(tokenizerJson),
  ) {
    this.vocabSize = typeof config.vocab_size === 'number' ? config.vocab_size : Infinity;
    this.cleansSpaces = tokenizerConfig.clean_up_tokenization_spaces !== false;
    this.left = cutsLeft(tokenizerJson, tokenizerConfig);
    refuseRandom(tokenizerJson.model);
    checkBounds(tokenizerJson);
    const whole = withConfigTokens(withBertOptions(tokenizerJson, tokenizerConfig), tokenizerConfig);
    this.library = new LibraryTokenizer(whole === tokenizerJson ? text : JSON.stringify(whole));
    this.around = [this.library.around(false), this.aroundTwo()];
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

  /** How many special tokens stand around one text or two. */
  specialTokens(pair: boolean): number {
    return this.library.addedTokens(pair);
  }

  /**
   * Ids of one text or two, cut to `maxLength` tokens (special ones counted; two texts longest first).
   * @throws StudioError('tokenizer') for an id beyond the model's embedding, or a text that cannot be read
   */
  encode(text: string, pair: string | null = null, maxLength = Infinity): Encoded {
    const special = this.specialTokens(pair !== null);
    if (maxLength - special < (pair === null ? 1 : 2))
      throw new StudioError(
        'data',
        say`${field('data.maxLength')} is ${maxLength}, which leaves no room beside ${special} special tokens; raise it.`,
        { where: 'data.maxLength' },
      );
    const remembered = this.read[pair === null ? 0 : 1];
    const key = pair === null ? text : `${text.length}:${text}${pair}`;
    const known = remembered.get(key);
    if (known !== undefined && known.ids.length <= maxLength) return known;
    const encoded = this.left
      ? this.encodeFromEnd(text, pair, maxLength)
      : this.library.encode(text, pair, maxLength);
    this.checkIds(encoded.ids);
    if (!encoded.truncated) remembered.set(key, encoded);
    return encoded;
  }

  /**
   * Ids of a text to write, cut to `maxLength` tokens with its end among them.
   * @throws StudioError('tokenizer') where the model has no token that ends a text
   */
  encodeTarget(text: string, maxLength: number): { ids: readonly number[]; truncated: boolean } {
    if (this.endId === null)
      throw new StudioError(
        'tokenizer',
        say`The model has no end-of-sequence token, so it cannot learn where a text ends; put the config.json with eos_token_id beside it.`,
        { where: 'config.json' },
      );
    const ids = this.pieces(text);
    const over = Math.max(0, ids.length - (maxLength - 1));
    const kept = over === 0 ? ids : this.left ? ids.slice(over) : ids.slice(0, -over);
    return { ids: [...kept, this.endId], truncated: over > 0 };
  }

  /** Ids of a text without special tokens. */
  pieces(text: string): readonly number[] {
    const known = this.pieced.get(text);
    if (known !== undefined) return known;
    const ids = this.library.pieces(text);
    this.checkIds(ids);
    this.pieced.set(text, ids);
    return ids;
  }

  /** Text of ids, special tokens left out (sentinels such as `<extra_id_0>` are such). */
  decode(ids: readonly number[]): string {
    const text = this.library.decode(ids);
    return this.cleansSpaces ? withoutSpacesBefore(text) : text;
  }

  /** Is it a token that stands around the texts, or padding? */
  isSpecial(id: number): boolean {
    return id === this.padId || this.around.some((ids) => ids.includes(id));
  }

  /** The vocabulary's spelling of each id, as `##ing` or `Ġthe`. */
  tokens(ids: readonly number[]): string[] {
    return ids.map((id) => this.library.tokenOf(id) ?? '');
  }

  /** Ids of a text with the token behind each; what the vocabulary lacks may keep its own letters. */
  spelled(text: string): { ids: number[]; tokens: string[] } {
    return this.library.tokens(text);
  }

  /** Id of a token as the vocabulary spells it, null where it has none. */
  idOf(token: string | null): number | null {
    return token === null ? null : this.library.idOf(token);
  }

  /** None where two texts cannot be put together, which is said of the first pair. */
  private aroundTwo(): number[] {
    try {
      return this.library.around(true);
    } catch (error) {
      if (error instanceof StudioError) return [];
      throw error;
    }
  }

  private encodeFromEnd(text: string, pair: string | null, maxLength: number): Encoded {
    const whole = this.library.encode(text, pair, Infinity);
    if (whole.ids.length <= maxLength) return whole;
    const texts = (pair === null ? [text] : [text, pair]).map((one) => this.library.pieces(one));
    const around = this.around[pair === null ? 0 : 1];
    const alike = texts.length === 2 && texts[0].join() === texts[1].join();
    const cut = cutLeft(
      whole,
      texts,
      around,
      maxLength,
      alike ? this.orderBeside(text, texts[0]) : undefined,
    );
    if (cut !== null) return { ...cut, truncated: true };
    throw new StudioError(
      'tokenizer',
      say`The post_processor of tokenizer.json does not leave a text in one piece, so its beginning cannot be cut (truncation_side "left"); raise ${field('data.maxLength')}, or set truncation_side to "right".`,
      { where: 'tokenizer.json: post_processor' },
    );
  }

  /** The order of two texts that are alike, which does not show: that of the text and another. None if there is none. */
  private orderBeside(text: string, ids: readonly number[]): Order[] {
    for (const other of OTHERS) {
      const tokens = this.library.pieces(other);
      if (tokens.length === 0 || tokens.some((id) => ids.includes(id))) continue;
      const order = orderOf(this.library.encode(text, other, Infinity).ids, [ids, tokens], this.around[1]);
      if (order !== null) return [order];
    }
    return [];
  }

  private checkIds(ids: readonly number[]): void {
    for (const id of ids) if (id >= this.vocabSize) throw this.tooSmall(id);
  }

  private findPadding(
    tokenizerJson: Readonly<Record<string, unknown>>,
    tokenizerConfig: Readonly<Record<string, unknown>>,
    config: ModelConfig,
  ): number {
    if (typeof config.pad_token_id === 'number') return config.pad_token_id;
    const padding = tokenizerJson.padding as { pad_id?: number } | null | undefined;
    const ids = [
      this.idOf(tokenContent(tokenizerConfig.pad_token)),
      padding?.pad_id,
      this.idOf('[PAD]'),
      this.idOf('<pad>'),
    ];
    // Padding is masked everywhere, so any id will do where none is named, or one that the embedding lacks.
    return ids.find((id) => typeof id === 'number' && id >= 0 && id < this.vocabSize) ?? 0;
  }

  /** Refuses a vocabulary that reaches past the embedding before a row of data does. */
  private checkVocabulary(tokenizerJson: Readonly<Record<string, unknown>>): void {
    if (this.vocabSize === Infinity) return;
    const model = tokenizerJson.model as { vocab?: unknown } | undefined;
    const vocab = model?.vocab;
    let highest = -1;
    if (Array.isArray(vocab)) highest = vocab.length - 1;
    else if (vocab && typeof vocab === 'object')
      for (const id of Object.values(vocab as Record<string, number>)) highest = Math.max(highest, id);
    for (const id of this.around.flat()) highest = Math.max(highest, id);
    if (highest >= this.vocabSize) throw this.tooSmall(highest);
  }

  private tooSmall(id: number): StudioError {
    const token = this.library.tokenOf(id);
    const shown = token ? `${id} (${JSON.stringify(token)})` : id;
    return new StudioError(
      'tokenizer',
      say`The tokenizer has the id ${shown} but the model's vocabulary ends at ${this.vocabSize - 1}; use the tokenizer.json that belongs to the model.`,
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
    typeof tokenizerJson === 'string' ? tokenizerJson : undefined,
  );
}

/** A BPE may leave merges out at random, which training its vocabulary uses; ids would differ each time. */
function refuseRandom(model: unknown): void {
  const dropout = (model as { dropout?: unknown } | null | undefined)?.dropout;
  if (typeof dropout !== 'number' || dropout === 0) return;
  throw new StudioError(
    'tokenizer',
    say`The model of tokenizer.json has a dropout of ${dropout}, which splits words at random; set it to null.`,
    { where: 'tokenizer.json: model.dropout' },
  );
}

/** Texts one of which has no token in common with another text. */
const OTHERS = ['a', 'e', 'the', '1', '.', '的', 'z', 'q'];

/** Spaces that English has none of, in the order in which transformers' `clean_up_tokenization` takes them out. */
const NO_SPACES: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

function withoutSpacesBefore(text: string): string {
  return NO_SPACES.reduce((cleaned, [spaced, bare]) => cleaned.replaceAll(spaced, bare), text);
}
