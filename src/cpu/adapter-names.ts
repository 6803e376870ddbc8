/** What can be asked for by name, in the command line and in the page. */
import { StudioError } from '../errors.ts';
import { say } from '../sentence.ts';

const ADAPTER_NAMES = ['gpu', 'wasm', 'swiftshader', 'lavapipe'] as const;
export type AdapterName = (typeof ADAPTER_NAMES)[number];

/** The adapter that is asked for, undefined where none is. @throws StudioError('device') for an unknown name */
export function readAdapterName(preference: string | undefined): AdapterName | undefined {
  const forced = ADAPTER_NAMES.find((name) => name === preference);
  if (preference !== undefined && forced === undefined)
    throw new StudioError(
      'device',
      say`Unknown adapter "${preference}": choose one of ${ADAPTER_NAMES.join(', ')}.`,
      { where: 'adapter' },
    );
  return forced;
}
