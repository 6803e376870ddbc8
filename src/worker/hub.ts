/** A model's files and data sets from a hub, in the worker: kept in the private file system, with progress and a way out. */
import { StudioError } from '../errors.ts';
import { say, type Sentence } from '../sentence.ts';
import type { ModelFiles } from '../models/files.ts';
import { HUB_ENDPOINT, parseHubId } from '../models/hub/hub-id.ts';
import type { HubProgress } from '../models/hub/download.ts';
import {
  hubDataCommit,
  openHubData,
  parseHubData,
  type HubData,
  type HubDataOptions,
} from '../models/hub/hub-data.ts';
import type { ReadOptions } from '../data/table/read-table.ts';
import type { HubSource } from '../protocol/sources.ts';
import { hubFiles, type HubOptions } from '../models/hub/hub-files.ts';
import type { Table } from '../data/table/table.ts';
import { PrivateHubStore } from '../models/hub/private-store.ts';
import { MemoryHubStore, type HubStore } from '../models/hub/store.ts';
import type { ModelSource } from '../protocol/messages.ts';
import type { HubReply } from '../protocol/hub.ts';
import type { PolicyWatch } from './policy.ts';

/** Progress is told at most this often, in milliseconds. */
const TELL_INTERVAL = 100;

export class HubDownloads {
  readonly #post: (reply: HubReply) => void;
  readonly #policy: PolicyWatch | undefined;
  #store: HubStore | null = null;
  #control: AbortController | null = null;
  #told = 0;

  /** @param policy knows what a content security policy stops, where there is one */
  constructor(post: (reply: HubReply) => void, policy?: PolicyWatch) {
    this.#post = post;
    this.#policy = policy;
  }

  /** Gives up what is being downloaded. */
  cancel(): void {
    this.#control?.abort();
  }

  /** @throws StudioError naming what is wrong with the id, the repository or the connection */
  async open(source: Extract<ModelSource, { kind: 'hub' }>): Promise<{ files: ModelFiles; name: string }> {
    const id = parseHubId(source.id);
    if (id === null)
      throw new StudioError(
        'model',
        say`"${source.id}" is no hub id; write owner/name, with @revision if another than main is meant.`,
        { where: 'model.source' },
      );
    const { options, explaining } = await this.#asking(source.endpoint);
    const files = await explaining(() => hubFiles(id, options));
    return {
      files: {
        ...files,
        read: (name) => explaining(() => files.read(name)),
        open: (name) => explaining(() => files.open(name)),
      },
      name: source.id.trim(),
    };
  }

  /** A table of a data set. @throws StudioError as `openHubData` */
  async table(
    data: HubData,
    { endpoint, ...asked }: Pick<HubDataOptions, 'part' | 'reading'> & { endpoint: string },
  ): Promise<Table> {
    const { options, explaining } = await this.#asking(endpoint);
    return explaining(() => openHubData(data, { ...options, ...asked }));
  }

  /** The training rows of a data set that was chosen by its reference. @throws StudioError as `openHubData` */
  training({ reference, endpoint }: HubSource, reading: ReadOptions): Promise<Table> {
    return this.table(parseHubData(reference)!, { part: 'train', reading, endpoint });
  }

  /** What a data set's content is known by. @throws StudioError as `hubDataCommit` */
  async commit(data: HubData, endpoint: string): Promise<string> {
    const { options, explaining } = await this.#asking(endpoint);
    return explaining(() => hubDataCommit(data, options));
  }

  /** How a hub is asked. @param given its address; empty for the usual one */
  async #asking(given: string): Promise<{
    options: HubOptions;
    explaining: <T>(act: () => Promise<T>) => Promise<T>;
  }> {
    this.#store ??= (await PrivateHubStore.open()) ?? new MemoryHubStore();
    this.#control = new AbortController();
    const endpoint = given.trim() === '' ? HUB_ENDPOINT : given.trim();
    return {
      explaining: (act) => this.#policy?.explaining(endpoint, act, () => stoppedByPolicy(endpoint)) ?? act(),
      options: {
        endpoint,
        store: this.#store,
        signal: this.#control.signal,
        progress: ({ file, loaded, total }: HubProgress) => {
          const now = Date.now();
          if (now - this.#told < TELL_INTERVAL && loaded < total) return;
          this.#told = now;
          this.#post({ type: 'download', file, loaded, total });
        },
        waiting: (waiting: Sentence) =>
          this.#post({ type: 'download', file: '', loaded: 0, total: 1, waiting }),
      },
    };
  }
}

/** The policy names hosts; a hub may send downloads on to others. */
function stoppedByPolicy(endpoint: string): StudioError {
  const { host, origin } = new URL(endpoint);
  return new StudioError(
    'storage',
    say`The page's security policy lets it connect neither to ${host} nor to where that sends downloads on; start the studio with \`npm start -- --hub ${origin}\`, or download the model and choose its folder.`,
    { where: 'model.source' },
  );
}
