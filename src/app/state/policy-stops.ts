/** What the page's content security policy stopped, in the page and in its worker. */
import { createStore } from 'zustand/vanilla';
import type { PolicyReply } from '../../protocol/policy.ts';

export interface PolicyStop {
  directive: string;
  /** Host of what was asked for; else the word that the browser gives: `eval`, `inline`. */
  place: string;
  /** Origin of it, where it is an address. */
  origin: string | null;
}

/** Notices are few, however often something is stopped. */
const MOST = 3;

/** Each once, the first ones. */
export const policyStops = createStore<readonly PolicyStop[]>()(() => []);

export function noteStop({ directive, blocked }: Pick<PolicyReply, 'directive' | 'blocked'>): void {
  const url = URL.canParse(blocked) && /^(https?|wss?):/.test(blocked) ? new URL(blocked) : null;
  const stop = { directive, place: url?.host ?? blocked, origin: url?.origin ?? null };
  const before = policyStops.getState();
  const known = before.some((one) => one.directive === stop.directive && one.place === stop.place);
  if (!known && before.length < MOST) policyStops.setState([...before, stop], true);
}

/** Listens for what is stopped in the page. */
export function listenToPolicy(target: Pick<Document, 'addEventListener'>): void {
  target.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    noteStop({ directive: effectiveDirective, blocked: blockedURI }),
  );
}

/** The hub that the page was served with (`npm start -- --hub URL`); empty for the usual one. */
export function servedHub(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="delta-studio-hub"]')?.content ?? '';
}
