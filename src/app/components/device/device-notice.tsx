import { useStore } from 'zustand';
import { preferences } from '../../state/preferences.ts';
import { useSaid, useStudioState, useText } from '../../use-studio.tsx';
import { deviceName } from './device-name.ts';

/** Says once what training runs on where that is not a GPU, why, and how to get one. */
export function DeviceNotice() {
  const { device: text } = useText();
  const say = useSaid();
  const device = useStudioState((state) => state.device.value);
  const seen = useStore(preferences, ({ deviceNotice }) => deviceNotice);
  if (device === null || device.notes.length === 0) return null;
  const about = device.notes.map(({ key }) => key).join('\n');
  if (seen === about) return null;
  return (
    <section className="device-notice" aria-label={text.title}>
      <p>
        <strong>{text.trainsOn(deviceName(device, text))}</strong>
      </p>
      {device.notes.map((note) => (
        <p key={note.key}>{say(note)}</p>
      ))}
      <button type="button" className="quiet" onClick={() => preferences.setState({ deviceNotice: about })}>
        {text.understood}
      </button>
    </section>
  );
}
