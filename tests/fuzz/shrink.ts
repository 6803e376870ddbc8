/** Makes the input of a finding small: stretches are left out as long as it fails in the same way. */
import { judge, watchUnhandled, type Finding } from './judge.ts';
import { tryAlone } from './process.ts';
import type { Files } from './reader.ts';
import { READERS } from './readers/index.ts';

/** Inputs tried, where each takes a process of its own. */
const TRIES_ALONE = 6;
const TRIES = 400;

/** @returns the smallest input found that fails as `found` does */
export async function smaller(reader: string, { kind }: Finding, files: Files): Promise<Files> {
  const entry = READERS.find(({ name }) => name === reader)!;
  // What hangs, crashes or fills the memory cannot be tried in this process.
  const apart = /^(slow|memory|hang|crash|unhandled)/.test(kind);
  const fails = async (candidate: Files): Promise<boolean> =>
    (apart ? await tryAlone(reader, candidate) : await judge(entry, candidate))?.kind === kind;
  if (!apart) watchUnhandled();
  let tries = apart ? TRIES_ALONE : TRIES;
  const best: Files = { ...files };
  for (const name of Object.keys(best)) {
    for (let length = best[name].length >> 1; length >= 1 && tries > 0; length >>= 1)
      for (let at = 0; at < best[name].length && tries > 0;) {
        const bytes = best[name];
        const cut = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
        tries--;
        if (await fails({ ...best, [name]: cut })) best[name] = cut;
        else at += length;
      }
  }
  return best;
}
