import { useState } from 'react';
import { useStore } from 'zustand';
import { preferences, type AdapterChoice } from '../../state/preferences.ts';
import { sheets } from '../../state/sheets.ts';
import { useSaid, useStudio, useStudioState, useText } from '../../use-studio.tsx';
import { Sheet } from '../history/sheet.tsx';
import { deviceName } from './device-name.ts';
import { MeasureDevice } from './measure-device.tsx';

const CHOICES: readonly AdapterChoice[] = ['auto', 'gpu', 'wasm'];

/** What it runs on and why, and what a person may choose about it. */
export function DeviceSheet() {
  const open = useStore(sheets, ({ device }) => device);
  return open ? <Open /> : null;
}

function Open() {
  const { device: text } = useText();
  const say = useSaid();
  const studio = useStudio();
  const { device, idle } = useStudioState((state) => ({
    device: state.device.value,
    idle: state.session === 'idle',
  }));
  const kept = useStore(preferences);
  const [adapter, setAdapter] = useState(kept.adapter);
  const [threads, setThreads] = useState(kept.threads);
  const close = (): void => sheets.setState({ device: false });
  const valid = /^\s*$|^\s*([1-9]|[1-5]\d|6[0-4])\s*$/.test(threads);
  const use = (): void => {
    preferences.setState({ adapter, threads: threads.trim() });
    studio.openDevice();
    close();
  };
  return (
    <Sheet title={text.title} place="middle" onClose={close}>
      <form
        className="device-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (idle && valid) use();
        }}
      >
        {device !== null && <p>{text.trainsOn(deviceName(device, text))}</p>}
        {device?.notes.map((note) => (
          <p key={note.key} className="hint">
            {say(note)}
          </p>
        ))}
        <div className="field-grid">
          <div className="field">
            <label htmlFor="device-adapter">{text.choose}</label>
            <select
              id="device-adapter"
              value={adapter}
              onChange={(event) => setAdapter(event.target.value as AdapterChoice)}
            >
              {CHOICES.map((choice) => (
                <option key={choice} value={choice}>
                  {text.choices[choice]}
                </option>
              ))}
            </select>
          </div>
          <div className="field">
            <label htmlFor="device-threads">{text.threads}</label>
            <input
              id="device-threads"
              type="text"
              inputMode="numeric"
              autoComplete="off"
              placeholder={String(navigator.hardwareConcurrency)}
              value={threads}
              disabled={adapter === 'gpu'}
              aria-invalid={!valid}
              aria-describedby="device-threads-hint"
              onChange={(event) => setThreads(event.target.value)}
            />
            <p id="device-threads-hint" className={valid ? 'hint' : 'field-error'}>
              {valid ? text.threadsHint(navigator.hardwareConcurrency) : text.threadsWrong}
            </p>
          </div>
        </div>
        {!idle && <p className="hint">{text.running}</p>}
        <button type="submit" disabled={!idle || !valid}>
          {text.use}
        </button>
      </form>
      {device !== null && <MeasureDevice name={deviceName(device, text)} />}
    </Sheet>
  );
}
