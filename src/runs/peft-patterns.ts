/**
 * PEFT's `rank_pattern` and `alpha_pattern`: from patterns of module names to ranks and alphas. The first key counts
 * that fits the end of a module's name from a dot on (`get_pattern_key`: `re.match(rf"(.*\.)?({key})$", name)`).
 */
import { linearPattern } from '../deltas/pattern.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

/** Keys of a table: a large model has a few hundred modules. */
const MOST_KEYS = 2000;

type Table = Readonly<Record<string, number>>;

/** Kinds of adapters whose modules may have ranks and alphas of their own (AdaLoRA's `rank_pattern` is another thing). */
export const hasPatterns = (type: string): boolean => ['LORA', 'LOHA', 'LOKR'].includes(type);

/** The table of a saved adapter. @throws StudioError('adapter-file') for what is none */
export function patternTable(value: unknown, field: string, where: string): Table {
  if (value === undefined || value === null) return {};
  const numbers = typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : [Number.NaN];
  if (numbers.every((number) => typeof number === 'number' && Number.isFinite(number) && number > 0))
    return value as Table;
  throw new StudioError(
    'adapter-file',
    say`${where} has a ${field} that is no table from modules to numbers above 0; save the adapter again`,
    { where },
  );
}

/**
 * The value of each module, as a function.
 * @throws StudioError('adapter-file') for a key that RE2 does not read
 */
export function valuesIn(table: Table, field: string, where: string): (module: string) => number | undefined {
  const keys = Object.keys(table);
  if (keys.length > MOST_KEYS)
    throw new StudioError(
      'adapter-file',
      say`${where} has ${keys.length} patterns in ${field}, and at most ${MOST_KEYS} are read; name the modules there that differ from the rest`,
      { where },
    );
  const compiled = keys.map((key) => {
    try {
      return linearPattern(expression(key));
    } catch (cause) {
      throw new StudioError(
        'adapter-file',
        say`${where} has the pattern "${key}" in ${field}, which is not read here; name the modules there without lookaround or backreferences`,
        { where, cause },
      );
    }
  });
  return (module) => {
    const first = compiled.findIndex((matches) => matches(module));
    return first < 0 ? undefined : table[keys[first]];
  };
}

const expression = (key: string): string => `^(?:.*\\.)?(?:${key})$`;
