/** A model's files from a hub, in the worker: kept in the private file system, with progress and a way out. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import type { ModelFiles } from '../models/files.ts';
import { parseHubId } from '../models/hub/hub-id.ts';
import { hubFiles } from '../models/hub/hub-files.ts';
import { PrivateHubStore } from '../models/hub/private-store.ts';
import { MemoryHubStore, type HubStore } from '../models/hub/store.ts';
import type { ModelSource } from '../protocol/messages.ts';
import type { HubReply } from '../protocol/hub.ts';

/** Progress is told at most this often, in milliseconds. */
const TELL_INTERVAL = 100;

export class HubDownloads {
  readonly #post: (reply: HubReply) => void;
  #store: HubStore | null = null;
  #control: AbortController | null = null;
  #told = 0;

  constructor(post: (reply: HubReply) => void) {
    this.#post = post;
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
    this.#store ??= (await PrivateHubStore.open()) ?? new MemoryHubStore();
    this.#control = new AbortController();
    const files = await hubFiles(id, {
      endpoint: source.endpoint,
      store: this.#store,
      signal: this.#control.signal,
      progress: ({ file, loaded, total }) => {
        const now = Date.now();
        if (now - this.#told < TELL_INTERVAL && loaded < total) return;
        this.#told = now;
        this.#post({ type: 'download', file, loaded, total });
      },
    });
    return { files, name: source.id.trim() };
  }
}
