import { useState } from 'react';
import type { ComparisonSummary, MethodSummary } from '../../../evidence/comparison-summary.ts';
import { inPoints, shownInterval } from '../../../evidence/figures.ts';
import { CLAIM } from '../../../evidence/verdict.ts';
import {
  formatApart,
  formatBytes,
  formatCount,
  formatMetric,
  formatProbability,
  formatSeconds,
} from '../../format.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { MethodMark } from '../method-mark.tsx';
import { useMethodName } from '../method-name.ts';

const NONE = '–';

interface Props {
  summary: ComparisonSummary;
  /** Name of the method to take. */
  take: string | null;
}

/** Mean and interval of every method, its difference to the baseline, and what takes no training. */
export function EvidenceTable({ summary, take }: Props) {
  const text = useText();
  const nameOf = useMethodName();
  const regression = useStudioState(({ startedSpec }) => startedSpec?.model.task === 'regression');
  const { metric, judgedOn, methods, reference, baseline } = summary;
  if (judgedOn === null) return null;
  const metricName = text.metricNames[metric] ?? metric;
  const base = methods.find(({ name }) => name === baseline);
  const against = text.verdict.against(
    base === undefined ? baseline : nameOf({ run: base.name, method: base.type }),
  );
  const several = methods.some(({ seeds }) => seeds.length > 1);
  const references = (['largestClass', 'untuned'] as const).filter((name) => reference[name] !== undefined);
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={text.verdict.evidence}>
      <table className="numbers evidence">
        <caption>{text.verdict.caption(metricName, text.verdict.judgedOn[judgedOn])}</caption>
        <thead>
          <tr>
            <th scope="col">{text.columnMethod}</th>
            <th scope="col">{metricName}</th>
            <th scope="col">{against}</th>
            <th scope="col" title={text.verdict.probabilityHelp}>
              {text.verdict.probability}
            </th>
            <th scope="col" title={text.verdict.gapHelp}>
              {text.verdict.gap}
            </th>
            <th scope="col">{text.verdict.trained}</th>
            <th scope="col">{text.verdict.memory}</th>
            <th scope="col">{text.verdict.time}</th>
          </tr>
        </thead>
        <tbody>
          {methods.map((method) => (
            <Row key={method.name} {...{ method, summary, several, against }} taken={method.name === take} />
          ))}
          {references.map((name) => (
            <tr key={name} className="reference" data-reference={name}>
              <th scope="row">
                {name === 'largestClass' && regression ? text.verdict.alwaysMean : text.verdict[name]}
              </th>
              <td data-label={metricName}>{formatMetric(metric, reference[name]!)}</td>
              <td colSpan={6} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  method: MethodSummary;
  summary: ComparisonSummary;
  several: boolean;
  /** What its difference is headed by. */
  against: string;
  taken: boolean;
}

function Row({ method, summary, several, against, taken }: RowProps) {
  const text = useText();
  const nameOf = useMethodName();
  const [open, setOpen] = useState(false);
  const { metric, judgedOn, baseline } = summary;
  const { name, type, mean, interval, againstBaseline, gap, seeds, scores } = method;
  const shown = nameOf({ run: name, method: type });
  const value = (number: number): string => formatMetric(metric, number);
  const signed = (number: number): string =>
    `${number > 0 ? '+' : number < 0 ? '−' : '±'}${formatApart(metric, number)}`;
  // Two shares lie points apart, and no per cent of either.
  const apart = (number: number): string =>
    inPoints(metric) ? text.verdict.points(signed(number)) : signed(number);
  const range = (pair: readonly [number, number] | null): string | null => {
    if (pair === null) return null;
    const [low, high] = shownInterval(metric, pair);
    return text.verdict.interval(value(low), value(high));
  };
  const difference = againstBaseline?.interval ?? null;
  const single = judgedOn === null ? [] : (scores[judgedOn] ?? []);
  return (
    <>
      <tr data-method={name} className={taken ? 'taken' : undefined}>
        <th scope="row">
          <MethodMark run={name} /> {shown}
          {several && (
            <button
              type="button"
              className="link seeds"
              aria-expanded={open}
              aria-label={text.verdict.showSeeds(shown)}
              onClick={() => setOpen(!open)}
            >
              {text.verdict.seeds(seeds.length)}
            </button>
          )}
        </th>
        <td data-label={text.metricNames[metric] ?? metric}>
          {mean === null ? NONE : value(mean)}
          <span className="interval">{range(interval)}</span>
        </td>
        <td data-label={against}>
          {name === baseline
            ? text.verdict.baseline
            : againstBaseline === null
              ? NONE
              : apart(againstBaseline.difference)}
          {difference !== null && (
            <span className="interval">
              {text.verdict.interval(signed(difference[0]), signed(difference[1]))}
            </span>
          )}
        </td>
        <td data-label={text.verdict.probability}>
          {againstBaseline === null || againstBaseline.pAdjusted === null
            ? NONE
            : formatProbability(againstBaseline.pAdjusted)}
          {/* Comparisons that were judged by older rules do not say it. */}
          {(againstBaseline?.smallestAdjusted ?? 0) >= CLAIM && (
            <span className="interval">
              {text.verdict.least(formatProbability(againstBaseline!.smallestAdjusted!))}
            </span>
          )}
        </td>
        <td data-label={text.verdict.gap}>{gap === null ? NONE : apart(gap)}</td>
        <td data-label={text.verdict.trained}>
          {method.trainableParameters === null ? NONE : formatCount(method.trainableParameters)}
        </td>
        <td data-label={text.verdict.memory}>
          {method.peakBytes === null ? NONE : formatBytes(method.peakBytes)}
        </td>
        <td data-label={text.verdict.time}>
          {method.seconds === null ? NONE : formatSeconds(method.seconds)}
        </td>
      </tr>
      {open &&
        seeds.map((seed, i) => (
          <tr key={seed} className="single" data-seed={seed}>
            <th scope="row">{text.verdict.seed(seed)}</th>
            <td data-label={text.metricNames[metric] ?? metric}>
              {single[i] === undefined ? NONE : value(single[i])}
            </td>
            <td colSpan={6} />
          </tr>
        ))}
    </>
  );
}
