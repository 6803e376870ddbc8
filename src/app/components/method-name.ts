import type { RunHeader } from '../../protocol/messages.ts';
import { useText } from '../use-studio.tsx';

/** Names runs in the chosen language; a second run of a method keeps the number in its key. */
export function useMethodName(): (run: Pick<RunHeader, 'run' | 'method'>) => string {
  const names: Record<string, string> = useText().methodNames;
  return ({ run, method }) => {
    const name = names[method] ?? method;
    return run === method ? name : run.replace(method, name);
  };
}
