/**
 * The fields of PEFT's `adapter_config.json` (0.3 to 0.21), and which of them change what an adapter computes. What
 * is not read here and is not at its default is refused by name: put on without it, the adapter would load and
 * compute something else.
 */
import { entryOf } from '../entry-of.ts';
import type { Sentence } from '../sentence.ts';
import { say } from '../sentence.ts';

/** Say where an adapter came from or which tensors it has, which the tensors say themselves. */
const ABOUT = [
  'peft_type',
  'task_type',
  'auto_mapping',
  'peft_version',
  'base_model_name_or_path',
  'revision',
  'inference_mode',
  'target_modules',
  'exclude_modules',
  'modules_to_save',
  'layers_to_transform',
  'layers_pattern',
];

const PROMPT = [
  'num_virtual_tokens',
  'token_dim',
  'num_transformer_submodules',
  'num_attention_heads',
  'num_layers',
];

/** By `peft_type`: fields that are read, or that matter only before training. */
const READ: Readonly<Record<string, readonly string[]>> = {
  LORA: [
    ...['r', 'lora_alpha', 'lora_dropout', 'bias', 'use_rslora', 'use_dora', 'rank_pattern', 'alpha_pattern'],
    ...['init_lora_weights', 'eva_config', 'qalora_group_size', 'megatron_core'],
  ],
  IA3: ['feedforward_modules', 'init_ia3_weights'],
  ADALORA: [
    ...['init_r', 'target_r', 'lora_alpha', 'lora_dropout', 'tinit', 'tfinal', 'deltaT', 'beta1', 'beta2'],
    ...['orth_reg_weight', 'total_step', 'r', 'init_lora_weights', 'eva_config'],
    ...['qalora_group_size', 'megatron_core', 'rank_pattern'],
  ],
  VERA: ['r', 'projection_prng_key', 'save_projection', 'vera_dropout', 'd_initial', 'init_weights'],
  LOHA: [
    ...['r', 'alpha', 'rank_dropout', 'module_dropout', 'init_weights', 'use_effective_conv2d'],
    ...['rank_pattern', 'alpha_pattern'],
  ],
  LOKR: [
    ...[
      'rank_pattern',
      'alpha_pattern',
      'r',
      'alpha',
      'decompose_both',
      'decompose_factor',
      'rank_dropout',
      'module_dropout',
    ],
    ...['init_weights', 'use_effective_conv2d', 'rank_dropout_scale'],
  ],
  SHIRA: ['r', 'random_seed', 'init_weights', 'mask_type'],
  LN_TUNING: [],
  PROMPT_TUNING: [
    ...PROMPT,
    ...['prompt_tuning_init', 'prompt_tuning_init_text', 'tokenizer_name_or_path', 'tokenizer_kwargs'],
  ],
  P_TUNING: [
    ...PROMPT,
    ...['encoder_reparameterization_type', 'encoder_hidden_size', 'encoder_num_layers', 'encoder_dropout'],
  ],
  MULTITASK_PROMPT_TUNING: [
    ...PROMPT,
    ...['prompt_tuning_init', 'prompt_tuning_init_text', 'tokenizer_name_or_path', 'tokenizer_kwargs'],
    ...['prompt_tuning_init_state_dict_path', 'prompt_tuning_init_task', 'num_ranks', 'num_tasks'],
  ],
  PREFIX_TUNING: [...PROMPT, 'encoder_hidden_size', 'prefix_projection', 'init_weights'],
};

/**
 * What PEFT takes a field for that a file lacks, as those of earlier versions and those cut by hand do. (Ranks stand
 * in the shapes too.)
 */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  LORA: { r: 8, lora_alpha: 8, use_rslora: false, use_dora: false, bias: 'none' },
  ADALORA: { init_r: 12, lora_alpha: 8 },
  VERA: { projection_prng_key: 0 },
  LOHA: { r: 8, alpha: 8 },
  LOKR: { r: 8, alpha: 8, decompose_factor: -1, decompose_both: false },
  MULTITASK_PROMPT_TUNING: { num_ranks: 1 },
};

/** A saved adapter's description with what it leaves out. @param config adapter_config.json */
export function withPeftDefaults(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...entryOf(LEFT_OUT, config['peft_type']), ...config };
}

const MULTIPLIES = say`it multiplies each weight by an orthogonal matrix, where a method here adds to what the weight gives`;
const SPECTRUM = say`it holds a few coefficients of each weight's change in a transform of the whole matrix`;

/** Kinds of adapters that no method here computes, by `peft_type`: what they do instead. */
const OTHERS: Readonly<Record<string, Sentence>> = {
  OFT: MULTIPLIES,
  BOFT: MULTIPLIES,
  HRA: MULTIPLIES,
  FOURIERFT: SPECTRUM,
  WAVEFT: SPECTRUM,
  MISS: say`it adds one small block of numbers again and again along each weight`,
  VBLORA: say`it puts low-rank factors together from a bank of vectors that all layers share`,
  TRAINABLE_TOKENS: say`it trains chosen rows of the embedding table, which no method here does by themselves`,
};

/**
 * Why an adapter of a kind that no method here computes cannot be a start, as the end of a sentence; null for kinds that
 * are read.
 * @param type its `peft_type`
 */
export function foreignKind(type: unknown): Sentence | null {
  if (entryOf(READ, type) !== undefined) return null;
  return entryOf(OTHERS, type) ?? say`no method here computes what it does`;
}

/** Starts that leave the base weight as it is: what they chose is in the saved factors. */
const PLAIN_STARTS: readonly unknown[] = [true, false, 'gaussian', 'eva', 'orthogonal', undefined, null];
/** Starts that take their factors out of the base weight, so that the adapter belongs on what remains of it. */
const SPLIT_STARTS = ['pissa', 'olora'] as const;

export type SplitStart = (typeof SPLIT_STARTS)[number];

/** How the factors of a saved LoRA started, where the base weight must be split in the same way. */
export function splitStart(config: Readonly<Record<string, unknown>>): SplitStart | undefined {
  return SPLIT_STARTS.find((start) => config['init_lora_weights'] === start);
}

/**
 * What of a saved adapter cannot be reproduced here.
 * @param config adapter_config.json
 * @returns a part of a sentence such as `has loftq_config {...}, which is not read here`, or null
 */
export function unreadField(config: Readonly<Record<string, unknown>>): Sentence | null {
  const read = entryOf(READ, config['peft_type']);
  if (read === undefined) return null;
  const known = new Set([...ABOUT, ...read]);
  for (const [field, value] of Object.entries(config))
    if (!known.has(field) && !isDefault(value))
      return say`has ${field} ${shown(value)}, which is not read here`;
  // Places that a function of somebody's chose are in no file.
  if (config['peft_type'] === 'SHIRA' && (config['mask_type'] !== 'random' || !hasSeed(config)))
    return say`has mask_type ${shown(config['mask_type'])} and random_seed ${shown(config['random_seed'])}, from which its places cannot be found again`;
  const start = config['init_lora_weights'];
  if (config['peft_type'] !== 'LORA' || PLAIN_STARTS.includes(start) || splitStart(config)) return null;
  return say`has init_lora_weights ${shown(start)}, which changes the base weights in a way that is not repeated here`;
}

const hasSeed = ({ random_seed: seed }: Readonly<Record<string, unknown>>): boolean =>
  typeof seed === 'number';

/** Every field that changes the mathematics has a default of this kind. */
function isDefault(value: unknown): boolean {
  if (value === null || value === undefined || value === false) return true;
  // No biases, and no text.
  if (value === 'none' || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** A value as it stands in the file, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
