/** One request to a hub: its bytes as they come, ended when nothing comes any more. */
import { StudioError } from '../../errors.ts';
import { say, type SentenceValue } from '../../sentence.ts';
import type { HubPlace } from './place.ts';

/** Milliseconds without a byte after which a connection is given up. */
export const STALL_MS = 30_000;

export class Connection {
  readonly response: Response;
  readonly #timer: StallTimer;

  private constructor(response: Response, timer: StallTimer) {
    this.response = response;
    this.#timer = timer;
  }

  /** @throws StudioError('storage') when no answer comes, and whatever `fetch` throws */
  static async open(
    place: Pick<HubPlace, 'fetch' | 'signal' | 'stall'>,
    url: string,
    init: RequestInit = {},
  ): Promise<Connection> {
    const timer = new StallTimer(new URL(url).host, place.stall, place.signal);
    const response = await timer.during(place.fetch(url, { ...init, signal: timer.signal }));
    return new Connection(response, timer);
  }

  /** The body in the parts that arrive. Leaving the loop ends the connection. */
  async *parts(): AsyncGenerator<Uint8Array> {
    const reader = this.response.body?.getReader();
    if (reader === undefined) return;
    try {
      for (;;) {
        const { done, value } = await this.#timer.during(reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      // What is still to come of an endless body is not waited for.
      this.close();
      reader.cancel().catch(() => {});
    }
  }

  close(): void {
    this.#timer.abort();
  }
}

/** Ends a request when one wait for it takes too long. */
class StallTimer {
  readonly signal: AbortSignal;
  readonly #control = new AbortController();
  readonly #host: string;
  readonly #milliseconds: number;

  constructor(host: string, milliseconds: number, outer: AbortSignal | undefined) {
    this.#host = host;
    this.#milliseconds = milliseconds;
    this.signal = outer === undefined ? this.#control.signal : AbortSignal.any([outer, this.#control.signal]);
  }

  abort(): void {
    this.#control.abort();
  }

  async during<T>(promise: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stalled = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const seconds = String(Number((this.#milliseconds / 1000).toPrecision(3)));
        reject(
          new StudioError(
            'storage',
            say`${this.#host} sent nothing for ${seconds} s; check the connection and load the model again to go on from where it stopped.`,
            { where: 'model.source' },
          ),
        );
        this.abort();
      }, this.#milliseconds);
    });
    try {
      return await Promise.race([promise, stalled]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** True for an answer that is a web page by its header. */
export function isPageAnswer(response: Response): boolean {
  return /^\s*(text\/html|application\/xhtml)/i.test(response.headers.get('content-type') ?? '');
}

/** True for bytes that begin as a web page does. */
export function beginsAsPage(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, 512)).trimStart();
  return /^<(!doctype\s+html|html|head|body|script)\b/i.test(text);
}

/** The sentence for a web page in place of what was asked. */
export function pageInstead(what: SentenceValue, url: string): StudioError {
  const { host } = new URL(url);
  return new StudioError(
    'storage',
    say`${host} sent a web page in place of ${what} (perhaps of a sign-in or a proxy); open its address in a browser, then load the model again.`,
    { where: 'model.source' },
  );
}
