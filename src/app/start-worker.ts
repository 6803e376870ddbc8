/** Starts workers under the page's content security policy. */
import type { PolicyReply } from '../protocol/policy.ts';
import { noteStop } from './state/policy-stops.ts';
import { startUnderPolicy } from '../worker/under-policy.ts';
import reader from '../worker/reader.ts?worker&url';
import type { ReaderPort } from '../worker/reading/messages.ts';
import engine from '../worker/worker.ts?worker&url';

/** The engine's worker. */
export function startEngine(): Worker {
  const worker = startUnderPolicy(new URL(engine, import.meta.url).href);
  worker.addEventListener('message', ({ data }: MessageEvent<PolicyReply | { type: '' }>) => {
    if (data.type === 'policy') noteStop(data);
  });
  return worker;
}

/** A worker that reads files of outside for the page itself. */
export const startReader = (): ReaderPort =>
  startUnderPolicy(new URL(reader, import.meta.url).href) as ReaderPort;
