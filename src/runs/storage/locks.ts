/** Who trains a stored comparison, or a cell of a study: one tab at a time, by a Web Lock that ends with the tab. */

const lockName = (comparison: string): string => `delta-studio.comparison.${comparison}`;

/** The part of `navigator.locks` that is needed. */
export type Locks = Pick<LockManager, 'request' | 'query'>;

/**
 * Takes the lock of a comparison if nobody has it.
 * @param from `ours`: it is taken from an engine of this page that is gone, should the browser not have noticed yet
 * @returns a function that gives it back, or null when another tab has it
 */
export function takeLock(
  locks: Locks | undefined,
  comparison: string,
  from?: 'ours',
): Promise<(() => void) | null> {
  return take(locks, lockName(comparison), from);
}

/** The same for a cell of a study. */
export function takeCell(locks: Locks | undefined, cell: string): Promise<(() => void) | null> {
  return take(locks, `delta-studio.study-cell.${cell}`);
}

function take(locks: Locks | undefined, name: string, from?: 'ours'): Promise<(() => void) | null> {
  // Without locks (an insecure page) nobody can be told apart, and nobody is kept out.
  if (locks === undefined) return Promise.resolve(() => {});
  return new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) {
        resolve(null);
        return undefined;
      }
      return new Promise((release) => resolve(() => release()));
    };
    const how = from === 'ours' ? { steal: true } : { ifAvailable: true };
    locks.request(name, how, held).catch(reject);
  });
}

/** Ids of the comparisons that some tab is training now. */
export async function lockedComparisons(locks: Locks | undefined): Promise<Set<string>> {
  const { held = [] } = (await locks?.query()) ?? {};
  const prefix = lockName('');
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}
