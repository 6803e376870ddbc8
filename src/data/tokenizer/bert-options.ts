/** Options of BERT's tokenizer in tokenizer_config.json, and the tokenizer classes of transformers that are BERT's. */

type Json = Readonly<Record<string, unknown>>;

/** Classes whose tokenizer is BERT's own, without `Fast`. */
const BERT_CLASSES = new Set([
  ...['BertTokenizer', 'DistilBertTokenizer', 'ElectraTokenizer', 'MobileBertTokenizer', 'LxmertTokenizer'],
  ...['ConvBertTokenizer', 'SqueezeBertTokenizer', 'RetriBertTokenizer', 'LayoutLMTokenizer'],
  ...['DPRContextEncoderTokenizer', 'DPRQuestionEncoderTokenizer', 'DPRReaderTokenizer', 'RealmTokenizer'],
]);
/** Families that keep a vocab.txt too and cut texts in another way, with their tokenizer's class. */
const OTHER_FAMILIES: Readonly<Record<string, string>> = {
  mpnet: 'MPNetTokenizer',
  esm: 'EsmTokenizer',
  funnel: 'FunnelTokenizer',
  roformer: 'RoFormerTokenizer',
  prophetnet: 'ProphetNetTokenizer',
};
/** Classes that say nothing about how texts are cut. */
const GENERAL = new Set(['PreTrainedTokenizer', 'TokenizersBackend']);

function classOf(config: Json): string | null {
  const name = config.tokenizer_class;
  return typeof name === 'string' ? name.replace(/Fast$/, '') : null;
}

/** The tokenizer class of a bare vocab.txt that is not BERT's; null where it is, or where no file says another. */
export function otherClass(tokenizerConfig: Json, modelConfig: Json): string | null {
  const name = classOf(tokenizerConfig);
  if (name !== null && !GENERAL.has(name)) return BERT_CLASSES.has(name) ? null : name;
  const family = modelConfig.model_type;
  return typeof family === 'string' && Object.hasOwn(OTHER_FAMILIES, family) ? OTHER_FAMILIES[family] : null;
}

/**
 * tokenizer.json with the options of its normaliser that tokenizer_config.json sets otherwise: transformers makes
 * BERT's tokenizers anew from those (tokenization_bert.py). Itself where nothing differs.
 */
export function withBertOptions(tokenizer: Json, config: Json): Json {
  const normalizer = tokenizer.normalizer as Json | null | undefined;
  if (normalizer?.type !== 'BertNormalizer' || !BERT_CLASSES.has(classOf(config) ?? '')) return tokenizer;
  const set = [
    ['do_lower_case', 'lowercase'],
    ['tokenize_chinese_chars', 'handle_chinese_chars'],
    ['strip_accents', 'strip_accents'],
  ].flatMap(([option, field]) => {
    const value = config[option];
    return typeof value === 'boolean' && value !== normalizer[field] ? [[field, value] as const] : [];
  });
  if (set.length === 0) return tokenizer;
  return { ...tokenizer, normalizer: { ...normalizer, ...Object.fromEntries(set) } };
}
