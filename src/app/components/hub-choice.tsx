import { useId, useState, type SyntheticEvent } from 'react';
import { HUB_ENDPOINT } from '../../models/hub/hub-id.ts';
import { formatBytes } from '../format.ts';
import { hubEndpoint, storedEndpoint, storeEndpoint } from '../state/hub-endpoint.ts';
import { servedHub } from '../state/policy-stops.ts';
import { useSaid, useStudio, useStudioState, useText } from '../use-studio.tsx';

/** A model by its name on a hub: the id, another address if wanted, and how far the download is. */
export function HubChoice({ disabled }: { disabled: boolean }) {
  const text = useText().modelStep;
  const said = useSaid();
  const studio = useStudio();
  const id = useId();
  const [name, setName] = useState('');
  const [endpoint, setEndpoint] = useState(storedEndpoint);
  const download = useStudioState((state) => state.download);
  const state =
    download === null
      ? ''
      : download.waiting !== undefined
        ? said(download.waiting)
        : text.downloading(download.file, formatBytes(download.loaded), formatBytes(download.total));
  const load = (event: SyntheticEvent): void => {
    event.preventDefault();
    void studio.loadModel({ kind: 'hub', id: name, endpoint: hubEndpoint(endpoint) });
  };
  return (
    <form className="hub" onSubmit={load}>
      <label htmlFor={id}>{text.hub}</label>
      <div className="hub-line">
        <input
          id={id}
          type="text"
          value={name}
          placeholder={text.hubPlaceholder}
          autoComplete="off"
          spellCheck={false}
          disabled={disabled}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" disabled={disabled || name.trim() === ''}>
          {text.hubLoad}
        </button>
      </div>
      <details>
        <summary>{text.endpointMore}</summary>
        <div className="field">
          <label htmlFor={`${id}-endpoint`}>{text.endpoint}</label>
          <input
            id={`${id}-endpoint`}
            type="text"
            inputMode="url"
            value={endpoint}
            placeholder={servedHub() || HUB_ENDPOINT}
            autoComplete="off"
            spellCheck={false}
            disabled={disabled}
            onChange={({ target }) => {
              setEndpoint(target.value);
              storeEndpoint(target.value);
            }}
          />
        </div>
      </details>
      <p className="hint">{text.hubHelp}</p>
      {download !== null && (
        <div className="hub-progress">
          <progress value={download.loaded} max={download.total} aria-label={state} />
          <span className="number muted">{state}</span>
          <button type="button" className="link" onClick={() => studio.cancelDownload()}>
            {text.cancel}
          </button>
        </div>
      )}
    </form>
  );
}
