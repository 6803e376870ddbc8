/**
 * A thread of the pool. All threads walk the same commands; the parts of one are taken by whoever is free, and a
 * barrier stands behind each. Which thread takes a part changes no result.
 *
 * The job, in words: number of the job (waited on), threads that have arrived at the barrier, number of the barrier
 * (waited on), ranges of commands (negative: leave), then first and last of each range.
 */
import { call } from '../dispatch';
import { ARGUMENTS, LENGTH, NEXT, PARTS } from './commands';

const ARRIVED: usize = 4;
const BARRIER: usize = 8;
const RANGES: usize = 12;
const FIRST: usize = 16;

/** Turns of a waiting loop before a thread sleeps: a few microseconds, about what a wake takes. */
const PATIENCE: i32 = 2000;

/** Tells the page or process that the job is done. */
declare function done(): void;

/**
 * Sleeps while the word has the value, and wakes who sleeps on a word: JavaScript's `Atomics` on the same memory. In V8 11
 * (Node 20) WebAssembly's own notify does not find the sleepers of other threads.
 */
declare function sleep(word: usize, value: i32): void;
declare function wake(word: usize): void;

/** Waits until the word is no longer `value`. */
function awaitChange(word: usize, value: i32): void {
  for (let turn = 0; turn < PATIENCE; turn++) if (atomic.load<i32>(word) != value) return;
  while (atomic.load<i32>(word) == value) sleep(word, value);
}

/** Waits for all threads; the last one makes the command ready for its next use. */
function barrier(job: usize, threads: i32, command: usize): void {
  const turn = atomic.load<i32>(job, BARRIER);
  if (atomic.add<i32>(job, 1, ARRIVED) == threads - 1) {
    atomic.store<i32>(job, 0, ARRIVED);
    atomic.store<i32>(command, 0, NEXT);
    atomic.add<i32>(job, 1, BARRIER);
    wake(job + BARRIER);
  } else {
    awaitChange(job + BARRIER, turn);
  }
}

function work(job: usize, threads: i32, first: usize, last: usize): void {
  for (let at = first; at < last; at += load<u32>(at, LENGTH)) {
    const kernel = load<i32>(at);
    const parts = load<i32>(at, PARTS);
    while (true) {
      const part = atomic.add<i32>(at, 1, NEXT);
      if (part >= parts) break;
      call(kernel, part, parts, at + ARGUMENTS);
    }
    barrier(job, threads, at);
  }
}

/** Does jobs until told to leave. @param seen number of the job when the pool was made */
export function serve(job: usize, thread: i32, threads: i32, seen: i32): void {
  while (true) {
    awaitChange(job, seen);
    seen = atomic.load<i32>(job);
    const ranges = load<i32>(job, RANGES);
    if (ranges < 0) return;
    for (let range = 0; range < ranges; range++) {
      const at = job + FIRST + ((<usize>range) << 3);
      work(job, threads, load<usize>(at), load<usize>(at, 4));
    }
    if (thread == 0) done();
  }
}
