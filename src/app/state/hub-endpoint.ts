/** The hub that is asked: an address that was typed, kept where storage is allowed, else the one the page was served with. */
import { servedHub } from './policy-stops.ts';

const KEY = 'delta-studio.hub-endpoint';

/** What was typed last. */
export function storedEndpoint(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function storeEndpoint(endpoint: string): void {
  try {
    localStorage.setItem(KEY, endpoint);
  } catch {
    // Without storage the address lasts as long as the page.
  }
}

/** @param typed the stored one where left out */
export function hubEndpoint(typed = storedEndpoint()): string {
  return typed.trim() || servedHub();
}
