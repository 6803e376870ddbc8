/**
 * One look a run in every chart: a colour, and dashes that tell lines apart where colour does not. A method keeps
 * its colour from comparison to comparison; a second run of the same method gets another.
 */

/** Colours of the page's tokens, `--run-0` and so on. */
export const RUN_COLORS = 14;

export interface RunStyle {
  /** Index of the colour. */
  slot: number;
  /** CSS colour. */
  color: string;
  /** Lengths of dashes and gaps in pixels; empty for a solid line. */
  dash: readonly number[];
}

const DASHES: readonly (readonly number[])[] = [[], [8, 3], [4, 3], [2, 2], [10, 3, 2, 3], [6, 2, 1, 2]];

/** Methods in the order of their colours; others find theirs by their names. */
const OWN_SLOTS = [
  'full',
  'lora',
  'prompt',
  'head',
  'prefix',
  'adapter',
  'bitfit',
  'ia3',
  'layernorm',
  'lastLayer',
  'selective',
  'vera',
  'loha',
  'lokr',
  'compacter',
  'adalora',
  'sparse',
  'mask',
  'diffPruning',
  'said',
  'mam',
  'unipelt',
  'multitaskPrompt',
  'ipt',
  'fusion',
];

/** The styles of runs shown together, by key. Each colour is used once as long as there are enough. */
export function runStyles(keys: readonly string[]): Map<string, RunStyle> {
  const taken = new Set<number>();
  const styles = new Map<string, RunStyle>();
  // A method's own colour is its own, whichever run of it is listed first.
  const own = keys.filter((key) => OWN_SLOTS.includes(key));
  for (const key of [...own, ...keys.filter((key) => !own.includes(key))]) {
    if (styles.has(key)) continue;
    let slot = preferred(key);
    if (taken.size < RUN_COLORS) while (taken.has(slot)) slot = (slot + 1) % RUN_COLORS;
    taken.add(slot);
    const dash = DASHES[(slot + Math.floor(styles.size / RUN_COLORS)) % DASHES.length];
    styles.set(key, { slot, color: `var(--run-${slot})`, dash });
  }
  return styles;
}

function preferred(key: string): number {
  const own = OWN_SLOTS.indexOf(key);
  // There are more methods than colours: those further down share one, and go on to the next where it is taken.
  if (own >= 0) return own % RUN_COLORS;
  let hash = 0;
  for (const letter of key) hash = (hash * 31 + letter.codePointAt(0)!) % 1_000_003;
  return hash % RUN_COLORS;
}
