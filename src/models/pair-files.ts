/** Which files of a folder are an encoder and its decoder, as Optimum names them. */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';

const ENCODER = 'encoder_model.onnx';
/** The decoder that starts from nothing; in a merged file it is one of two branches. */
const DECODERS = ['decoder_model.onnx', 'decoder_model_merged.onnx'];
const WITH_PAST = 'decoder_with_past_model.onnx';

/**
 * The encoder's and the decoder's file; undefined for a folder that holds neither, or also `model.onnx`.
 * @param asked the .onnx file that was asked for, when it was one and not a folder
 * @throws StudioError('model') where one of the two is missing
 */
export function pairOf(
  asked: string | undefined,
  names: readonly string[],
  source: string,
): [string, string] | undefined {
  const parts = [ENCODER, ...DECODERS, WITH_PAST];
  const within = asked?.slice(0, asked.lastIndexOf('/') + 1);
  if (asked !== undefined && !parts.includes(asked.slice(within!.length))) return undefined;
  for (const folder of within === undefined ? ['', 'onnx/'] : [within]) {
    if (asked === undefined && names.includes(`${folder}model.onnx`)) return undefined;
    if (!parts.some((name) => names.includes(folder + name))) continue;
    const wanted = DECODERS.filter((name) => names.includes(folder + name));
    const named = wanted.find((name) => folder + name === asked);
    const decoder = named ?? wanted.at(0);
    const missing = (what: Sentence, remedy: Sentence): StudioError =>
      new StudioError('model', say`${source} ${what}; ${remedy}.`, { where: 'model.source' });
    const putDecoder = say`put ${DECODERS[0]} or ${DECODERS[1]} of the same export beside it`;
    if (decoder === undefined && names.includes(folder + WITH_PAST))
      throw missing(
        say`holds ${WITH_PAST} but no decoder that starts without cached keys and values`,
        putDecoder,
      );
    if (decoder === undefined) throw missing(say`holds ${ENCODER} without its decoder`, putDecoder);
    if (!names.includes(folder + ENCODER))
      throw missing(
        say`holds ${decoder} without its encoder`,
        say`put ${ENCODER} of the same export beside it`,
      );
    return [folder + ENCODER, folder + decoder];
  }
  return undefined;
}
