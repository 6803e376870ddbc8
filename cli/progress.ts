/** Progress of runs as lines on standard error: evaluations and ends always, steps now and then. */
import type { Fitted } from '../src/train/fit-memory.ts';
import type { RunEvent } from '../src/train/events.ts';
import { shortNumber } from '../src/runs/svg-chart.ts';
import { mebibytes, progress } from './output.ts';

/** Milliseconds between lines about steps. */
const INTERVAL = 1000;

export class ProgressLines {
  readonly #steps: ReadonlyMap<string, number>;
  readonly #label: (key: string) => string;
  #last = -Infinity;

  /** @param steps of each run, by key; with several the lines begin with the key */
  constructor(steps: ReadonlyMap<string, number>) {
    this.#steps = steps;
    const width = Math.max(...[...steps.keys()].map((key) => key.length));
    this.#label = (key) => (steps.size === 1 ? '' : `${key.padEnd(width)}  `);
  }

  add(key: string, event: RunEvent): void {
    const line = this.#line(key, event);
    if (line !== null) progress(this.#label(key) + line);
  }

  #line(key: string, event: RunEvent): string | null {
    switch (event.type) {
      case 'start': {
        const { trainableParameters: trained, totalParameters: total } = event;
        const share = shortNumber((100 * trained) / total);
        return `trains ${trained.toLocaleString('en')} of ${total.toLocaleString('en')} parameters (${share} %)`;
      }
      case 'memory':
        return `holds ${mebibytes(event.allocated.total)} on the device${fittedText(event.fitted)}`;
      case 'step': {
        const steps = this.#steps.get(key) ?? event.step;
        const now = performance.now();
        if (event.step !== steps && now - this.#last < INTERVAL) return null;
        this.#last = now;
        return (
          `step ${event.step}/${steps}  loss ${shortNumber(event.loss)}  ` +
          `rate ${shortNumber(event.learningRate)}  ${shortNumber(event.milliseconds)} ms`
        );
      }
      case 'evaluate': {
        const values = Object.entries(event.metrics).map(([name, value]) => `${name} ${shortNumber(value)}`);
        const whose = event.task === undefined ? '' : `${event.task}, `;
        return `${whose}${event.split} at step ${event.step}: ${values.join('  ')}`;
      }
      case 'reference':
      case 'answers':
        return null;
      case 'stage': {
        const best = event.best
          ? `, best ${event.best.metric} ${shortNumber(event.best.value)} at step ${event.best.step}`
          : '';
        return `stage ${event.stage} ${event.reason} at step ${event.step}${best}`;
      }
      case 'end': {
        const best = event.best
          ? `, best ${event.best.metric} ${shortNumber(event.best.value)} at step ${event.best.step}`
          : '';
        const why = event.message === undefined ? '' : `: ${event.message}`;
        return `${event.reason} after ${shortNumber(event.seconds)} s${best}${why}`;
      }
    }
  }
}

/** What `training.fitMemory` chose. */
function fittedText(fitted: Fitted | undefined): string {
  if (!fitted) return '';
  return `, with training.recompute "${fitted.recompute}" so that it fits: ${shortNumber(fitted.arithmetic)} times the arithmetic`;
}
