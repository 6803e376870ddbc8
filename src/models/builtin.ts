/** The models that come with the page: what their folders hold. */

import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const ONE_GRAPH = ['model.onnx', ...FILES];
const PAIR = ['encoder_model.onnx', 'decoder_model.onnx', ...FILES];

/** Models of an encoder and a decoder; all others are of one graph. */
const PAIRS: readonly string[] = ['t5-l3-h128'];

/** Is the built-in model of a name one that writes texts? */
export function isPair(name: string): boolean {
  return PAIRS.includes(name);
}

/**
 * The files of a built-in model, by its name.
 * @throws StudioError('model') for what can be no name of a folder: links and zips bring names along
 */
export function builtinFiles(name: string): readonly string[] {
  if (!/^[\w-][\w.-]*$/.test(name))
    throw new StudioError(
      'model',
      say`There is no built-in model of this name; choose a model under Model.`,
      {
        where: 'model.source',
      },
    );
  return PAIRS.includes(name) ? PAIR : ONE_GRAPH;
}
