/** Starts threads of the processor in the page: workers on the engine's memory. */
import type { StartThread } from '../cpu/runner.ts';
import thread from './thread.ts?worker&url';
import { startUnderPolicy } from './under-policy.ts';

export const startWebThread: StartThread = (start, events) => {
  const worker = startUnderPolicy(new URL(thread, import.meta.url).href);
  worker.onmessage = ({ data }: MessageEvent<'ready' | 'done' | { failed: string }>) => {
    if (typeof data === 'string') events[data]();
    else events.failed(new Error(data.failed));
  };
  worker.onerror = ({ message }) => events.failed(new Error(message || 'its script could not be loaded'));
  worker.postMessage(start);
  return {
    // A page does not end for want of work.
    hold: () => {},
    end: () => worker.terminate(),
  };
};
