/** onnxruntime-web beside ours, in a worker of its own. */
import type { OtherEngine, TimedPasses } from '../measure/passes.ts';
import type { FromOther } from './other-thread.ts';
import thread from './other-thread.ts?worker&url';
import { startUnderPolicy } from './under-policy.ts';

export const ortInWorker: OtherEngine = (request) => {
  const worker = startUnderPolicy(new URL(thread, import.meta.url).href);
  const timed = new Promise<TimedPasses>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<FromOther>) => {
      if ('timed' in data) resolve(data.timed);
      else reject(new Error(data.failed));
    };
    worker.onerror = ({ message }) => reject(new Error(message || 'its script could not be loaded'));
  });
  worker.postMessage(request);
  return { timed, end: () => worker.terminate() };
};
