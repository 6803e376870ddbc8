/** A comparison as a link: its spec in the address after `#`, where no server ever sees it. */
import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import { StudioError } from '../errors.ts';
import { say, type SentenceValue } from '../sentence.ts';
import { parseSpec, type SpecInput } from './spec.ts';

/** Before the spec in the hash; the number rises when the encoding changes. */
const PREFIX = '#spec=1.';
/** A link that unpacks to more than this is none of ours. */
const MOST_CHARACTERS = 1_000_000;

/** The hash of a link that fills the form with `spec`. */
export function specHash(spec: SpecInput): string {
  const bytes = deflateSync(strToU8(JSON.stringify(spec)), { level: 9 });
  const base64 = btoa(strFromU8(bytes, true));
  return PREFIX + base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The spec in a hash; null where the hash is something else.
 * @throws StudioError('spec') with one sentence for a link that was cut off, or whose spec does not read
 */
export function specFromHash(hash: string): SpecInput | null {
  if (!hash.startsWith('#spec=')) return null;
  if (!hash.startsWith(PREFIX)) {
    throw linkError(say`it was made by a newer version of the studio; reload the page to get that`);
  }
  let json: string;
  try {
    const base64 = hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/');
    json = inflated(strToU8(atob(base64), true));
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    throw linkError(say`it was cut off or changed on the way; ask for it again`, cause);
  }
  try {
    return parseSpec(json);
  } catch (cause) {
    throw linkError(cause instanceof StudioError ? cause.sentence : String(cause), cause);
  }
}

/** Bytes that go in at once: what a few of them can become is bounded, too. */
const STRETCH = 4096;

/** Text of deflated bytes, unpacked no further than a link may be long: a small one can stand for gigabytes. */
function inflated(bytes: Uint8Array): string {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const inflate = new Inflate((chunk, final) => {
    chunks.push(chunk);
    length += chunk.length;
    ended ||= final;
    if (length > MOST_CHARACTERS) throw linkError(say`it is far too long; ask for it again`);
  });
  for (let at = 0; at < bytes.length && !ended; at += STRETCH)
    inflate.push(bytes.subarray(at, at + STRETCH), at + STRETCH >= bytes.length);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return strFromU8(whole);
}

function linkError(why: SentenceValue, cause?: unknown): StudioError {
  return new StudioError('spec', say`The comparison in this link cannot be opened: ${why}.`, {
    where: 'link',
    cause,
  });
}
