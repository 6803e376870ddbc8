/**
 * Waiting for the device in Node without burning a core. While a map or a queue is awaited, the `webgpu`
 * package asks Dawn again on every turn of the event loop, as fast as the loop turns. Where the device
 * is the CPU itself, that takes half of a two-core machine from the kernels being waited for.
 */

/** Milliseconds slept in a turn of the loop: little beside a step, much beside an idle turn. */
const NAP = 1;

/** Awaits `work`, sleeping a little in every turn of the event loop until it settles. */
export async function napWhile<T>(work: Promise<T>): Promise<T> {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  let done = false;
  const nap = () => {
    if (done) return;
    Atomics.wait(cell, 0, 0, NAP);
    setImmediate(nap);
  };
  setImmediate(nap);
  try {
    return await work;
  } finally {
    done = true;
  }
}
