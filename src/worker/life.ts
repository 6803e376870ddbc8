/** The engine's side of its signs of life. */
import type { Busy, LifeReply, LifeRequest } from '../protocol/life.ts';

/**
 * Answers a message about life. The lock is held until the worker ends, however it ends: the browser gives
 * it back then, and the page, which waits for it, knows.
 */
export function answerLife(
  request: LifeRequest,
  locks: Pick<LockManager, 'request'> | undefined,
  post: (reply: LifeReply) => void,
): void {
  if (request.type === 'ping' || locks === undefined) {
    post({ type: 'alive', holds: false });
    return;
  }
  locks
    .request(request.lock, () => {
      post({ type: 'alive', holds: true });
      return new Promise<never>(() => {});
    })
    .catch(() => post({ type: 'alive', holds: false }));
}

/** Milliseconds from one word that work goes on to the next. */
const BETWEEN_WORDS = 500;

/** Tells the page what the engine is at; what is begun inside something else ends with it. */
export class BusyTeller {
  readonly #post: (reply: LifeReply) => void;
  readonly #open: Busy[] = [];
  #said = -Infinity;

  constructor(post: (reply: LifeReply) => void) {
    this.#post = post;
  }

  /** Does work that may take long. */
  async during<Value>(what: Busy, work: () => Promise<Value> | Value): Promise<Value> {
    this.#open.push(what);
    this.#post({ type: 'busy', what });
    try {
      return await work();
    } finally {
      this.#open.splice(this.#open.lastIndexOf(what), 1);
      this.#post({ type: 'busy', what: this.#open.at(-1) ?? null });
    }
  }

  /** The next part of what is being done begins; said twice a second at most. */
  goesOn(): void {
    const what = this.#open.at(-1);
    if (what === undefined || performance.now() - this.#said < BETWEEN_WORDS) return;
    this.#said = performance.now();
    this.#post({ type: 'busy', what });
  }
}
