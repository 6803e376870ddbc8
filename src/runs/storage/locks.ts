/** Who trains a stored comparison, or a cell of a study: one tab at a time, by a Web Lock that ends with the tab. */

const lockName = (comparison: string): string => `delta-studio.comparison.${comparison}`;

/** The part of `navigator.locks` that is needed. */
export type Locks = Pick<LockManager, 'request' | 'query'>;

/**
 * Takes the lock of a comparison if nobody has it.
 * @param gone a lock of an engine of this page that was ended: what that still has, because the browser has not noticed
 *   its end yet, is taken from it; what another tab has taken over meanwhile is not
 * @returns a function that gives it back, or null when another tab has it
 */
export async function takeLock(
  locks: Locks | undefined,
  comparison: string,
  gone?: string,
): Promise<(() => void) | null> {
  const name = lockName(comparison);
  return take(locks, name, gone !== undefined && (await ofOneHolder(locks, name, gone)));
}

/** Are two locks held by one worker? */
async function ofOneHolder(locks: Locks | undefined, first: string, second: string): Promise<boolean> {
  const { held = [] } = (await locks?.query()) ?? {};
  const [a, b] = [first, second].map((name) => held.find((lock) => lock.name === name)?.clientId);
  return a !== undefined && a === b;
}

/** The same for a cell of a study. */
export function takeCell(locks: Locks | undefined, cell: string): Promise<(() => void) | null> {
  return take(locks, `delta-studio.study-cell.${cell}`);
}

function take(locks: Locks | undefined, name: string, steal = false): Promise<(() => void) | null> {
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
    const how = steal ? { steal } : { ifAvailable: true };
    locks.request(name, how, held).catch(reject);
  });
}

/** Ids of the comparisons that some tab is training now. */
export async function lockedComparisons(locks: Locks | undefined): Promise<Set<string>> {
  const { held = [] } = (await locks?.query()) ?? {};
  const prefix = lockName('');
  return new Set(held.flatMap(({ name }) => (name?.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}
