/** Options of prefix tuning; prefix.ts and prefix-decoder.ts say what they mean. */

/** Attentions of an encoder-decoder. */
export type PrefixPlace = 'encoder' | 'decoder' | 'cross';

export interface PrefixOptions {
  type: 'prefix';
  virtualTokens: number;
  initialization: 'random' | 'zero';
  projection?: boolean;
  /** Width inside the projection; the model's own when left out. */
  encoderHiddenSize?: number;
  /** Of an encoder-decoder: which attentions get a prefix. PEFT's place, the decoder's own, when omitted. */
  placements?: readonly PrefixPlace[];
}
