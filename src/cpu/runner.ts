/** Runs commands: in slices on this thread, or on a pool of threads. */
import { Pacer } from '../gpu/pacing.ts';
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';
import { nextTurn } from '../steps.ts';
import type { Kernels } from './kernels.ts';
import type { Space } from './space.ts';

/** Bytes of each thread for its own use within a part: see kernels/runtime/work.ts. */
export const WORK_BYTES = 2 ** 20;

/** Commands of one phase, as they lie in memory. */
export interface CommandRange {
  /** Addresses of the first command and of the end. */
  first: number;
  last: number;
  /** Address of every command. */
  commands: readonly number[];
  /** Arithmetic of every command, to bound what runs in one go. */
  flops: readonly number[];
}

export interface Runner {
  /** One at a time. */
  run(ranges: readonly CommandRange[]): Promise<void>;
  destroy(): void;
}

/** Exports of the module that `kernels/` makes. */
export interface KernelExports {
  run(first: number, last: number): void;
  runParts(command: number, from: number, to: number): void;
  /** 10 · 4 · turns multiply-adds in registers: what a core can do at most. */
  peak(turns: number): number;
  /** Adds up bytes in order, a multiple of 128, for benchmarks. */
  reading(at: number, bytes: number): number;
  /** Writes bytes in order, a multiple of 32, for benchmarks. */
  writing(at: number, bytes: number): void;
  serve(job: number, thread: number, threads: number, seen: number): void;
  setWork(at: number): void;
}

/** @param done called by the first thread of a pool when a job is done */
export function instantiate(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  done: () => void = () => {},
): KernelExports {
  const words = new Int32Array(memory.buffer);
  const instance = new WebAssembly.Instance(module, {
    env: { memory },
    serve: {
      done,
      sleep: (word: number, value: number) => void Atomics.wait(words, word / 4, value),
      wake: (word: number) => void Atomics.notify(words, word / 4),
    },
  });
  return instance.exports as unknown as KernelExports;
}

/** This thread alone, with a turn of the event loop after about 50 ms. */
export class SliceRunner implements Runner {
  private readonly exports: KernelExports;
  private readonly pacer = new Pacer(true);

  constructor({ module }: Kernels, space: Space) {
    this.exports = instantiate(module, space.memory);
    this.exports.setWork(space.allocate(WORK_BYTES));
  }

  async run(ranges: readonly CommandRange[]): Promise<void> {
    for (const { commands, flops, last } of ranges) {
      let from = 0;
      for (const to of this.pacer.cuts(flops)) {
        if (from === to) continue;
        const start = performance.now();
        this.exports.run(commands[from], commands[to] ?? last);
        let work = 0;
        for (let i = from; i < to; i++) work += flops[i];
        this.pacer.learn(work, to - from, start, performance.now());
        from = to;
        await nextTurn();
      }
    }
  }

  destroy(): void {
    // Nothing runs between slices.
  }
}

/** What a thread is started with. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** Address of the job, see kernels/runtime/serve.ts. */
  job: number;
  thread: number;
  threads: number;
  /** Address of the thread's own memory. */
  work: number;
}

/** What a thread tells. */
export interface ThreadEvents {
  /** It has its module and waits for jobs. */
  ready(): void;
  /** All threads are through with the job (told by the first). */
  done(): void;
  /** It cannot start, or has ended. */
  failed(cause: unknown): void;
}

export interface Thread {
  /** Whether it keeps the process from ending. */
  hold(held: boolean): void;
  end(): void;
}

export type StartThread = (start: ThreadStart, events: ThreadEvents) => Thread;

const RANGES = 3;
const FIRST = 4;
/** Of a job: three phases at most. */
const JOB_BYTES = 4 * (FIRST + 2 * 3);

/** Threads that walk the commands together. */
export class PoolRunner implements Runner {
  private readonly space: Space;
  private readonly job: number;
  private threads: Thread[] = [];
  private waiting: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  private failure: StudioError | undefined;
  private readonly onFailure: (error: StudioError) => void;

  private constructor(space: Space, onFailure: (error: StudioError) => void) {
    this.space = space;
    this.onFailure = onFailure;
    this.job = space.allocate(JOB_BYTES);
    this.words().fill(0);
  }

  /**
   * Starts the threads.
   * @param onFailure told when a thread ends later
   * @throws StudioError('device') when one cannot start
   */
  static async start(
    { module }: Kernels,
    space: Space,
    threads: number,
    start: StartThread,
    onFailure: (error: StudioError) => void,
  ): Promise<PoolRunner> {
    const pool = new PoolRunner(space, onFailure);
    const ready = Array.from(
      { length: threads },
      (_, thread) =>
        new Promise<void>((resolve) => {
          const events: ThreadEvents = {
            ready: resolve,
            done: () => pool.settle(),
            failed: (cause) => {
              pool.fail(threadFailed(cause));
              resolve();
            },
          };
          const work = space.allocate(WORK_BYTES);
          const shared = { module, memory: space.memory, job: pool.job };
          try {
            pool.threads.push(start({ ...shared, thread, threads, work }, events));
          } catch (cause) {
            events.failed(cause);
          }
        }),
    );
    await Promise.all(ready);
    for (const thread of pool.threads) thread.hold(false);
    if (pool.failure) {
      pool.destroy();
      throw pool.failure;
    }
    return pool;
  }

  run(ranges: readonly CommandRange[]): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    const words = this.words();
    const used = ranges.filter(({ commands }) => commands.length > 0);
    if (used.length === 0) return Promise.resolve();
    words[RANGES] = used.length;
    used.forEach(({ first, last }, i) => {
      words[FIRST + 2 * i] = first | 0;
      words[FIRST + 2 * i + 1] = last | 0;
    });
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      for (const thread of this.threads) thread.hold(true);
      Atomics.add(words, 0, 1);
      Atomics.notify(words, 0);
    });
  }

  destroy(): void {
    for (const thread of this.threads) thread.end();
    this.threads = [];
  }

  private words(): Int32Array {
    return new Int32Array(this.space.memory.buffer, this.job, JOB_BYTES / 4);
  }

  private settle(): void {
    for (const thread of this.threads) thread.hold(false);
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.resolve();
  }

  private fail(error: StudioError): void {
    if (this.failure) return;
    this.failure = error;
    this.waiting?.reject(error);
    this.waiting = undefined;
    this.onFailure(error);
  }
}

function threadFailed(cause: unknown): StudioError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StudioError(
    'device',
    say`A thread of the processor could not start or has ended (${reason}): set the number of threads to 1 (in a shell DELTA_THREADS=1) and try again, or use a GPU.`,
    { cause },
  );
}
