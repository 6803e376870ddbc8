/** Starts workers under the page's content security policy. */
import type { PolicyReply } from '../protocol/policy.ts';
import { noteStop } from './state/policy-stops.ts';
import { startUnderPolicy } from '../worker/under-policy.ts';
import engine from '../worker/worker.ts?worker&url';

/** The engine's worker. */
export function startEngine(): Worker {
  const worker = startUnderPolicy(new URL(engine, import.meta.url).href);
  worker.addEventListener('message', ({ data }: MessageEvent<PolicyReply | { type: '' }>) => {
    if (data.type === 'policy') noteStop(data);
  });
  return worker;
}
