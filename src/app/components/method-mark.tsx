import { useRunStyle } from '../use-run-style.ts';

/** The line by which a run is known by its key, in charts and tables: colour and dashes. */
export function MethodMark({ run }: { run: string }) {
  return <Mark {...useRunStyle()(run)} />;
}

/** A short piece of a line. */
export function Mark({ color, dash }: { color: string; dash: readonly number[] }) {
  return (
    <svg className="method-mark" width="22" height="8" aria-hidden="true">
      <line
        x1="1"
        y1="4"
        x2="21"
        y2="4"
        stroke={color}
        strokeWidth="3"
        strokeDasharray={dash.length > 0 ? dash.join(' ') : undefined}
      />
    </svg>
  );
}
