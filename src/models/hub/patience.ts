/**
 * A hub that is busy is asked again: after 429 (too many requests), a time-out or an error of the server, as long
 * afterwards as it says (`Retry-After`, RFC 9110 section 10.2.3), or each time after twice as long.
 */
import { say, type Sentence } from '../../sentence.ts';
import { Connection } from './connection.ts';
import type { HubPlace } from './place.ts';

/** Answers that another try may change. */
const BUSY: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
/** Milliseconds before a busy hub that names no time is asked again for the first time. */
export const BACKOFF_MS = 1000;
/** Tries of one request. */
const TRIES = 4;
/** Milliseconds that are waited at most before one try. */
const LONGEST_WAIT = 120_000;

/**
 * The answer to a request, whatever it is once nothing is left to try.
 * @throws as `Connection.open`, and the signal's reason where it is cancelled while waiting
 */
export async function openPatiently(
  place: HubPlace,
  url: string,
  init: RequestInit = {},
  tries = TRIES,
): Promise<Connection> {
  for (let attempt = 1; ; attempt++) {
    const connection = await Connection.open(place, url, init);
    const { status, headers } = connection.response;
    if (!BUSY.has(status) || attempt >= tries) return connection;
    const wait = retryAfter(headers) ?? place.backoff * 2 ** (attempt - 1);
    if (wait > LONGEST_WAIT) return connection;
    connection.close();
    place.waiting(waitingFor(new URL(url).host, status, wait));
    await pause(wait, place.signal);
  }
}

/** Milliseconds that an answer asks to wait: it gives seconds, or a date. Null where it asks for nothing. */
export function retryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Numbers with a fraction and such are dates to JavaScript alone.
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

function waitingFor(host: string, status: number, wait: number): Sentence {
  const seconds = Math.ceil(wait / 1000);
  return status === 429
    ? say`${host} has had too many requests; it is asked again in ${seconds} s.`
    : say`${host} answered ${status}; it is asked again in ${seconds} s.`;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal!.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, milliseconds);
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });
}
