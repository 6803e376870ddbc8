/**
 * Holm's correction (Holm 1979): p values of several comparisons, raised so that claiming all below 0.05 is wrong
 * in any of them at most once in twenty studies, whatever depends on what.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const adjusted = new Array<number>(values.length);
  let least = 0;
  order.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, (values.length - rank) * values[index]));
    adjusted[index] = least;
  });
  return adjusted;
}
