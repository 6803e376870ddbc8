import { METHOD_TYPES } from '../../../deltas/defaults.ts';
import { EXPERIMENTS } from '../../../study/experiments/experiments.ts';
import { useStudio, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { Tick, withTick } from './tick.tsx';
import { useStudy, useStudyBusy } from './use-study.ts';

/** Methods to compare, each with its rate; without any the experiment has its own. */
export function MethodsChoice() {
  const { study: text, methodNames } = useText();
  const names: Record<string, string> = methodNames;
  const { study } = useStudio();
  const busy = useStudyBusy();
  const { experiment, methods, rates, json } = useStudy(({ form }) => ({
    experiment: form.experiment,
    methods: form.methods,
    rates: form.rates,
    json: form.json,
  }));
  const disabled = busy || json !== null;
  const own = EXPERIMENTS[experiment].methods;
  return (
    <Panel title={text.methods} step={4}>
      <p className="muted">
        {own === undefined
          ? text.gridMethods
          : text.ownMethods(own.map((type) => names[type] ?? type).join(text.betweenNames))}
      </p>
      <div className="study-group wide">
        {METHOD_TYPES.map((type) => (
          <Tick
            key={type}
            label={methodNames[type]}
            checked={methods.includes(type)}
            disabled={disabled}
            onChange={(checked) =>
              study.change((form) => ({ ...form, methods: withTick(form.methods, type, checked) }))
            }
          >
            {methods.includes(type) && (
              <input
                type="text"
                className="study-rate"
                aria-label={text.rateOf(methodNames[type])}
                placeholder={text.rateDefault}
                value={rates[type] ?? ''}
                disabled={disabled}
                onChange={(event) =>
                  study.change((form) => ({ ...form, rates: { ...form.rates, [type]: event.target.value } }))
                }
              />
            )}
          </Tick>
        ))}
      </div>
    </Panel>
  );
}
