/** The refusal of a method that no options make fit the model. */
import { StudioError } from '../errors.ts';
import { field, say, type Sentence } from '../sentence.ts';

/** @param needs what the method needs and the model lacks */
export function notApplicable(type: string, needs: Sentence): StudioError {
  return new StudioError(
    'unsupported',
    say`${field('method.type')}: "${type}" needs ${needs}, which this model does not have; choose another method.`,
    { where: 'method.type' },
  );
}
