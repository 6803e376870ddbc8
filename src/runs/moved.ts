/** Going on with a run elsewhere: allowed, and no longer the same to the last bit. */
import { say, type Sentence } from '../sentence.ts';
import type { RunEnvironment } from './record.ts';

/** What to say of a run that began in one environment and goes on in another; null where its numbers are the same. */
export function movedNote(before: RunEnvironment, now: RunEnvironment): Sentence | null {
  if (identity(before) === identity(now)) return null;
  return say`This began on ${place(before)} and goes on on ${place(now)}, whose numbers differ in their last digits.`;
}

const onProcessor = ({ adapter }: RunEnvironment): boolean => adapter.architecture.startsWith('wasm');

/** What decides about the bits: of a processor its kernels, not the number of threads. */
function identity(environment: RunEnvironment): string {
  const { vendor, architecture, description } = environment.adapter;
  return JSON.stringify([
    vendor,
    architecture,
    onProcessor(environment) ? '' : description,
    environment.studio,
  ]);
}

function place(environment: RunEnvironment): Sentence {
  const { adapter, studio } = environment;
  return onProcessor(environment)
    ? say`a processor (${adapter.architecture}, Delta Studio ${studio})`
    : say`${adapter.description || adapter.vendor} (Delta Studio ${studio})`;
}
