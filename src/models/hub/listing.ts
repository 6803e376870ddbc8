/** What a repository holds at a revision, asked of the hub or, offline, of what was kept. */
import { StudioError } from '../../errors.ts';
import { say } from '../../sentence.ts';
import type { HubId } from './hub-id.ts';
import { explained } from './problems.ts';
import type { HubStore } from './store.ts';

export interface HubFile {
  path: string;
  size: number;
  /** SHA-256 of the content where the hub knows it (large files). */
  sha256?: string;
}

/** A repository at one commit: its files never change. */
export interface HubListing {
  commit: string;
  files: HubFile[];
}

export interface HubPlace {
  id: HubId;
  /** Without a slash at its end. */
  endpoint: string;
  fetch: typeof fetch;
  store: HubStore;
  signal?: AbortSignal;
}

/**
 * @returns the listing, and whether it is an earlier one because the hub could not be reached
 * @throws StudioError('model') for what is not there or not open, ('storage') when it cannot be reached
 */
export async function listRepository(place: HubPlace): Promise<{ listing: HubListing; offline: boolean }> {
  const { id, endpoint, store } = place;
  const kept = `${folderOf(id)}/refs/${id.revision.replaceAll('/', '%2F')}.json`;
  try {
    const listing = await ask(place);
    await store.remove(kept);
    await store.append(kept, new TextEncoder().encode(JSON.stringify(listing)));
    return { listing, offline: false };
  } catch (error) {
    const problem = explained(error, place, endpoint);
    const known = problem.code === 'storage' && !place.signal?.aborted ? await store.read(kept) : null;
    if (known === null || known.length === 0) throw problem;
    return { listing: JSON.parse(new TextDecoder().decode(known)) as HubListing, offline: true };
  }
}

/** Folder of a repository in the store. */
export function folderOf({ name }: HubId): string {
  return `hub/${name.replace('/', '--')}`;
}

async function ask({ id, endpoint, fetch, signal }: HubPlace): Promise<HubListing> {
  const { modelInfo, listFiles } = await import('@huggingface/hub');
  const abortable: typeof fetch = (input, init) => fetch(input, { ...init, ...(signal && { signal }) });
  const common = { hubUrl: endpoint, fetch: abortable };
  const { sha } = await modelInfo({
    ...common,
    name: id.name,
    revision: id.revision,
    additionalFields: ['sha'],
  });
  if (typeof sha !== 'string' || sha === '')
    throw new StudioError(
      'model',
      say`${endpoint} answered without the commit of ${id.name}; set an endpoint that speaks the hub's API.`,
      { where: 'model.source' },
    );
  const files: HubFile[] = [];
  const repo = { type: 'model' as const, name: id.name };
  for await (const entry of listFiles({ ...common, repo, revision: sha, recursive: true }))
    if (entry.type === 'file')
      files.push({
        path: entry.path,
        size: entry.lfs?.size ?? entry.size,
        ...(entry.lfs && { sha256: entry.lfs.oid }),
      });
  return { commit: sha, files };
}
