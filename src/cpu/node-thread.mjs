// A thread of the pool in Node (node-threads.ts). Plain JavaScript, so that it starts at once.
import { parentPort, workerData } from 'node:worker_threads';

const { module, memory, job, thread, threads, work } = workerData;
const words = new Int32Array(memory.buffer);
const seen = Atomics.load(words, job / 4);
const instance = new WebAssembly.Instance(module, {
  env: { memory },
  serve: {
    done: () => parentPort?.postMessage('done'),
    sleep: (/** @type {number} */ word, /** @type {number} */ value) =>
      void Atomics.wait(words, word / 4, value),
    wake: (/** @type {number} */ word) => void Atomics.notify(words, word / 4),
  },
});
const { setWork, serve } = /** @type {import('./runner.ts').KernelExports} */ (
  /** @type {unknown} */ (instance.exports)
);
setWork(work);
parentPort?.postMessage('ready');
serve(job, thread, threads, seen);
