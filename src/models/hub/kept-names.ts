/**
 * Names under which files are kept. A repository may have names that not every file system can tell apart or hold:
 * of another case or another composition of accents, `CON` and the like, `a?.json`, names that end in a dot.
 */

/** Names that Windows keeps for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** A path as every file system can hold it; itself where it is so already. */
function holdable(path: string): string {
  return path
    .split('/')
    .map((name) =>
      name
        .replace(DEVICE, '%$&')
        .replace(/[<>:"|?*]|[. ]$/g, (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`),
    )
    .join('/');
}

/** What file systems that know neither case nor composition make of a path. */
function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/**
 * A name for each path, no two of which are the same on any file system.
 * @param paths different ones
 */
export function keptNames(paths: readonly string[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  /** The next number for names that are one to some file system: a hub may list any number of them. */
  const next = new Map<string, number>();
  for (const path of paths) {
    const plain = holdable(path);
    const one = folded(plain);
    let name = plain;
    let again = next.get(one) ?? 2;
    for (; taken.has(folded(name)); again++) name = `${plain}%${again}`;
    next.set(one, again);
    taken.add(folded(name));
    names.set(path, name);
  }
  return names;
}
