import { builtinModels } from '../../builtin-models.ts';
import { useStudio, useText } from '../../use-studio.tsx';
import { Panel } from '../panel.tsx';
import { Tick, withTick } from './tick.tsx';
import { useStudy, useStudyBusy } from './use-study.ts';

/** The built-in models, and the one that is open in the comparison. */
export function ModelsChoice() {
  const text = useText().study;
  const { study } = useStudio();
  const busy = useStudyBusy();
  const { models, open, json } = useStudy((state) => ({
    models: state.form.models,
    open: state.open,
    json: state.form.json,
  }));
  const tick = (source: string, checked: boolean): void =>
    study.change((form) => ({ ...form, models: withTick(form.models, source, checked) }));
  return (
    <Panel title={text.models} step={3}>
      <div className="study-group">
        {builtinModels.map((name) => (
          <Tick
            key={name}
            label={name}
            checked={models.includes(`builtin:${name}`)}
            disabled={busy || json !== null}
            onChange={(checked) => tick(`builtin:${name}`, checked)}
          />
        ))}
        {open !== null && (
          <Tick
            label={`${open.source} (${text.openModel})`}
            checked={models.includes(open.source)}
            disabled={busy || json !== null}
            onChange={(checked) => tick(open.source, checked)}
          />
        )}
      </div>
    </Panel>
  );
}
