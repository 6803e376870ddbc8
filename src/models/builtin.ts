/** The models that come with the page: what their folders hold. */

import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
const ONE_GRAPH = ['model.onnx', ...FILES];
const PAIR = ['encoder_model.onnx', 'decoder_model.onnx', ...FILES];

/** Does a source name a built-in model that writes texts: of an encoder and a decoder, where others are of one graph? */
export function isPair(source: string): boolean {
  return source.startsWith('builtin:t5-');
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
  return isPair(`builtin:${name}`) ? PAIR : ONE_GRAPH;
}
