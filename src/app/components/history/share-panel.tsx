import { useState } from 'react';
import { specHash } from '../../../runs/link.ts';
import { commandLine } from '../../../runs/snippet/command.ts';
import { pythonSnippet } from '../../../runs/snippet/python.ts';
import type { SpecInput } from '../../../runs/spec.ts';
import { saveBlob } from '../../save-files.ts';
import { formToSpec } from '../../state/form-spec.ts';
import { useStudioState, useText } from '../../use-studio.tsx';

/** The comparison as a link, a command line and a Python file. */
export function SharePanel() {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <details className="panel share" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{text.share.title}</h2> <span className="hint">{text.share.about}</span>
      </summary>
      {open && <ShareBody />}
    </details>
  );
}

function ShareBody() {
  const text = useText();
  // What was started counts while it is on show; before, what the form says.
  const { startedSpec, form, model, data } = useStudioState((state) => ({
    startedSpec: state.startedSpec,
    form: state.form,
    model: state.model.value,
    data: state.data.value,
  }));
  const spec: SpecInput | null =
    startedSpec ?? (model === null || data === null ? null : formToSpec(form, model, data));
  if (spec === null) return <p className="muted">{text.share.nothing}</p>;
  const { command, file, json, files } = commandLine(spec);
  const { task = 'classification' } = spec.model;
  // Of other tasks the file says that there is none.
  const inPython = task === 'classification' || task === 'regression';
  const link = `${location.href.split('#')[0]}${specHash(spec)}`;
  return (
    <div className="share-body">
      <div className="share-row">
        <CopyButton label={text.share.link} value={link} />
        <span className="hint">{text.share.linkHint}</span>
      </div>
      <Code title={text.share.command} value={command} hint={text.share.commandHint(file)} />
      {files.length > 0 && <p className="hint">{text.share.commandFiles(files.join(', '))}</p>}
      <Code title={file} value={json} file={file} />
      <Code
        title={text.share.python}
        value={pythonSnippet(spec)}
        hint={inPython ? text.share.pythonHint : undefined}
        file={file.replace(/\.json$/, '.py')}
      />
    </div>
  );
}

function Code({ title, value, hint, file }: { title: string; value: string; hint?: string; file?: string }) {
  const text = useText();
  return (
    <section className="code" aria-label={title}>
      <div className="share-row">
        <h3>{title}</h3>
        <CopyButton label={text.share.copy} value={value} of={title} />
        {file !== undefined && (
          <button
            type="button"
            className="quiet"
            aria-label={text.share.ofWhat(text.share.download, title)}
            onClick={() => saveBlob(new Blob([value], { type: 'text/plain' }), file)}
          >
            {text.share.download}
          </button>
        )}
      </div>
      {hint !== undefined && <p className="hint">{hint}</p>}
      <pre tabIndex={0}>
        <code>{value}</code>
      </pre>
    </section>
  );
}

function CopyButton({ label, value, of }: { label: string; value: string; of?: string }) {
  const text = useText();
  const [said, setSaid] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setSaid(text.share.copied);
    } catch {
      setSaid(text.share.copyFailed);
    }
    setTimeout(() => setSaid(null), 4000);
  };
  return (
    <>
      <button
        type="button"
        className="quiet"
        aria-label={of === undefined ? undefined : text.share.ofWhat(label, of)}
        onClick={() => void copy()}
      >
        {label}
      </button>
      <span className="hint" aria-live="polite">
        {said}
      </span>
    </>
  );
}
