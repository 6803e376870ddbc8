import { useEffect, useRef } from 'react';
import { useStudioState, useText } from '../use-studio.tsx';
import { Answers } from './compare/answers.tsx';
import { Disagreements } from './compare/disagreements.tsx';
import { FinalScores } from './compare/final-scores.tsx';
import { Launch } from './compare/launch.tsx';
import { Playground } from './compare/playground.tsx';
import { TradeOff } from './compare/trade-off.tsx';
import { WrittenTexts } from './compare/written-texts.tsx';
import { Curves } from './curves.tsx';
import { SharePanel } from './history/share-panel.tsx';
import { ShownNote } from './history/shown-note.tsx';
import { MemoryPanel } from './memory-panel.tsx';
import { ResultsPanel } from './results-panel.tsx';
import { RunControls } from './run-controls.tsx';

/** The comparison: what would run, how it goes, what came out. The newest question stands on top. */
export function Comparison() {
  const text = useText();
  const { idle, any, predicted, tunes } = useStudioState((state) => ({
    idle: state.session === 'idle',
    any: state.runs.length > 0,
    predicted: state.predictions,
    // A comparison that is only read has no model behind it to ask.
    tunes:
      state.runs.some((run) => (run.left?.adapterBytes ?? null) !== null) &&
      state.device.value !== null &&
      state.shown?.kind !== 'read',
  }));
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!idle && section.current !== null) bringUp(section.current);
  }, [idle]);
  const curves = <Curves key="curves" />;
  const results = <ResultsPanel key="results" />;
  return (
    <section ref={section} className="comparison" aria-label={text.comparison}>
      <ShownNote />
      <RunControls />
      <Launch />
      {any && [
        ...(idle ? [results] : [curves, results]),
        ...(idle
          ? [
              <div key="scores" className="two">
                <FinalScores />
                <TradeOff />
              </div>,
              curves,
            ]
          : []),
        ...(idle && predicted !== null && predicted.runs.length > 0
          ? [
              ...(predicted.references === null
                ? []
                : [<WrittenTexts key="written" predictions={predicted} />]),
              // Free texts are neither counted by class nor placed as numbers.
              ...(predicted.references === null || predicted.labelNames !== null
                ? [
                    <Answers key="answers" predictions={predicted} />,
                    <Disagreements key="disagreements" predictions={predicted} />,
                  ]
                : []),
            ]
          : []),
        ...(idle && (predicted === null || predicted.runs.length === 0)
          ? [
              <p key="none" className="hint">
                {text.compare.notEvaluated}
              </p>,
            ]
          : []),
        ...(idle && tunes ? [<Playground key="playground" />] : []),
        <MemoryPanel key="memory" />,
      ]}
      <SharePanel />
    </section>
  );
}

/** Where the page is one column, what has been started stands below the fold. */
function bringUp(section: HTMLElement): void {
  if (section.getBoundingClientRect().top < innerHeight / 2) return;
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  section.scrollIntoView({ behavior: still ? 'auto' : 'smooth' });
}
