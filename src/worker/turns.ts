/**
 * Requests are answered in turn, so that of several the last one asked is the one that stays. What the page no longer
 * waits for is given up: before its turn comes, or in the middle of it.
 */
import { StudioError } from '../errors.ts';
import type { Busy } from '../protocol/life.ts';
import type { AskedRequest } from '../protocol/messages.ts';
import { say } from '../sentence.ts';
import { nextTurn } from '../steps.ts';
import type { BusyTeller } from './life.ts';

/** Told of model and data as they are: of no use once there are others. */
const ABOUT: readonly AskedRequest['type'][] = [
  ...(['analyseData', 'modelTree', 'forecast', 'batchMemory'] as const),
  ...(['forecastTime', 'findRate', 'advise'] as const),
];

/** Does nobody wait for the earlier request any more once the later one has come? */
function overtakes(later: AskedRequest, earlier: AskedRequest): boolean {
  const same = earlier.type === later.type;
  switch (later.type) {
    case 'loadModel':
    case 'loadData':
      return same || ABOUT.includes(earlier.type);
    case 'analyseData':
      return earlier.type === 'analyseData' && (earlier.set ?? 0) === (later.set ?? 0);
    case 'modelTree':
      return same;
    case 'forecast':
      return same || earlier.type === 'batchMemory';
    default:
      return false;
  }
}

/** One request and whether it is still wanted. */
export class Turn {
  readonly request: AskedRequest;
  private readonly control = new AbortController();

  constructor(request: AskedRequest) {
    this.request = request;
  }

  giveUp(): void {
    this.control.abort();
  }

  get wanted(): boolean {
    return !this.control.signal.aborted;
  }

  /** @param act done when it is given up before its end */
  whenGivenUp(act: () => void): void {
    this.control.signal.addEventListener('abort', act, { once: true });
  }

  /** @throws StudioError('data') when it was given up */
  readonly check = (): void => {
    if (!this.wanted)
      throw new StudioError('data', say`This was given up for what was asked after it; ask again.`);
  };

  /** Messages are heard. @throws StudioError('data') when it is given up by one of them */
  readonly between = async (): Promise<void> => {
    await nextTurn();
    this.check();
  };
}

export class Turns {
  readonly #busy: BusyTeller;
  readonly #open = new Set<Turn>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(busy: BusyTeller) {
    this.#busy = busy;
  }

  /** Does the work of a request when all before it are done. @throws StudioError('data') when it was given up */
  take(request: AskedRequest, what: Busy, work: (turn: Turn) => Promise<void>): Promise<void> {
    for (const earlier of this.#open) if (overtakes(request, earlier.request)) earlier.giveUp();
    const turn = new Turn(request);
    this.#open.add(turn);
    const done = this.#last
      .then(() => {
        turn.check();
        return this.#busy.during(what, () => work(turn));
      })
      .finally(() => this.#open.delete(turn));
    this.#last = done.catch(() => {});
    return done;
  }
}
