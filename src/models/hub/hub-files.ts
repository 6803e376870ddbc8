/** A model on a hub as files: listed at once, each downloaded when it is asked for, and kept by commit. */
import { StudioError } from '../../errors.ts';
import { say, type Sentence } from '../../sentence.ts';
import type { FileParts } from '../file-parts.ts';
import { checkWholeSize, type ModelFiles } from '../files.ts';
import { STALL_MS } from './connection.ts';
import { fetchFile, type HubProgress } from './download.ts';
import { HUB_ENDPOINT, type HubId } from './hub-id.ts';
import { listRepository } from './listing.ts';
import { BACKOFF_MS } from './patience.ts';
import type { HubListing, HubPlace } from './place.ts';
import type { HubStore } from './store.ts';

export interface HubOptions {
  /** Address of the hub or of a mirror of it; huggingface.co if left out. */
  endpoint?: string;
  store: HubStore;
  fetch?: typeof fetch;
  progress?: (progress: HubProgress) => void;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which a connection is given up; 30 s if left out. */
  stall?: number;
  /** Milliseconds before a busy hub that names no time is asked again for the first time; 1 s if left out. */
  backoff?: number;
  /** Is told when a busy hub is waited for. */
  waiting?: (notice: Sentence) => void;
}

export interface HubFiles extends ModelFiles {
  open(name: string): Promise<FileParts | undefined>;
  commit: string;
  /** The hub could not be reached, and the listing is the one kept from before. */
  offline: boolean;
}

/** What a model is looked for under. */
const LOOKED_FOR = say`model.onnx, onnx/model.onnx, or encoder_model.onnx with decoder_model.onnx`;

/** @throws StudioError as `listRepository`; ('model') for a repository without ONNX files; ('spec') for an endpoint that is no address */
export async function hubFiles(id: HubId, options: HubOptions): Promise<HubFiles> {
  const { store, progress = () => {} } = options;
  const place = placeOf(id, options);
  const { listing, offline } = await listRepository(place);
  refuseWithoutOnnx(id, listing);
  const files = new Map(listing.files.map((file) => [file.path, file]));
  return {
    commit: listing.commit,
    offline,
    list: () => Promise.resolve([...files.keys()]),
    async read(name) {
      const file = files.get(name);
      if (file) checkWholeSize(name, file.size);
      return file && store.read(await fetchFile(place, listing.commit, file, progress));
    },
    async open(name) {
      const file = files.get(name);
      if (!file) return undefined;
      return store.open(await fetchFile(place, listing.commit, file, progress));
    },
  };
}

/** Where a repository is asked for and kept. @throws StudioError('spec') for an endpoint that is no address */
export function placeOf(id: HubId, options: HubOptions): HubPlace {
  const { store, signal } = options;
  return {
    id,
    endpoint: endpointOf(options.endpoint),
    fetch: options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init)),
    store,
    stall: options.stall ?? STALL_MS,
    backoff: options.backoff ?? BACKOFF_MS,
    waiting: options.waiting ?? (() => {}),
    ...(signal && { signal }),
  };
}

function endpointOf(text: string | undefined): string {
  const endpoint = (text ?? '').trim() === '' ? HUB_ENDPOINT : text!.trim();
  if (!/^https?:\/\/[^/\s]+/.test(endpoint) || !URL.canParse(endpoint))
    throw new StudioError(
      'spec',
      say`The endpoint "${endpoint}" is no web address; write one such as ${HUB_ENDPOINT}.`,
    );
  return endpoint.replace(/\/+$/, '');
}

function refuseWithoutOnnx(id: HubId, listing: HubListing): void {
  if (listing.files.some(({ path }) => path.endsWith('.onnx'))) return;
  const names = listing.files.map(({ path }) => path);
  const some = `${names.slice(0, 6).join(', ')}${names.length > 6 ? ', …' : ''}`;
  const has = names.length === 0 ? say`is empty` : say`holds ${some}`;
  throw new StudioError(
    'model',
    say`${id.name} has no ONNX file (looked for ${LOOKED_FOR}); it ${has}: choose a repository with an ONNX export.`,
    { where: 'model.source' },
  );
}
