/** The width of adapters that are said as a reduction of the model's. */
import { StudioError } from '../errors.ts';
import { field, say } from '../sentence.ts';
import type { DeltaModel } from './delta.ts';

/**
 * ⌊hidden / reduction⌋
 * @throws StudioError('spec') where nothing is left
 */
export function reducedWidth({ roles: { hidden } }: DeltaModel, reduction: number): number {
  if (reduction <= hidden) return Math.floor(hidden / reduction);
  throw new StudioError(
    'spec',
    say`${field('method.reduction')}: got ${reduction}, and the model is ${hidden} wide, which leaves the adapters no width; choose at most ${hidden}.`,
    { where: 'method.reduction' },
  );
}
