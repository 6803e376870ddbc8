import { STORE_CHANNEL } from '../protocol/history.ts';

/** Tells every tab that the store has changed. */
export function announce(): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(STORE_CHANNEL);
  channel.postMessage(null);
  channel.close();
}
