/** What the engine refuses in more than one place. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

/** Another tab has the comparison. */
export function inUse(): StudioError {
  return new StudioError(
    'storage',
    say`This comparison is being trained in another tab; go on there, or stop it there first.`,
    { where: 'history' },
  );
}

/** There is nothing to show, ask or export. */
export function nothingTrained(): StudioError {
  return new StudioError('training', say`Nothing has been trained yet; start a comparison first.`);
}
