import type { RunHeader } from '../../protocol/messages.ts';
import { methodLabel } from '../i18n/method-label.ts';
import { groupName, seedOf } from '../state/method-groups.ts';
import { useText } from '../use-studio.tsx';

/**
 * Names runs in the chosen language; a second run of a method keeps the number in its key, one of several seeds says
 * which.
 */
export function useMethodName(): (run: Pick<RunHeader, 'run' | 'method'>) => string {
  const text = useText();
  return ({ run, method }) => {
    const name = methodLabel(method, text.methodNames);
    const own = groupName(run);
    const shown = own === method ? name : own.replace(method, name);
    const seed = seedOf(run);
    return seed === null ? shown : text.verdict.withSeed(shown, seed);
  };
}
