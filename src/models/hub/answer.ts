/** What a hub may answer: schemas of its JSON, and which commits and paths a file name may be made of. */
import { parseJson } from '../../json.ts';
import { z } from 'zod';
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { FileHash, HubFile } from './place.ts';

/** A commit in hexadecimal digits: git's 40 (SHA-1) or 64 (SHA-256), or fewer where a mirror shortens them. */
const COMMIT = /^[0-9a-f]{1,64}$/;
/** Id of a large file: the SHA-256 of its content, always (git-lfs/docs/spec.md). Other files' ids may be a mirror's own. */
const LFS_ID = /^(sha256:)?[0-9a-f]{64}$/;
/** Longest path, and longest name in it, in UTF-16 units: more than any repository of models has. */
const LONGEST = { path: 512, name: 200 };
/** Deepest folder. */
const DEEPEST = 16;
/** One file, in bytes: 4 TiB. */
const LARGEST = 2 ** 42;
/** Ends the name of a file that is still arriving; a repository's own files of such a name are left out. */
export const PARTIAL = '.partial';

/** True for a path that stays in its folder on every file system: relative, of plain names only. */
export function isSafePath(path: string): boolean {
  const names = path.split('/');
  return (
    path.length <= LONGEST.path &&
    names.length <= DEEPEST &&
    // Control characters, halves of surrogate pairs, and the separator of Windows.
    !/[\p{Cc}\p{Cs}\\]/u.test(path) &&
    names.every(
      (name) =>
        name !== '' &&
        name !== '.' &&
        name !== '..' &&
        name.length <= LONGEST.name &&
        !/^[A-Za-z]:/.test(name) &&
        // Windows drops blanks and dots at the end of a name, so that `.. ` would be `..`.
        !/^\.*[. ]+$/.test(name),
    )
  );
}

const commit = z.string().regex(COMMIT);
const size = z.int().min(0).max(LARGEST);
const safePath = z.string().refine(isSafePath);

const modelInfo = z.object({ sha: commit });
const treeEntry = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('file'),
    path: safePath,
    size,
    oid: z.string().optional(),
    lfs: z.object({ oid: z.string().regex(LFS_ID).nullish(), size: size.nullish() }).nullish(),
  }),
  // Folders, and what is no file of content: submodules, links.
  z.object({ type: z.enum(['directory', 'unknown', 'commit', 'symlink', 'submodule']) }),
]);
const tree = z.array(treeEntry);

const keptListing = z.object({
  commit,
  files: z.array(
    z.object({
      path: safePath,
      size,
      sha256: z.string().optional(),
      hash: z
        .object({
          kind: z.enum(['sha256', 'git-sha1', 'git-sha256']),
          digits: z.string().regex(/^[0-9a-f]+$/),
        })
        .optional(),
    }),
  ),
});

interface Asked {
  /** Host of the hub. */
  host: string;
  /** `owner/name` */
  name: string;
}

/** The commit in the answer about a model. @throws StudioError('model') for anything else */
export function readModelInfo(json: unknown, asked: Asked): string {
  const read = modelInfo.safeParse(json);
  if (read.success) return read.data.sha;
  const sha = typeof json === 'object' && json !== null ? (json as { sha?: unknown }).sha : undefined;
  const { host, name } = asked;
  throw new StudioError(
    'model',
    sha === undefined
      ? say`${host} answered without the commit of ${name}; set an endpoint that speaks the hub's API.`
      : say`${host} answered ${shown(sha)} as the commit of ${name}, which is no git commit; use another endpoint.`,
    { where: 'model.source' },
  );
}

/** The files in an answer of a folder's listing. @throws StudioError('model') for a path that leaves the folder, or another shape */
export function readTree(json: unknown, { host, name }: Asked): HubFile[] {
  const read = tree.safeParse(json);
  if (!read.success) {
    const [{ path }] = read.error.issues;
    const where = { where: 'model.source' };
    const entry = Array.isArray(json) && typeof path[0] === 'number' ? (json[path[0]] as unknown) : undefined;
    if (path[1] === 'path')
      throw new StudioError(
        'model',
        say`${host} lists ${shown((entry as { path: unknown }).path)} as a file of ${name}, which is no path inside its folder; use another endpoint.`,
        where,
      );
    throw new StudioError(
      'model',
      say`${host} listed the files of ${name} in another form than the hub's (at ${path.join('.') || '/'}); set an endpoint that speaks the hub's API.`,
      where,
    );
  }
  return read.data.flatMap((entry) => {
    if (entry.type !== 'file' || isPartial(entry.path)) return [];
    const { path, oid, lfs } = entry;
    // The id of a large file is that of the pointer to it.
    const hash = lfs ? sha256Of(lfs.oid ?? '') : blobOf(oid);
    return { path, size: lfs?.size ?? entry.size, ...(hash && { hash }) };
  });
}

/**
 * Files that are listed twice, once. @throws StudioError('model') where the two are not the same, or where a file is
 * the folder of another
 */
export function withoutRepeats(files: readonly HubFile[], { host, name }: Asked): HubFile[] {
  const known = new Map<string, HubFile>();
  for (const file of files) {
    const { path, size: bytes, hash } = file;
    const before = known.get(path);
    if (before !== undefined && (before.size !== bytes || before.hash?.digits !== hash?.digits))
      throw new StudioError(
        'model',
        say`${host} lists ${shown(path)} of ${name} twice, and not as the same file; use another endpoint.`,
        { where: 'model.source' },
      );
    known.set(path, file);
  }
  for (const path of known.keys())
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      if (known.has(path.slice(0, at)))
        throw new StudioError(
          'model',
          say`${host} lists ${shown(path.slice(0, at))} of ${name} as a file and as a folder; use another endpoint.`,
          { where: 'model.source' },
        );
  return [...known.values()];
}

/** A listing kept before; null where it cannot be used, whoever wrote it. */
export function readKeptListing(text: string): { commit: string; files: HubFile[] } | null {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    return null;
  }
  const read = keptListing.safeParse(json);
  if (!read.success) return null;
  const files = read.data.files.filter(({ path }) => !isPartial(path));
  return {
    commit: read.data.commit,
    // Listings of earlier versions have the hash of large files alone.
    files: files.map(({ path, size: bytes, hash, sha256 }) => {
      const known = hash ?? sha256Of(sha256 ?? '');
      return { path, size: bytes, ...(known && { hash: known }) };
    }),
  };
}

function isPartial(path: string): boolean {
  return path.split('/').some((name) => name.toLowerCase().endsWith(PARTIAL));
}

function sha256Of(oid: string): FileHash | undefined {
  const digits = oid.replace(/^sha256:/, '');
  return /^[0-9a-f]{64}$/.test(digits) ? { kind: 'sha256', digits } : undefined;
}

/** Git's id of a file's content. */
function blobOf(oid = ''): FileHash | undefined {
  if (/^[0-9a-f]{40}$/.test(oid)) return { kind: 'git-sha1', digits: oid };
  return /^[0-9a-f]{64}$/.test(oid) ? { kind: 'git-sha256', digits: oid } : undefined;
}

/** A value of an answer, short and without control characters. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
