/** One file of a repository: taken from the store, and what is missing of it from the hub. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import { folderOf, type HubFile, type HubPlace } from './listing.ts';
import { explained, refused } from './problems.ts';

/** Bytes gathered before they are written. */
const PORTION = 4 * 1024 * 1024;
/** Connections that break off in a row before a download is given up. */
const ATTEMPTS = 4;

export interface HubProgress {
  file: string;
  loaded: number;
  total: number;
}

/**
 * The bytes of a file. What an earlier download has left is gone on from, with a Range request.
 * @throws StudioError('storage') when the connection breaks off again and again; what has arrived stays
 */
export async function fetchFile(
  place: HubPlace,
  commit: string,
  file: HubFile,
  progress: (progress: HubProgress) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const { id, endpoint, store } = place;
  const kept = `${folderOf(id)}/${commit}/${file.path}`;
  const url = `${endpoint}/${id.name}/resolve/${commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  let have = await store.size(kept);
  if (have > file.size) {
    await store.remove(kept);
    have = 0;
  }
  const fresh = have < file.size;
  for (let attempt = 1; have < file.size; attempt++) {
    const before = have;
    try {
      have = await receive(place, url, kept, file, have, progress);
    } catch (error) {
      have = await store.size(kept);
      // Only a connection that gave nothing counts as a failure in a row.
      if (have > before) attempt = 1;
      if (error instanceof StudioError || place.signal?.aborted || attempt >= ATTEMPTS)
        throw interrupted(error, place, url, file, have);
    }
    if (have === before && attempt >= ATTEMPTS) throw interrupted(null, place, url, file, have);
  }
  const bytes = await store.read(kept);
  if (fresh && file.sha256 !== undefined && (await sha256(bytes)) !== file.sha256) {
    await store.remove(kept);
    throw new StudioError(
      'storage',
      say`${file.path} of ${id.name} arrived damaged (its SHA-256 is another); load the model again.`,
      { where: 'model.source' },
    );
  }
  return bytes;
}

/** Adds what one connection gives. @returns bytes there are now */
async function receive(
  { fetch, store, id, signal }: HubPlace,
  url: string,
  kept: string,
  file: HubFile,
  from: number,
  progress: (progress: HubProgress) => void,
): Promise<number> {
  const response = await fetch(url, {
    headers: from > 0 ? { Range: `bytes=${from}-` } : {},
    ...(signal && { signal }),
  });
  if (!response.ok) throw refused(response.status, id, url);
  let have = from;
  if (from > 0 && response.status !== 206) {
    // A server that knows no ranges begins again.
    await store.remove(kept);
    have = 0;
  }
  const reader = response.body!.getReader();
  let portion: Uint8Array[] = [];
  let size = 0;
  const write = async (): Promise<void> => {
    if (size === 0) return;
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const part of portion) {
      bytes.set(part, at);
      at += part.length;
    }
    await store.append(kept, bytes);
    have += size;
    portion = [];
    size = 0;
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      portion.push(value);
      size += value.length;
      if (size >= PORTION) await write();
      progress({ file: file.path, loaded: have + size, total: file.size });
    }
  } finally {
    await write();
  }
  return have;
}

function interrupted(error: unknown, place: HubPlace, url: string, file: HubFile, have: number): StudioError {
  if (error instanceof StudioError) return error;
  if (place.signal?.aborted || have === 0) return explained(error ?? new Error('empty'), place, url);
  const megabytes = (bytes: number): string => String(Number((bytes / 1e6).toPrecision(3)));
  return new StudioError(
    'storage',
    say`The download of ${file.path} broke off at ${megabytes(have)} of ${megabytes(file.size)} MB; load the model again to go on from there.`,
    { where: 'model.source', cause: error },
  );
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
