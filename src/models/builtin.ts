/** The models that come with the page: what their folders hold. */

const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const ONE_GRAPH = ['model.onnx', ...FILES];
const PAIR = ['encoder_model.onnx', 'decoder_model.onnx', ...FILES];

/** Models of an encoder and a decoder; all others are of one graph. */
const PAIRS: readonly string[] = ['t5-l3-h128'];

/** The files of a built-in model, by its name. */
export function builtinFiles(name: string): readonly string[] {
  return PAIRS.includes(name) ? PAIR : ONE_GRAPH;
}
