/** The table behind the verdict, a figure a cell: for programs. */
import type { ComparisonSummary, MethodSummary } from '../../evidence/comparison-summary.ts';
import type { Dictionary } from '../i18n/en.ts';

type Cell = number | null | undefined;

/**
 * Fractions as they are, bytes and seconds; what is not known is empty. The page shows intervals under their figures.
 * @param nameOf what the page calls a method
 */
export function evidenceRows(
  { metric, methods, reference, baseline }: ComparisonSummary,
  { verdict: text, metricNames, columnMethod }: Dictionary,
  nameOf: (method: Pick<MethodSummary, 'name' | 'type'>) => string,
): string[][] {
  const base = methods.find(({ name }) => name === baseline);
  const score = metricNames[metric] ?? metric;
  const header = [
    columnMethod,
    ...withEnds(score),
    ...withEnds(text.against(base === undefined ? baseline : nameOf(base))),
    ...[text.probability, text.gap, text.trained, text.inBytes(text.memory), text.inSeconds(text.time)],
  ];
  const rows = methods.map((method) => {
    const { mean, interval, againstBaseline, gap, trainableParameters, peakBytes, seconds } = method;
    return [
      nameOf(method),
      ...[mean, ...(interval ?? [null, null])].map(cell),
      ...[againstBaseline?.difference, ...(againstBaseline?.interval ?? [null, null])].map(cell),
      ...[againstBaseline?.pAdjusted, gap, trainableParameters, peakBytes, seconds].map(cell),
    ];
  });
  const references = (['largestClass', 'untuned'] as const).filter((name) => reference[name] !== undefined);
  const empty = Array<string>(header.length - 2).fill('');
  return [header, ...rows, ...references.map((name) => [text[name], cell(reference[name]), ...empty])];

  function withEnds(name: string): string[] {
    return [name, text.part(name, text.from), text.part(name, text.to)];
  }
}

function cell(value: Cell): string {
  return value === null || value === undefined ? '' : String(value);
}
