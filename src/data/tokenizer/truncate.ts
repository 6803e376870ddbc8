/**
 * Lengths two texts are cut to so that together they hold `room` tokens: `longest_first`, as the
 * `tokenizers` library computes it (tokenizers/src/utils/truncation.rs): the longer gives way until both
 * are equal, then both do.
 */
export function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  let short = Math.min(first, second);
  let long = short > room ? short : Math.max(short, room - short);
  if (short + long > room) {
    short = Math.floor(room / 2);
    long = short + (room % 2);
  }
  return first > second ? [long, short] : [short, long];
}
