import { useId } from 'react';
import { judgingMetrics, type Asks } from '../state/form-metric.ts';
import { useText } from '../use-studio.tsx';

interface Props {
  /** What the loaded data ask; null without any. */
  asks: Asks | null;
  text: string;
  disabled: boolean;
  onText: (text: string) => void;
}

/** The metric that chooses the step and judges the methods. One that the task does not have is not it. */
export function MetricField({ asks, text, disabled, onText }: Props) {
  const t = useText();
  const id = useId();
  const [usual, ...others] = judgingMetrics(asks);
  return (
    <div className="field">
      <label htmlFor={id}>{t.fieldNames.metric}</label>
      <select
        id={id}
        aria-describedby={`${id}-help`}
        value={others.some((name) => name === text) ? text : ''}
        disabled={disabled}
        onChange={(event) => onText(event.target.value)}
      >
        {[usual, ...others].map((name) => (
          <option key={name} value={name === usual ? '' : name}>
            {t.metricNames[name] ?? name}
          </option>
        ))}
      </select>
      <p className="field-hint" id={`${id}-help`}>
        {t.fieldHelp.metric}
      </p>
    </div>
  );
}
