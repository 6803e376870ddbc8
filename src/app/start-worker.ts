/** Starts workers under the page's content security policy. */
import type { PolicyReply } from '../protocol/policy.ts';
import { noteStop } from './state/policy-stops.ts';
import engine from '../worker/worker.ts?worker&url';

/**
 * The engine's worker. A worker that is loaded from the network has the policy of its own answer's headers, and
 * a static server sends none; one that starts from a blob has the policy of the page.
 */
export function startEngine(): Worker {
  const module = JSON.stringify(new URL(engine, import.meta.url).href);
  const blob = new Blob([`import ${module};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<PolicyReply | { type: '' }>) => {
    if (data.type === 'policy') noteStop(data);
  });
  return worker;
}
