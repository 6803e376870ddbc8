/**
 * The page's hold on its engine: a worker that can die without a word, or hang. A Web Lock that the engine holds
 * tells of its death at once; questions every second tell of silence. What is known to take long is announced
 * before it begins and has a longer limit.
 */
import type { Busy } from '../../protocol/life.ts';
import type { Reply, Request } from '../../protocol/messages.ts';
import type { Port } from './engine-client.ts';

/** A worker, or what stands for it in tests. */
export interface EnginePort {
  postMessage(message: Request): void;
  terminate(): void;
  onmessage: ((event: { data: Reply }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
}

export type EngineState =
  | { kind: 'well' }
  /** At something that takes long, for so many seconds in which it answered nothing. */
  | { kind: 'busy'; what: Busy; seconds: number }
  /** Without a word for longer than that may take; it may yet come back. */
  | { kind: 'silent'; what: Busy | null }
  | { kind: 'dead' };

/** Is it of no use until it is started again? */
export const isGone = ({ kind }: EngineState): boolean => kind === 'silent' || kind === 'dead';

/** Seconds between questions. */
const INTERVAL = 1;
/** Seconds of silence that are too many where nothing long was announced. */
const LIMIT = 5;
/** The same during work that is announced: several times what the slowest took that was measured. */
const LIMITS: Readonly<Record<Busy, number>> = {
  device: 60,
  model: 90,
  data: 60,
  plan: 45,
  store: 45,
  answer: 45,
  export: 120,
};
/** Seconds of announced work after which it is shown. */
const SHOWN = 2;

/** Longest wait for the end of an engine that was told to end, in milliseconds. */
const PATIENCE = 3000;

export interface EngineLifeOptions {
  connect: () => EnginePort;
  locks: Pick<LockManager, 'request'> | undefined;
  changed: (state: EngineState) => void;
}

export class EngineLife implements Port {
  onmessage: Port['onmessage'] = null;
  onerror: Port['onerror'] = null;
  readonly #options: EngineLifeOptions;
  #port: EnginePort;
  /** Resolves when the engine that has the lock is gone. */
  #ended: Promise<void> = Promise.resolve();
  /** Its name. */
  #lock = '';
  #what: Busy | null = null;
  /**
   * Ticks since the last word. Counted and not measured: where the page itself was held up (asleep, in the
   * background, a breakpoint), that is not the engine's silence.
   */
  #quiet = 0;
  /** Ticks since announced work began to keep the engine from answering, whatever it says of how that goes on. */
  #worked = 0;
  #state: EngineState = { kind: 'well' };

  constructor(options: EngineLifeOptions) {
    this.#options = options;
    this.#port = this.#connect();
    setInterval(() => this.#tick(), 1000 * INTERVAL);
  }

  postMessage(message: Request): void {
    this.#port.postMessage(message);
  }

  /**
   * Ends the engine, if it still is there, and makes another, which knows nothing.
   * @returns the lock of the old one, when that is gone or should be: one that hangs takes its time
   */
  async restart(): Promise<string> {
    this.#port.onmessage = null;
    this.#port.onerror = null;
    this.#port.terminate();
    const ended = this.#ended;
    const gone = this.#lock;
    this.#port = this.#connect();
    this.#what = null;
    this.#quiet = 0;
    this.#worked = 0;
    this.#become({ kind: 'well' });
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    return gone;
  }

  #connect(): EnginePort {
    const port = this.#options.connect();
    const lock = `delta-studio.engine.${crypto.randomUUID()}`;
    this.#lock = lock;
    port.onmessage = ({ data }) => {
      this.#quiet = 0;
      const same = data.type === 'busy' && data.what !== null && data.what === this.#what;
      if (!same) this.#worked = 0;
      if (data.type === 'busy') this.#what = data.what;
      else if (data.type !== 'alive') this.onmessage?.({ data });
      else if (data.holds) this.#awaitEnd(port, lock);
      if (this.#state.kind === 'silent' || (this.#state.kind === 'busy' && !same))
        this.#become({ kind: 'well' });
    };
    port.onerror = (event) => this.onerror?.(event);
    this.#ended = Promise.resolve();
    port.postMessage({ type: 'hello', lock });
    return port;
  }

  /** The lock is free only when the engine that holds it has ended. */
  #awaitEnd(port: EnginePort, lock: string): void {
    const { locks } = this.#options;
    this.#ended = new Promise((resolve) => {
      void locks?.request(lock, () => {
        resolve();
        if (port === this.#port) this.#become({ kind: 'dead' });
      });
    });
  }

  #tick(): void {
    if (this.#state.kind === 'dead') return;
    this.#port.postMessage({ type: 'ping' });
    const seconds = INTERVAL * this.#quiet++;
    const worked = INTERVAL * this.#worked++;
    const what = this.#what;
    if (seconds > (what === null ? LIMIT : LIMITS[what])) {
      if (this.#state.kind !== 'silent') this.#become({ kind: 'silent', what });
    } else if (what !== null && worked >= SHOWN) this.#become({ kind: 'busy', what, seconds: worked });
  }

  #become(state: EngineState): void {
    if (this.#state.kind === state.kind && state.kind !== 'busy') return;
    this.#state = state;
    this.#options.changed(state);
  }
}
