/** A thread of the processor in the page; `src/cpu/node-thread.mjs` is its like in Node. */
import '../protocol/without-eval.ts';
import { instantiate, type ThreadStart } from '../cpu/runner.ts';

onmessage = ({ data }: MessageEvent<ThreadStart>) => {
  const { module, memory, job, thread, threads, work } = data;
  let seen: number;
  let kernels: ReturnType<typeof instantiate>;
  try {
    seen = Atomics.load(new Int32Array(memory.buffer), job / 4);
    kernels = instantiate(module, memory, () => postMessage('done'));
    kernels.setWork(work);
  } catch (error) {
    postMessage({ failed: String(error) });
    return;
  }
  postMessage('ready');
  kernels.serve(job, thread, threads, seen);
};
