import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ValidationPredictions } from '../../protocol/predictions.ts';
import { seedOf } from '../state/method-groups.ts';
import { useShownPredictions } from '../use-shown.ts';
import { useStudio, useStudioState, useText } from '../use-studio.tsx';
import { Answers } from './compare/answers.tsx';
import { Disagreements } from './compare/disagreements.tsx';
import { FinalScores } from './compare/final-scores.tsx';
import { Launch } from './compare/launch.tsx';
import { Playground } from './compare/playground.tsx';
import { TradeOff } from './compare/trade-off.tsx';
import { WrittenTexts } from './compare/written-texts.tsx';
import { Curves } from './curves.tsx';
import { Guard } from './guard.tsx';
import { SharePanel } from './history/share-panel.tsx';
import { ShownNote } from './history/shown-note.tsx';
import { MemoryPanel } from './memory-panel.tsx';
import { ResultsPanel } from './results-panel.tsx';
import { VerdictPanel } from './verdict/verdict-panel.tsx';
import { RunControls } from './run-controls.tsx';

/** The comparison: what would run, how it goes, what came out. The newest question stands on top. */
export function Comparison() {
  const text = useText();
  const predicted = useShownPredictions();
  const task = useStudioState((state) => state.shownTask);
  const { idle, any, stored, evaluated, tunes } = useStudioState((state) => ({
    idle: state.session === 'idle',
    any: state.runs.length > 0,
    // One that is opened is what is looked at; what the form would start comes after it.
    stored: state.shown !== null && state.shown.kind !== 'live',
    evaluated: state.runs.some((run) => run.lastMetrics !== null),
    // A comparison that is only read has no model behind it to ask.
    tunes:
      state.runs.some((run) => (run.left?.adapterBytes ?? null) !== null) &&
      state.device.value !== null &&
      state.shown?.kind !== 'read',
  }));
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (section.current !== null) bringUp(section.current, idle);
  }, [idle]);
  const curves = (
    <Guard key="curves" title={text.lossTitle}>
      <Curves />
    </Guard>
  );
  const launch = (
    <Guard key="launch" title={text.forecast}>
      <Launch />
    </Guard>
  );
  const results = (
    <Guard key="results" title={text.resultsTitle}>
      <ResultsPanel />
    </Guard>
  );
  return (
    <section ref={section} className="comparison" aria-label={text.comparison}>
      <Guard title={text.history.title}>
        <ShownNote />
      </Guard>
      <Guard title={text.start}>
        <RunControls />
      </Guard>
      {!(idle && any && stored) && launch}
      {any && (
        <>
          <TaskChoice />
          {idle && (
            <Guard title={text.verdict.title}>
              <VerdictPanel />
            </Guard>
          )}
          {idle && stored && launch}
          {idle ? results : curves}
          {idle ? <Scores /> : results}
          {idle && curves}
          {idle && predicted !== null && predicted.runs.length > 0 && <Predicted predictions={predicted} />}
          {idle && !evaluated && <p className="hint">{text.compare.notEvaluated}</p>}
          {idle && tunes && (
            <Guard title={text.compare.playTitle}>
              <Playground key={task ?? ''} />
            </Guard>
          )}
          <Guard title={text.memoryTitle}>
            <MemoryPanel />
          </Guard>
        </>
      )}
      <Guard title={text.share.title}>
        <SharePanel />
      </Guard>
    </section>
  );
}

/** Which task is looked at, of a comparison of several, or their mean. */
function TaskChoice() {
  const text = useText().dataStep;
  const studio = useStudio();
  const id = useId();
  const { tasks, shown } = useStudioState(({ runs, startedSpec, shownTask }) => ({
    tasks: startedSpec?.tasks ?? runs.find((run) => run.tasks !== undefined)?.tasks,
    shown: shownTask,
  }));
  if (tasks === undefined) return null;
  return (
    <p className="slider task-choice">
      <label htmlFor={id}>{text.showTask}</label>
      <select
        id={id}
        value={shown ?? ''}
        onChange={({ target }) => studio.showTask(target.value === '' ? null : target.value)}
      >
        <option value="">{text.meanOfTasks}</option>
        {tasks.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </p>
  );
}

function Scores() {
  const text = useText();
  return (
    <div className="two">
      <Guard title={text.compare.finalTitle}>
        <FinalScores />
      </Guard>
      <Guard title={text.compare.paretoTitle}>
        <TradeOff />
      </Guard>
    </div>
  );
}

/** What the runs say of the validation rows. */
function Predicted({ predictions: all }: { predictions: ValidationPredictions }) {
  const text = useText();
  const id = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  // Seeds of a method answer much alike: the answers of one at a time are looked at.
  const seeds = [...new Set(all.runs.flatMap(({ run }) => seedOf(run) ?? []))];
  const seed = chosen !== null && seeds.includes(chosen) ? chosen : seeds[0];
  const predictions = useMemo(
    () => (seed === undefined ? all : { ...all, runs: all.runs.filter(({ run }) => seedOf(run) === seed) }),
    [all, seed],
  );
  return (
    <>
      {all.task !== undefined && <p className="hint">{text.compare.rowsOf(all.task)}</p>}
      {seeds.length > 1 && (
        <p className="slider seed-choice">
          <label htmlFor={id}>{text.compare.showSeed}</label>
          <select id={id} value={seed} onChange={(event) => setChosen(Number(event.target.value))}>
            {seeds.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </p>
      )}
      {predictions.references !== null && (
        <Guard title={text.written.title}>
          <WrittenTexts predictions={predictions} />
        </Guard>
      )}
      {/* Free texts are neither counted by class nor placed as numbers. */}
      {(predictions.references === null || predictions.labelNames !== null) && (
        <>
          <Guard title={text.compare.answersTitle}>
            <Answers predictions={predictions} />
          </Guard>
          <Guard title={text.compare.disagreeTitle}>
            <Disagreements predictions={predictions} />
          </Guard>
        </>
      )}
    </>
  );
}

/**
 * What has been started, and later what came out, stands at the top of the comparison: on a wide screen it
 * scrolls by itself, on a narrow one with the page, which is left where it is once the runs have ended.
 */
function bringUp(section: HTMLElement, ended: boolean): void {
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  section.scrollTo({ top: 0, behavior });
  const { top } = section.getBoundingClientRect();
  if (!ended && (top < 0 || top > innerHeight / 2)) section.scrollIntoView({ behavior });
}
