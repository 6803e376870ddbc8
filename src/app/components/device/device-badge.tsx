import { sheets } from '../../state/sheets.ts';
import { useStudioState, useText } from '../../use-studio.tsx';
import { deviceName } from './device-name.ts';

/** What the studio runs on; opens what can be set about it. */
export function DeviceBadge() {
  const text = useText();
  const device = useStudioState((state) => state.device);
  if (device.loading) return <span className="badge">{text.device.opening}</span>;
  if (device.value === null) return null;
  const onGpu = device.value.threads === null && !device.value.adapter.software;
  return (
    <button
      type="button"
      className="badge"
      aria-haspopup="dialog"
      title={text.device.set}
      onClick={() => sheets.setState({ device: true })}
    >
      <span className={onGpu ? 'dot' : 'dot slow'} aria-hidden="true" />
      {text.device.runsOn(deviceName(device.value, text.device))}
    </button>
  );
}
