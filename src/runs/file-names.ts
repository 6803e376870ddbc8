/** Names of files that come from elsewhere: out of a zip, or out of a record that lists them. */
import { say, type Sentence } from '../sentence.ts';

const LONGEST = 512;

/**
 * Why a name could lead out of the folder it is meant for, or would not print; null for a good one. Good ones are
 * relative with forward slashes; one slash at the end makes a folder of it.
 */
export function fileNameProblem(name: string): Sentence | null {
  if (name === '') return say`is empty`;
  if (name.length > LONGEST) return say`is longer than ${LONGEST} characters`;
  // Marks of direction turn names round on the screen.
  if (/[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]/u.test(name)) return say`has control characters`;
  if (/^[/\\]|^[a-z]:/i.test(name)) return say`is absolute`;
  const parts = name.replace(/\/$/, '').split('/');
  if (name.includes('\\') || parts.some((part) => /^\.{0,2}$/.test(part)))
    return say`leads out of its folder`;
  return null;
}

/** A name from elsewhere as a sentence can have it: cut where it is long, and without what does not print. */
export function shownName(name: string): string {
  const printed = name.replace(/[\p{C}\u2028\u2029]/gu, '\ufffd');
  return printed.length > 60 ? `${printed.slice(0, 57)}...` : printed;
}
