import { useId } from 'react';
import type { DataSummary, ModelSummary } from '../../../protocol/messages.ts';
import { StudioError } from '../../../errors.ts';
import { fieldsToSpec, readJson, saysAll, specToForm } from '../../state/form-spec.ts';
import { lineOfPath } from '../../state/json-path.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';

/** The comparison as one JSON document, on the schema of the command line. */
export function JsonEditor() {
  const text = useText();
  const studio = useStudio();
  const { json, form, model, data, busy } = useStudioState((state) => ({
    json: state.form.json,
    form: state.form,
    model: state.model.value,
    data: state.data.value,
    busy: state.session !== 'idle',
  }));
  if (json !== null) return <Editor json={json} model={model} data={data} busy={busy} />;
  const spec = model === null || data === null ? null : fieldsToSpec(form, model, data);
  return (
    <button
      type="button"
      className="link"
      disabled={busy || spec === null}
      onClick={() => studio.setJson(JSON.stringify(spec, null, 2))}
    >
      {text.methods.json.open}
    </button>
  );
}

interface EditorProps {
  json: string;
  model: ModelSummary | null;
  data: DataSummary | null;
  busy: boolean;
}

function Editor({ json, model, data, busy }: EditorProps) {
  const text = useText();
  const studio = useStudio();
  const id = useId();
  const say = useSaid();
  const read = model === null || data === null ? null : attempt(() => readJson(json, model, data));
  const spec = read !== null && 'value' in read ? read.value : null;
  const error = read !== null && 'error' in read ? read.error : null;
  const line = error?.where === undefined ? null : lineOfPath(json, error.where);
  const lossy = spec !== null && model !== null && data !== null && !saysAll(spec, model, data);
  return (
    <div className="json-editor">
      <label htmlFor={id}>
        {text.methods.json.title} <span className="hint">{text.methods.json.help}</span>
      </label>
      <textarea
        id={id}
        rows={18}
        spellCheck={false}
        value={json}
        disabled={busy}
        aria-invalid={error !== null}
        aria-describedby={`${id}-state`}
        onChange={(event) => studio.setJson(event.target.value)}
      />
      <p id={`${id}-state`} className={error === null ? 'hint' : 'field-error'} role="status">
        {error !== null && `${line === null ? '' : `${text.methods.json.line(line)} `}${say(error.sentence)}`}
        {spec !== null && text.methods.json.good(spec.compare?.length ?? 0)}
        {read === null && text.methods.json.wait}
      </p>
      {lossy && <p className="hint">{text.methods.json.lossy}</p>}
      <button
        type="button"
        disabled={busy}
        onClick={() => {
          if (spec === null) studio.setJson(null);
          else studio.setForm(specToForm(spec));
        }}
      >
        {text.methods.json.close}
      </button>
    </div>
  );
}

function attempt<T>(work: () => T): { value: T } | { error: StudioError } {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof StudioError) return { error };
    throw error;
  }
}
