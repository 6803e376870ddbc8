import { useId, useState } from 'react';
import type { Advised } from '../../../advice/advise.ts';
import type { PilotRecord } from '../../../advice/pilot-record.ts';
import { formatBytes, formatCount, formatMetric, formatSeconds } from '../../format.ts';
import { closedUp } from '../../i18n/close-up.ts';
import { startObstacle } from '../../state/start-obstacle.ts';
import { withTexts } from '../../../sentence.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { useMethodName } from '../method-name.ts';
import { ProblemNote } from '../problem-note.tsx';
import { TakeAlong } from '../take-along.tsx';

const MINUTES = [1, 2, 5, 15] as const;
const USUAL = 2;

/** Finds out what to train by short pilots of methods and rates, and has it taken over with one press. */
export function FindOut() {
  const text = useText().advice;
  const studio = useStudio();
  const id = useId();
  const advice = useStudioState((state) => state.advice);
  const ready = useStudioState((state) => state.session === 'idle' && startObstacle(state) === null);
  const [minutes, setMinutes] = useState<number>(USUAL);
  const { going, found, problem } = advice;
  return (
    <section className="find-out" aria-label={text.findOut}>
      {going === null ? (
        <div className="find-out-ask">
          <button
            type="button"
            disabled={!ready}
            aria-describedby={`${id}-help`}
            onClick={() => void studio.advice.begin(minutes)}
          >
            {text.findOut}
          </button>
          <label htmlFor={id}>{text.within}</label>
          <select id={id} value={minutes} onChange={({ target }) => setMinutes(Number(target.value))}>
            {MINUTES.map((one) => (
              <option key={one} value={one}>
                {text.minutes(one)}
              </option>
            ))}
          </select>
          <span className="hint" id={`${id}-help`}>
            {text.findOutHelp}
          </span>
        </div>
      ) : (
        <div className="find-out-ask">
          <button type="button" disabled={going.stopping} onClick={() => studio.advice.stop()}>
            {text.stopFinding}
          </button>
          <span role="status">
            {going.stopping
              ? text.stoppingPilots
              : going.candidates === 0
                ? text.preparingPilots
                : text.pilotsDone(going.pilots.length, going.candidates)}
          </span>
        </div>
      )}
      <ProblemNote problem={problem} />
      {going !== null && going.pilots.length > 0 && <Pilots pilots={going.pilots} />}
      {found !== null && <Found found={found} />}
    </section>
  );
}

/** What was found, why, and the pilots that it comes from. */
function Found({ found }: { found: Advised }) {
  const dictionary = useText();
  const text = dictionary.advice;
  const studio = useStudio();
  const say = useSaid();
  const nameOf = useMethodName();
  const { chosen, learned, reasons, ranking, spec } = found;
  const { metric } = spec.training;
  const names = new Map([
    ...ranking.map(({ method }) => [method, nameOf({ run: method, method })] as const),
    [metric, dictionary.verdict.spoken(metric, dictionary.metricNames[metric])] as const,
  ]);
  const [answer, ...evidence] = reasons.map((reason) =>
    closedUp(say(withTexts(reason, (name) => names.get(name) ?? name))),
  );
  return (
    <div className="find-out-found takes" data-method={chosen.method}>
      <p>
        <strong>{answer}</strong>{' '}
        <button
          type="button"
          className={learned ? 'primary quiet' : 'quiet'}
          onClick={() => studio.advice.take()}
        >
          {text.takeAdvice}
        </button>{' '}
        <TakeAlong title={text.pilots} name="pilots" />
      </p>
      {evidence.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <Pilots pilots={ranking} metric={metric} chosen={chosen} />
    </div>
  );
}

interface PilotsProps {
  pilots: readonly PilotRecord[];
  metric?: string;
  chosen?: PilotRecord;
}

/** The pilots, a line each: the evidence. */
function Pilots({ pilots, metric: asked, chosen }: PilotsProps) {
  const dictionary = useText();
  const text = dictionary.advice;
  const nameOf = useMethodName();
  const metric = asked ?? 'loss';
  const score = ({ metrics }: PilotRecord): string => {
    if (metrics === null) return text.pilotDiverged;
    const name = metrics[metric] === undefined ? 'loss' : metric;
    return formatMetric(name, metrics[name]);
  };
  // While it goes on the loss is shown, and the intervals are of the metric.
  const range = ({ interval }: PilotRecord): string | null =>
    interval && asked !== undefined
      ? dictionary.verdict.interval(formatMetric(asked, interval[0]), formatMetric(asked, interval[1]))
      : null;
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={text.pilots}>
      <table className="numbers pilots">
        <caption className="visually-hidden">{text.pilots}</caption>
        <thead>
          <tr>
            <th scope="col">{dictionary.columnMethod}</th>
            <th scope="col">{dictionary.fieldNames.learningRate}</th>
            <th scope="col">{dictionary.fieldNames.steps}</th>
            <th scope="col">{dictionary.metricNames[metric] ?? metric}</th>
            <th scope="col">{dictionary.memoryTitle}</th>
            <th scope="col">{dictionary.verdict.time}</th>
          </tr>
        </thead>
        <tbody>
          {pilots.map((pilot) => (
            <tr
              key={`${pilot.key} ${pilot.round}`}
              className={pilot.key === chosen?.key ? 'taken' : undefined}
              data-pilot={pilot.key}
            >
              <th scope="row">{nameOf({ run: pilot.method, method: pilot.method })}</th>
              <td>{pilot.learningRate === null ? '–' : String(pilot.learningRate)}</td>
              <td>{formatCount(pilot.steps)}</td>
              <td>
                {score(pilot)} <span className="interval">{range(pilot)}</span>
              </td>
              <td>{formatBytes(pilot.bytes)}</td>
              <td>{formatSeconds(pilot.seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
