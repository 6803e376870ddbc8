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

/** What wants the device while something trains. @throws StudioError('training') */
export function refuseMeanwhile(comparison: boolean, study: boolean): void {
  if (comparison)
    throw new StudioError('training', say`A comparison is running; wait for its end, then ask again.`);
  if (study) throw studyRuns();
}

/** What would train beside something that trains. @throws StudioError('training') */
export function refuseSecond(comparison: boolean, study: boolean): void {
  if (comparison)
    throw new StudioError('training', say`A comparison is running; stop it before starting another.`);
  if (study) throw studyRuns();
}

function studyRuns(): StudioError {
  return new StudioError('training', say`A study is running; stop it first, what has ended is kept.`);
}
