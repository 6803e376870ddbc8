/** Methods as the page calls them. */
import type { Dictionary } from './en.ts';

/**
 * `prompt-then-adapter+bitfit` as `Prompt → Adapter + BitFit`: methods that train together are joined by a plus, stages
 * by an arrow. A second one of a method keeps its number; what is no method's name stays as it is.
 */
export function methodLabel(name: string, names: Dictionary['methodNames']): string {
  const labels: Record<string, string> = names;
  const labelOf = (one: string): string => {
    const [, type = one, number = ''] = /^(.+?)(-\d+)$/.exec(one) ?? [];
    return Object.hasOwn(labels, one)
      ? labels[one]
      : Object.hasOwn(labels, type)
        ? labels[type] + number
        : one;
  };
  return name
    .split(/-then-| → /)
    .map((stage) => stage.split('+').map(labelOf).join(' + '))
    .join(' → ');
}
