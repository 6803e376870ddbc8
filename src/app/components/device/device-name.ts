import type { Dictionary } from '../../i18n/en.ts';
import type { StudioState } from '../../state/studio-state.ts';

/** Makers whose names browsers give in small letters. */
const MAKERS: Readonly<Record<string, string>> = {
  amd: 'AMD',
  apple: 'Apple',
  arm: 'Arm',
  imagination: 'Imagination',
  intel: 'Intel',
  nvidia: 'NVIDIA',
  qualcomm: 'Qualcomm',
};

/** What a person calls the device: the card's maker and name, or the processor and its threads. */
export function deviceName(
  { adapter, threads }: Pick<NonNullable<StudioState['device']['value']>, 'adapter' | 'threads'>,
  text: Dictionary['device'],
): string {
  if (threads !== null) return text.processor(threads);
  const maker = MAKERS[adapter.vendor] ?? adapter.vendor;
  const name = adapter.description.toLowerCase().includes(adapter.vendor.toLowerCase())
    ? adapter.description
    : `${maker} ${adapter.description}`.trim();
  return adapter.software ? text.software(name || maker) : name || maker;
}
