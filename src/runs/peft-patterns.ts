/**
 * PEFT's `rank_pattern` and `alpha_pattern`: from patterns of module names to ranks and alphas. The first key counts
 * that fits the end of a module's name from a dot on (`get_pattern_key`: `re.match(rf"(.*\.)?({key})$", name)`).
 */
import { linearPattern } from '../deltas/pattern.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

type Table = Readonly<Record<string, number>>;

/** The table of a saved adapter. @throws StudioError('adapter-file') for what is none */
export function patternTable(value: unknown, field: string, where: string): Table {
  if (value === undefined || value === null) return {};
  const numbers = typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : [Number.NaN];
  if (numbers.every((number) => typeof number === 'number' && Number.isFinite(number) && number > 0))
    return value as Table;
  throw new StudioError(
    'adapter-file',
    say`${where} has a ${field} that is no table from modules to numbers; save the adapter again`,
    { where },
  );
}

/**
 * The value of a module.
 * @throws StudioError('adapter-file') for a key that RE2 does not read
 */
export function valueFor(table: Table, module: string, field: string, where: string): number | undefined {
  for (const [key, value] of Object.entries(table)) {
    try {
      if (linearPattern(expression(key))(module)) return value;
    } catch (cause) {
      throw new StudioError(
        'adapter-file',
        say`${where} has the pattern "${key}" in ${field}, which is not read here; name the modules there without lookaround or backreferences`,
        { where, cause },
      );
    }
  }
  return undefined;
}

const expression = (key: string): string => `^(?:.*\\.)?(?:${key})$`;
