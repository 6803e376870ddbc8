/**
 * An encoder and a decoder exported to two files, joined into the one model their authors wrote. The joined
 * graph reads the text (`input_ids`, `attention_mask`) and the target so far (`decoder_input_ids`); its
 * output is `logits` [batch, target length, vocabulary]. The embedding that both files hold is one parameter.
 */
import { StudioError } from '../errors.ts';
import { listed, say, type Sentence, type SentenceValue } from '../sentence.ts';
import type { Initializer, Parameter, SourceGraph, SourceNode } from '../graph/source.ts';
import { sameTensor } from '../graph/tensor.ts';
import { pruneGraph } from '../onnx/prune.ts';
import type { Recovered } from '../onnx/recover.ts';
import { tieOutputEmbedding } from '../onnx/tie.ts';

/** The embedding that encoder and decoder share. */
export const SHARED_EMBEDDING = 'shared.weight';
/** The encoder's result in the joined graph [batch, length, hidden]. */
export const ENCODER_OUTPUT = 'last_hidden_state';

/** One file of the pair, its parameters recovered. */
export interface Half extends Recovered {
  file: string;
}

/**
 * Joins the two halves; neither is changed.
 * @param config the model's config.json, which may say that the decoder's head is not its embedding
 * @throws StudioError('model') when they are not of one model, ('unsupported') when they have other inputs or
 *   outputs than Optimum's exports of T5
 */
export function joinEncoderDecoder(
  encoder: Half,
  decoder: Half,
  config: Readonly<Record<string, unknown>> = {},
): Recovered {
  const words = wordTable(encoder);
  const targets = wordTable(decoder);
  const one = words !== undefined && targets !== undefined && sameTensor(words, targets);
  const front = renamed(
    encoder,
    (name) => (one && name === words.name ? SHARED_EMBEDDING : encoderName(name)),
    'encoder',
    [ENCODER_OUTPUT],
  );
  const back = renamed(
    decoder,
    (name) => (one && name === targets.name ? SHARED_EMBEDDING : decoderName(name)),
    'decoder',
    ['logits'],
  );
  expectValues(encoder, ['input_ids'], ['attention_mask'], ENCODER_OUTPUT);
  expectValues(decoder, ['input_ids', 'encoder_hidden_states'], ['encoder_attention_mask'], 'logits');
  checkPair(encoder, decoder, front, back);

  const wiring = new Map([
    ['decoder:input_ids', 'decoder_input_ids'],
    ['decoder:encoder_attention_mask', 'attention_mask'],
    ['decoder:encoder_hidden_states', ENCODER_OUTPUT],
    ['encoder:input_ids', 'input_ids'],
    ['encoder:attention_mask', 'attention_mask'],
  ]);
  const now = (name: string): string => wiring.get(name) ?? name;
  const nodes = [...front.graph.nodes, ...back.graph.nodes];
  for (const node of nodes) node.inputs = node.inputs.map(now);
  const target = decoder.graph.inputs.find(({ name }) => name === 'input_ids')!;
  const graph: SourceGraph = {
    name: encoder.graph.name,
    opset: encoder.graph.opset,
    nodes,
    initializers: new Map([...front.graph.initializers, ...back.graph.initializers]),
    inputs: [
      ...encoder.graph.inputs.map((input) => ({ ...input, dims: [...input.dims] })),
      { ...target, name: 'decoder_input_ids', dims: [...target.dims] },
    ],
    outputs: decoder.graph.outputs.filter(({ name }) => name === 'logits'),
  };
  pruneGraph(graph);
  const parameters = new Map([...front.parameters, ...back.parameters]);
  for (const name of [...parameters.keys()]) if (!graph.initializers.has(name)) parameters.delete(name);
  tieOutputEmbedding(graph, parameters, config);
  return { graph, parameters };
}

/** What hands token ids on to the look-up as they are. */
const HANDS_ON: ReadonlySet<string> = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze']);

/**
 * The parameter in which `input_ids` are looked up, whatever its name: an export of a wrapper puts the
 * wrapper's name before it, and where a decoder's embedding is its head, PyTorch's exporter by dynamo keeps
 * the one tensor under the head's name. Undefined where ids are looked up in none, or not directly.
 */
function wordTable({ graph, parameters }: Half): Initializer | undefined {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  // A damaged graph may hand values on in a circle, so what was passed is not passed again.
  const areIds = (value: string, passed: ReadonlySet<string> = new Set()): boolean => {
    if (value === 'input_ids') return true;
    const node = makers.get(value);
    return (
      !!node &&
      HANDS_ON.has(node.op) &&
      !passed.has(value) &&
      areIds(node.inputs[0], new Set([...passed, value]))
    );
  };
  const lookUp = graph.nodes.find(
    ({ op, inputs }) => op === 'Gather' && parameters.has(inputs[0]) && areIds(inputs[1]),
  );
  return lookUp && graph.initializers.get(lookUp.inputs[0]);
}

/** Optimum exports the encoder as a module of its own, so its names lack their first part. */
function encoderName(name: string): string {
  if (/^(encoder\.)?embed_tokens\.weight$/.test(name)) return SHARED_EMBEDDING;
  return name === SHARED_EMBEDDING || name.startsWith('encoder.') ? name : `encoder.${name}`;
}

function decoderName(name: string): string {
  return /^(decoder\.)?embed_tokens\.weight$/.test(name) ? SHARED_EMBEDDING : name;
}

/** A half under the joined model's names: parameters by `rename`, all else behind `prefix:` but for `kept`. */
function renamed(
  half: Half,
  rename: (name: string) => string,
  prefix: string,
  kept: readonly string[],
): Recovered {
  const now = (name: string): string => {
    if (name === '' || kept.includes(name)) return name;
    return half.parameters.has(name) ? rename(name) : `${prefix}:${name}`;
  };
  const initializers = new Map<string, Initializer>();
  for (const tensor of half.graph.initializers.values()) {
    const name = now(tensor.name);
    initializers.set(name, { ...tensor, name });
  }
  const parameters = new Map<string, Parameter>();
  for (const parameter of half.parameters.values()) {
    const name = rename(parameter.name);
    parameters.set(name, { ...parameter, name });
  }
  // ONNX wants names to be unique, and `/Mul` may meet the `/decoder/Mul` there is.
  const taken = new Set(half.graph.nodes.map(({ name }) => name));
  const pathOf = (name: string): string => {
    // Module paths stay paths: `/block.0/layer.0/...` of the encoder is `/encoder/block.0/layer.0/...`.
    if (name.startsWith(`/${prefix}/`)) return name;
    let path = `/${prefix}/${name.replace(/^\//, '')}`;
    while (taken.has(path)) path += '_';
    taken.add(path);
    return path;
  };
  const nodes = half.graph.nodes.map((node): SourceNode => ({
    ...node,
    name: pathOf(node.name),
    inputs: node.inputs.map(now),
    outputs: node.outputs.map(now),
  }));
  return { graph: { ...half.graph, nodes, initializers }, parameters };
}

function expectValues(
  { file, graph }: Half,
  needed: readonly string[],
  allowed: readonly string[],
  output: string,
): void {
  const inputs = graph.inputs.map(({ name }) => name);
  const outputs = graph.outputs.map(({ name }) => name);
  const missing = [
    ...needed.filter((name) => !inputs.includes(name)),
    ...[output].filter((name) => !outputs.includes(name)),
  ];
  const unknown = inputs.filter((name) => !needed.includes(name) && !allowed.includes(name));
  const [first, ...others] = missing;
  const lacking = others.reduce<SentenceValue>((list, name) => say`${list} and no ${name}`, first);
  const what = missing.length > 0 ? say`has no ${lacking}` : say`takes ${listed(unknown)}`;
  if (missing.length > 0 || unknown.length > 0)
    throw new StudioError(
      'unsupported',
      say`${file} ${what}, so it cannot be joined; export the model with Optimum (\`optimum-cli export onnx --task text2text-generation\`).`,
      { where: file },
    );
}

/** Two files are of one model when what both hold is the same. */
function checkPair(encoder: Half, decoder: Half, front: Recovered, back: Recovered): void {
  const mismatch = (what: Sentence): StudioError =>
    new StudioError(
      'model',
      say`${encoder.file} and ${decoder.file} are not of one model: ${what}; put the two files of one export together.`,
      { where: 'model.source' },
    );
  if (encoder.graph.opset !== decoder.graph.opset)
    throw mismatch(say`their operator sets are ${encoder.graph.opset} and ${decoder.graph.opset}`);
  const [a, b] = [front, back].map(({ graph }) => graph.initializers.get(SHARED_EMBEDDING));
  if (!a || !b) return;
  if (a.dims.join() !== b.dims.join())
    throw mismatch(say`their embeddings are [${a.dims.join(', ')}] and [${b.dims.join(', ')}]`);
  if (!sameTensor(a, b)) throw mismatch(say`the embedding they share differs`);
}
