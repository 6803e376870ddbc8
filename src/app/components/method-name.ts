import type { RunHeader } from '../../protocol/messages.ts';
import { groupName, seedOf } from '../state/method-groups.ts';
import { useText } from '../use-studio.tsx';

/**
 * Names runs in the chosen language; a second run of a method keeps the number in its key, one of several seeds says which. Methods trained
 * together are joined by a plus, stages by an arrow.
 */
export function useMethodName(): (run: Pick<RunHeader, 'run' | 'method'>) => string {
  const text = useText();
  const names: Record<string, string> = text.methodNames;
  return ({ run, method }) => {
    const name = joinedName(method, names);
    const own = groupName(run);
    const shown = own === method ? name : own.replace(method, name);
    const seed = seedOf(run);
    return seed === null ? shown : text.verdict.withSeed(shown, seed);
  };
}

/** `prompt-then-adapter+bitfit` as `Prompt → Adapter + BitFit`. */
function joinedName(method: string, names: Record<string, string>): string {
  if (names[method] !== undefined) return names[method];
  const stages = method.split('-then-');
  const named = stages.map((stage) =>
    stage
      .split('+')
      .map((one) => names[one] ?? one)
      .join(' + '),
  );
  return named.join(' → ');
}
