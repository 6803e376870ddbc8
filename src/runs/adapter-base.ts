/** Whether a file belongs to the base model at hand. */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';

/**
 * @param saved SHA-256 of the base model's weights, where the file says it
 * @param base that of the model at hand; `force` takes files of another one too
 * @throws StudioError('adapter-file')
 */
export function checkBase(
  saved: string | undefined,
  base: { hash: string; force: boolean } | undefined,
  where: string,
): void {
  if (saved === undefined || base === undefined || base.force || saved === base.hash) return;
  throw new StudioError(
    'adapter-file',
    say`${where} was trained on another base model (weights ${saved.slice(0, 12)}, here ${base.hash.slice(0, 12)}); use the model it was trained on, or take it all the same with ${field('method.initForce')} or --force`,
    { where },
  );
}
