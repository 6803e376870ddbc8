/**
 * The learning rate that an omitted one stands for: by the method, and by the model that it tunes.
 *
 * `DEFAULT_LEARNING_RATES` did well on a trained encoder that is 128 wide (the built-in BERT, bench/NOTES.md).
 * A wider model wants less: the factors below hold at their widths, between them the logarithm is interpolated, and
 * beyond them the nearest holds.
 *
 *  - 384: the best of three rates a method on paraphrase-MiniLM-L3-v2 (3 layers), SST-2, 189 steps of 16 rows:
 *    full 2e-4, LoRA and adapter 2e-3, BitFit 1e-3, prompt 1e-2, prefix 5e-3, head 1e-3. Methods that were not
 *    among them follow full, LoRA and adapter, which agree.
 *  - 768: full 5e-5, the largest of BERT's own (Devlin et al. 2019, appendix A.3); LoRA ten times that, as Hu et al.
 *    (2021, table 9) have on RoBERTa-base and Thinking Machines ("LoRA Without Regret", 2025) find in general;
 *    BitFit 5e-4, within the 1e-4 to 1e-3 of Ben Zaken et al. (2022); prefix 5e-3 (P-tuning v2, Liu et al. 2022).
 *  - T5, whose attention is not divided by the root of the width, takes larger steps: 3e-4 for full tuning with AdamW
 *    (Hugging Face's notes on T5 training); rows of prompts as many as on a narrow one (Lester et al. 2021).
 *  - What is learned of several tasks' prompts (`multitaskPrompt`), or in their subspace (`ipt`), are rows of a prompt too
 *    and follows the width as `prompt` does.
 *  - In a random subspace of d dimensions (`said`) every weight moves by what all d numbers add up to, so that a rate
 *    goes about as far as 1/√d of it would: 5e-3, 2e-3, 1e-3 and 5e-4 did best at 10, 100, 1,000 and 5,000 dimensions.
 *    The default is that of 1,000 times √(1000/d). The head has no part in the subspace and trains at its own default:
 *    at the vector's it learns too little where dimensions are many.
 *  - A model that nobody has trained has nothing to forget: full training takes Kaplan et al.'s rate (2020, appendix
 *    D.6), 0.003239 − 0.0001395 ln N for N weights beside the embeddings, and the others keep their ratio to it.
 */
import { DEFAULT_LEARNING_RATES, SAID_DEFAULTS, type MethodType } from './defaults.ts';

/** What of a model its rates follow. */
export interface RateTraits {
  kind: 'encoder' | 'encoderDecoder';
  /** Of its hidden states. */
  width: number;
  /** Transformer layers of all stacks. */
  layers: number;
  pretrained: boolean;
}

/** What of a method its rate follows. */
export interface RatedMethod {
  type: MethodType;
  /** Of `said`. */
  dimension?: number;
}

/** What a spec is completed for before its model is known: the built-in models. */
export const BUILTIN_TRAITS: RateTraits = { kind: 'encoder', width: 128, layers: 4, pretrained: true };

type Factors = readonly (readonly [width: number, factor: number])[];

const WEIGHTS: Factors = [
  [128, 1],
  [384, 0.4],
  [768, 0.1],
];

const PROMPTS: Factors = [
  [128, 1],
  [384, 1 / 2],
];

/** Methods that move something else than weights within the layers. */
const OTHERS: Partial<Record<MethodType, Factors>> = {
  bitfit: [
    [128, 1],
    [384, 1 / 8],
    [768, 1 / 16],
  ],
  prompt: PROMPTS,
  multitaskPrompt: PROMPTS,
  ipt: PROMPTS,
  prefix: [
    [128, 1],
    [384, 1 / 4],
  ],
  head: [
    [128, 1],
    [384, 1 / 2],
  ],
};

const ENCODER_DECODER: Factors = [
  [128, 1],
  [512, 0.6],
];

/** Methods whose rows of virtual tokens keep their rate on a T5. */
const ROWS: readonly MethodType[] = ['prompt', 'multitaskPrompt', 'ipt', 'prefix'];

/**
 * The rate of a method on a model, in two digits.
 * @param traits of the model
 */
export function defaultRate(method: RatedMethod, traits: RateTraits): number {
  const own = DEFAULT_LEARNING_RATES[method.type] * ofDimension(method);
  return Number((own * factorOf(method.type, traits)).toPrecision(2));
}

/** The rate of methods that train at once: the smallest of theirs. */
export function defaultRateOf(methods: readonly RatedMethod[], traits: RateTraits): number {
  return Math.min(...methods.map((method) => defaultRate(method, traits)));
}

/**
 * The rate of the head beside methods whose own is not for it.
 * @returns undefined where the head learns at the methods' rate
 */
export function defaultHeadRateOf(methods: readonly RatedMethod[], traits: RateTraits): number | undefined {
  return methods.some(({ type }) => type === 'said') ? defaultRate({ type: 'head' }, traits) : undefined;
}

function ofDimension({ type, dimension = SAID_DEFAULTS.dimension }: RatedMethod): number {
  return type === 'said' ? Math.sqrt(SAID_DEFAULTS.dimension / dimension) : 1;
}

function factorOf(type: MethodType, { kind, width, layers, pretrained }: RateTraits): number {
  if (!pretrained) return untrainedRate(layers, width) / DEFAULT_LEARNING_RATES.full;
  if (kind === 'encoderDecoder') return ROWS.includes(type) ? 1 : interpolated(ENCODER_DECODER, width);
  return interpolated(OTHERS[type] ?? WEIGHTS, width);
}

/** Kaplan et al.: a layer has about 12·width² weights. */
function untrainedRate(layers: number, width: number): number {
  const weights = Math.max(1, 12 * layers * width * width);
  return Math.max(1e-5, 0.003239 - 0.0001395 * Math.log(weights));
}

/** Linear in the logarithms of width and factor. */
function interpolated(factors: Factors, width: number): number {
  const after = factors.findIndex(([at]) => at >= width);
  if (after === -1) return factors[factors.length - 1][1];
  if (after === 0) return factors[0][1];
  const [[fromWidth, from], [toWidth, to]] = factors.slice(after - 1, after + 1);
  const share = Math.log(width / fromWidth) / Math.log(toWidth / fromWidth);
  return from * (to / from) ** share;
}
