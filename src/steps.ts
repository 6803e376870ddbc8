/** Long work in small steps: done at once, or in turns with whatever else waits to be done. */

/** Work that may be left off after each step, gone on with later, or never. */
export type Steps<Value> = Generator<void, Value, void>;

/** Milliseconds of work between two looks at what else there is. */
const TURN = 50;

/** The next turn of the event loop: messages come in between. */
export const nextTurn: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise((resolve) => setImmediate(resolve))
    : () =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            port1.close();
            resolve();
          };
          port2.postMessage(null);
        });

/** Does all of it without a pause. */
export function atOnce<Value>(steps: Steps<Value>): Value {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does it with a turn of the event loop after each 50 ms or so, so that messages are heard meanwhile.
 * @param check called after each such turn; what it throws ends this, and the steps can be gone on with
 */
export async function inTurns<Value>(steps: Steps<Value>, check: () => void = () => {}): Promise<Value> {
  let until = performance.now() + TURN;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < until) continue;
    await nextTurn();
    check();
    until = performance.now() + TURN;
  }
}
