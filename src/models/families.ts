/** Families of models by name, and what of theirs cannot be trained: for refusals that say what is the matter. */
import { entryOf } from '../entry-of.ts';
import type { SourceGraph } from '../graph/source.ts';
import { say, type Sentence } from '../sentence.ts';
import type { Model } from './model.ts';

/** `model_type` → the name its authors use. */
const NAMES: Readonly<Record<string, string>> = {
  albert: 'ALBERT',
  bart: 'BART',
  mbart: 'mBART',
  bert: 'BERT',
  big_bird: 'BigBird',
  bigbird_pegasus: 'BigBird-Pegasus',
  blenderbot: 'Blenderbot',
  'blenderbot-small': 'Blenderbot',
  bloom: 'BLOOM',
  biogpt: 'BioGPT',
  camembert: 'CamemBERT',
  canine: 'CANINE',
  convbert: 'ConvBERT',
  deberta: 'DeBERTa',
  'deberta-v2': 'DeBERTa',
  distilbert: 'DistilBERT',
  electra: 'ELECTRA',
  ernie: 'ERNIE',
  esm: 'ESM',
  eurobert: 'EuroBERT',
  falcon: 'Falcon',
  flaubert: 'FlauBERT',
  funnel: 'Funnel Transformer',
  gemma: 'Gemma',
  gemma2: 'Gemma 2',
  gemma3_text: 'Gemma 3',
  gpt2: 'GPT-2',
  gpt_neo: 'GPT-Neo',
  gpt_neox: 'GPT-NeoX',
  gptj: 'GPT-J',
  gte: 'GTE',
  jina_embeddings_v3: 'Jina Embeddings v3',
  led: 'LED',
  llama: 'LLaMA',
  longformer: 'Longformer',
  longt5: 'LongT5',
  m2m_100: 'M2M-100',
  marian: 'Marian',
  mistral: 'Mistral',
  mobilebert: 'MobileBERT',
  modernbert: 'ModernBERT',
  mpnet: 'MPNet',
  mpt: 'MPT',
  mt5: 'mT5',
  neobert: 'NeoBERT',
  new: 'GTE',
  nomic_bert: 'Nomic BERT',
  nystromformer: 'Nyströmformer',
  opt: 'OPT',
  pegasus: 'Pegasus',
  phi: 'Phi',
  phi3: 'Phi-3',
  qwen2: 'Qwen2',
  qwen3: 'Qwen3',
  roberta: 'RoBERTa',
  roformer: 'RoFormer',
  'roberta-prelayernorm': 'RoBERTa with norms first',
  squeezebert: 'SqueezeBERT',
  t5: 'T5',
  tapas: 'TAPAS',
  umt5: 'UMT5',
  'xlm-roberta': 'XLM-RoBERTa',
  xlm: 'XLM',
  xlnet: 'XLNet',
  xmod: 'X-MOD',
};

/** The family's name; null where config.json does not say. */
export function familyName({ config }: Pick<Model, 'config'>): string | null {
  const type = config.model_type;
  // Its configuration calls it a BERT.
  if (type === 'bert' && /JinaBert/.test(String(config.architectures))) return 'JinaBERT';
  if (typeof type !== 'string' || type === '') return null;
  return entryOf(NAMES, type) ?? type.slice(0, 40);
}

const isOneOf = (type: unknown, ...types: readonly string[]): boolean => types.some((one) => one === type);

type Evidence = (model: Pick<Model, 'config'>, names: readonly string[], graph: SourceGraph) => boolean;

const has =
  (...keys: string[]) =>
  ({ config }: Pick<Model, 'config'>): boolean =>
    keys.some((key) => config[key] !== undefined && config[key] !== null && config[key] !== false);

/** Features that are not trained, each with where it shows: config.json, names of parameters and nodes, operators. */
const FEATURES: readonly (readonly [Sentence, Evidence])[] = [
  [
    say`rotary positions`,
    (model, _, graph) =>
      // Falcon's configuration has those of its other members too.
      (!has('alibi')(model) &&
        has(
          'rope_theta',
          'rope_parameters',
          'rope_scaling',
          'rotary_emb_base',
          'rotary_pct',
          'rotary_dim',
        )(model)) ||
      model.config.position_embedding_type === 'rotary' ||
      model.config.model_type === 'roformer' ||
      graph.nodes.some(({ name, op }) => /rotary/i.test(name) || op === 'RotaryEmbedding'),
  ],
  [
    say`fused query, key and value projections`,
    (_, names) =>
      names.some((name) => /(Wqkv|qkv_proj|c_attn|query_key_value|in_proj|qkv)\.weight$/i.test(name)),
  ],
  [
    say`ALiBi positions`,
    (model, _, graph) =>
      has('alibi')(model) ||
      model.config.position_embedding_type === 'alibi' ||
      isOneOf(model.config.model_type, 'bloom', 'mpt') ||
      graph.nodes.some(({ name }) => /alibi/i.test(name)),
  ],
  [
    say`disentangled attention over relative positions`,
    (model, names) => has('relative_attention')(model) || names.some((name) => /rel_embeddings/.test(name)),
  ],
  [
    say`attention with its heads folded into the batch`,
    ({ config }) => config.model_type === 'deberta-v2' && !has('relative_attention')({ config }),
  ],
  [
    say`a head that reads the end-of-sequence token of a decoder`,
    (_model, names, graph) =>
      names.some((name) => /(^|\.)decoder\./.test(name)) &&
      names.some((name) => /^(classification_head|score|classifier)\./.test(name)) &&
      graph.nodes.some(({ op }) => op === 'NonZero'),
  ],
  [
    say`attention with relative positions of segments`,
    (_, names) => names.some((name) => /r_w_bias/.test(name)),
  ],
  [
    say`fewer heads for keys and values than for queries`,
    ({ config }) =>
      typeof config.num_key_value_heads === 'number' &&
      typeof config.num_attention_heads === 'number' &&
      config.num_key_value_heads < config.num_attention_heads,
  ],
  [
    say`convolutions in its attention`,
    (_model, _names, graph) => graph.nodes.some(({ name, op }) => op === 'Conv' && /attention/.test(name)),
  ],
  [say`pooled queries between its blocks`, ({ config }) => config.model_type === 'funnel'],
  [
    say`hidden states that the mask multiplies`,
    ({ config }, names) =>
      isOneOf(config.model_type, 'xlm', 'flaubert') ||
      names.some((name) => /(^|\.)layer_norm_emb\./.test(name)),
  ],
  [say`embeddings of the rows and columns of a table`, has('type_vocab_sizes')],
  [say`attention within windows`, has('attention_window')],
  [
    say`attention within blocks`,
    ({ config }) => isOneOf(config.model_type, 'longt5', 'big_bird', 'bigbird_pegasus'),
  ],
  [say`attention by landmarks`, has('num_landmarks')],
  [say`hashed characters in place of a vocabulary`, has('num_hash_functions')],
  [say`an adapter for each language`, (_, names) => names.some((name) => /\.adapter_modules\./.test(name))],
  [say`bottlenecks around every layer`, ({ config }) => config.use_bottleneck === true],
  [
    say`a head that reads the last token of a decoder`,
    (_model, names, graph) =>
      names.some((name) => /^score\.weight$/.test(name)) &&
      graph.nodes.some(({ op }) => op === 'ArgMax' || op === 'Trilu'),
  ],
];

/** What of a model is not trained here, the first three. */
export function untrainableFeatures(model: Pick<Model, 'config' | 'graph' | 'parameters'>): Sentence[] {
  const names = [...model.parameters.keys()];
  return FEATURES.flatMap(([feature, shows]) => (shows(model, names, model.graph) ? [feature] : [])).slice(
    0,
    3,
  );
}

/** What a graph that is understood does not show: its losses would not be PyTorch's from the second step on. */
const UNSEEN: readonly (readonly [Sentence, Evidence])[] = [
  [
    // nn.Embedding's padding_idx: PyTorch leaves that row as it is, and the decoder's first token reads it.
    say`a decoder that begins with the padding token, whose embedding does not train`,
    ({ config }, names) =>
      names.some((name) => /(^|\.)decoder\.embed_positions\./.test(name)) &&
      typeof config.pad_token_id === 'number' &&
      config.decoder_start_token_id === config.pad_token_id,
  ],
  [
    say`sinusoidal positions that the file stores as weights`,
    ({ config }, names) =>
      isOneOf(config.model_type, 'marian', 'pegasus') &&
      names.some((name) => /(^|\.)embed_positions\./.test(name)),
  ],
];

/** What of a model would train otherwise than its authors' does, though its graph computes the same. */
export function unseenFeatures(model: Pick<Model, 'config' | 'graph' | 'parameters'>): Sentence[] {
  const names = [...model.parameters.keys()];
  return UNSEEN.flatMap(([feature, shows]) => (shows(model, names, model.graph) ? [feature] : []));
}
