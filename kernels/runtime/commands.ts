/**
 * Commands, one after the other, as 32-bit words:
 *   kernel, parts, next part to be taken, bytes of the command, arguments ...
 */
import { call } from '../dispatch';

export const PARTS: usize = 4;
export const NEXT: usize = 8;
export const LENGTH: usize = 12;
export const ARGUMENTS: usize = 16;

/** Runs the commands from `first` up to `last`, alone. */
export function run(first: usize, last: usize): void {
  for (let at = first; at < last; at += load<u32>(at, LENGTH)) runParts(at, 0, load<i32>(at, PARTS));
}

/** Runs some parts of one command, alone. */
export function runParts(command: usize, from: i32, to: i32): void {
  const kernel = load<i32>(command);
  const parts = load<i32>(command, PARTS);
  for (let part = from; part < to; part++) call(kernel, part, parts, command + ARGUMENTS);
}
